public import ConvNet
internal import Tensors

extension NetworkTrace {
  /// The Grad-CAM of a layer: the sum of its channels, each weighted by the mean of its gradient,
  /// where that is above zero.
  ///
  /// With A the layer's output of K channels and S the score: ReLU(Σₖ mean(∂S/∂Aₖ) · Aₖ).
  ///
  /// - Parameter layer: Counted from 0; its output has the size of the map.
  /// - Precondition: The trace is of one image.
  /// - Source: Selvaraju et al., 2017, arXiv:1610.02391, equations 1 and 2.
  public func gradCAM(ofLayer layer: Int, in network: Network) -> AttributionMap {
    let (shape, channels) = (network.shapes[layer + 1], network.shapes[layer + 1].channels)
    var weights = [Float](repeating: 0, count: channels)
    for (index, gradient) in gradients[layer + 1].enumerated() {
      weights[index % channels] += gradient / Float(shape.pixelCount)
    }
    return map(ofLayer: layer, shape) { $1 * weights[$0 % channels] }
  }

  /// The LayerCAM of a layer: the sum of its channels, each weighted at each place by its gradient
  /// there, where that is above zero.
  ///
  /// With A the layer's output of K channels and S the score: ReLU(Σₖ ReLU(∂S/∂Aₖ) · Aₖ).
  ///
  /// - Parameter layer: Counted from 0; its output has the size of the map.
  /// - Precondition: The trace is of one image.
  /// - Source: Jiang et al., 2021, "LayerCAM: Exploring Hierarchical Class Activation Maps",
  ///   equations 6 and 7.
  public func layerCAM(ofLayer layer: Int, in network: Network) -> AttributionMap {
    let gradients = gradients[layer + 1]
    return map(ofLayer: layer, network.shapes[layer + 1]) { $1 * max(0, gradients[$0]) }
  }

  /// The sums over the channels at each place, where they are above zero.
  private func map(
    ofLayer layer: Int, _ shape: Shape, _ weighted: (_ index: Int, _ activation: Float) -> Float
  ) -> AttributionMap {
    precondition(count == 1, "a map of \(count) images")
    var sums = [Float](repeating: 0, count: shape.pixelCount)
    for (index, activation) in activations[layer + 1].enumerated() {
      sums[index / shape.channels] += weighted(index, activation)
    }
    return AttributionMap(
      height: shape.height, width: shape.width, values: sums.map { max(0, $0) })
  }
}
