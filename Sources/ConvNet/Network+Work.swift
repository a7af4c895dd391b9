internal import Tensors

extension Network {
  /// Multiply-adds of the matrix products and convolutions of one layer for one image, forward.
  ///
  /// Every weight of a kernel or a matrix is used once for each position of the output. What a faster
  /// algorithm saves is not taken off, so that rates compare algorithms.
  public func multiplyAdds(ofLayer index: Int) -> Int {
    parameterSlots[index].reduce(0) { sum, slot in
      let shape = parameterLayout.slots[slot].shape
      guard shape.count > 1 else { return sum }
      return sum + parameterLayout.slots[slot].count * shapes[index + 1].pixelCount
    }
  }

  /// Multiply-adds for one image, of a forward pass or of a training step: forward, and back to the
  /// weights and to the input of every layer but the first that learns.
  public func multiplyAdds(training: Bool) -> Int {
    let first = firstLearningLayer
    return layers.indices.reduce(0) { sum, index in
      sum + multiplyAdds(ofLayer: index) * (training ? (index > first ? 3 : 2) : 1)
    }
  }
}
