extension Network {
  /// Multiply-adds of the plain algorithms of one layer for one image, forward.
  ///
  /// What a faster algorithm saves is not subtracted, so that rates compare algorithms.
  public func multiplyAdds(ofLayer index: Int) -> Int {
    sequence.multiplyAdds(ofLayer: index)
  }

  /// Multiply-adds for one image, of a forward pass or of a training step: forward, and backward to
  /// the weights and to the input of every layer except the first that learns.
  public func multiplyAdds(training: Bool) -> Int {
    let first = sequence.firstLearningLayer
    return layers.indices.reduce(0) { sum, index in
      sum + multiplyAdds(ofLayer: index) * (training ? (index > first ? 3 : 2) : 1)
    }
  }
}
