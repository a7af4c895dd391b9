public import ConvNet
public import Tensors

/// The first convolution of a network, with its kernels: what im2col and figures of filters show.
public struct FirstConvolution: Sendable {
  /// Its place among the layers, from 0.
  public let layer: Int
  /// How the kernels slide over the input.
  public let window: Window
  /// Channels of the output, one for each kernel.
  public let kernelCount: Int
  /// Kernels as matrices: kernel row × kernel column × channel values each.
  public let kernels: [[Float]]
  /// What is added to each channel.
  public let biases: [Float]

  /// Finds it; nil if none of the layers is a convolution over all channels.
  public init?(of network: Network, _ values: NetworkValues) {
    for (index, layer) in network.layers.enumerated() {
      let found = (layer as? Frozen)?.layer ?? layer
      guard let convolution = found as? Convolution else { continue }
      guard
        let window = Window(
          over: network.shapes[index], height: convolution.kernelHeight,
          width: convolution.kernelWidth, stride: convolution.stride,
          padding: convolution.padding),
        let weights = values.array(named: "\(index).weight")
      else { return nil }
      self.layer = index
      self.window = window
      kernelCount = convolution.outputChannels
      let (channels, places) = (window.input.channels, window.height * window.width)
      // From output, input, row, column to row, column, input.
      kernels = weights.rows(of: window.count).map { kernel in
        (0..<window.count).map { kernel[$0 % channels * places + $0 / channels] }
      }
      biases =
        values.array(named: "\(index).bias") ?? [Float](repeating: 0, count: kernelCount)
      return
    }
    return nil
  }

  /// The values under the window at a position, in the order of a kernel: a row of the matrix that
  /// im2col makes; zeros beyond the edges.
  ///
  /// - Parameter input: Height × width × channels of the window's input.
  public func patch(of input: [Float], row: Int, column: Int) -> [Float] {
    let shape = window.input
    return (0..<window.count).map { index in
      let place = index / shape.channels
      let y = row * window.stride - window.top + place / window.width
      let x = column * window.stride - window.left + place % window.width
      guard (0..<shape.height).contains(y), (0..<shape.width).contains(x) else { return 0 }
      return input[(y * shape.width + x) * shape.channels + index % shape.channels]
    }
  }
}

extension NetworkValues {
  /// An array in the order of a file; nil if there is none of that name.
  func array(named name: String) -> [Float]? {
    for vector in [parameters, statistics] {
      if let slot = vector.layout.slots.firstIndex(where: { $0.name == name }) {
        return vector[slot: slot]
      }
    }
    return nil
  }
}

/// The first pooling over windows of a network.
public struct FirstPooling: Sendable {
  /// Its place among the layers, from 0.
  public let layer: Int
  /// What is kept of the values under the window.
  public let reduction: Pooling.Reduction
  /// How it slides over the input.
  public let window: Window

  /// Finds it; nil if there is none.
  public init?(of network: Network) {
    for (index, layer) in network.layers.enumerated() {
      guard let pooling = layer as? Pooling, let height = pooling.height,
        let width = pooling.width
      else { continue }
      guard
        let window = Window(
          over: network.shapes[index], height: height, width: width, stride: pooling.stride,
          padding: pooling.padding)
      else { return nil }
      self.layer = index
      reduction = pooling.reduction
      self.window = window
      return
    }
    return nil
  }
}

extension NetworkTrace {
  /// The output of a channel of a layer.
  ///
  /// - Parameter layer: Counted from 0; -1 is the image.
  /// - Precondition: The trace is of one image.
  public func channel(_ channel: Int, ofLayer layer: Int, in network: Network) -> AttributionMap {
    precondition(count == 1, "a channel of \(count) images")
    let shape = network.shapes[layer + 1]
    return AttributionMap(
      height: shape.height, width: shape.width,
      values: (0..<shape.pixelCount).map {
        activations[layer + 1][$0 * shape.channels + channel]
      })
  }

  /// The mean of each channel of a layer.
  public func channelMeans(ofLayer layer: Int, in network: Network) -> [Float] {
    let shape = network.shapes[layer + 1]
    var means = [Float](repeating: 0, count: shape.channels)
    for (index, value) in activations[layer + 1].enumerated() {
      means[index % shape.channels] += value / Float(shape.pixelCount)
    }
    return means
  }
}
