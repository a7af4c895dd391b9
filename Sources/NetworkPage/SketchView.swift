internal import ConvNet
internal import ImageLoading
internal import Optimization
internal import PageFrame
internal import Support
internal import Tensors
internal import Training

/// The filters of a network, and what one sketch makes of them.
struct SketchView: Encodable {
  /// PNG files as addresses: the filters of the first layer, each on its own scale, gray is zero.
  var filters: [String]
  /// The sketch as the network sees it, and the outputs of the pooled layers, white is highest.
  var seen: String
  var maps: [[String]] = []
  /// Its class, and how many sketches there are.
  var label: String, count: Int
  /// What it is, and what the network says of it.
  var words: String

  init(
    _ network: Network, _ values: NetworkValues, _ subject: SketchSubject, index: Int
  ) {
    let first = FirstConvolution(of: network, values)
    filters = (0..<(first?.kernelCount ?? 0)).map { kernel in
      first.map { Self.url($0.picture(ofKernel: kernel)) } ?? ""
    }
    let pixels = Array(subject.pixels(of: index)), size = PracticeSet.size
    seen = Self.url(PixelBuffer(width: size, height: size, bytes: pixels))
    let normalization = subject.data.normalization
    let input = pixels.enumerated().map { place, byte in
      (Float(byte) / 255 - normalization.mean[place % 3])
        / normalization.standardDeviation[place % 3]
    }
    let tracer = NetworkTracer(network: network, batchSize: 1, workers: Workers(count: 1))
    var statistics = values.statistics
    let activations = tracer.activations(
      of: input, parameters: values.parameters, statistics: &statistics)
    for (index, layer) in network.layers.enumerated() where layer is Pooling {
      maps.append(Self.pictures(activations[index + 1], network.shapes[index + 1]))
    }
    let logits = activations[activations.count - 1]
    let chosen = logits.offsetOfLargest
    let probability = Double(softmax(logits)[chosen])
    let sure = probability.isFinite ? ", \(probability.percentage(decimals: 0)) sure" : ""
    label = subject.data.classNames[subject.data.loaded.images[index].classIndex]
    count = subject.data.loaded.images.count
    let part =
      subject.data.training.contains(index)
      ? "trained on" : subject.data.test.contains(index) ? "kept for the test" : "held out"
    words =
      "of \(count), a \(label) that is \(part); the network says "
      + "\(subject.data.classNames[chosen])\(sure)."
  }

  /// Every channel on the scale of the layer.
  private static func pictures(_ values: [Float], _ shape: Shape) -> [String] {
    let finite = values.filter(\.isFinite)
    let (low, high) = (finite.min() ?? 0, finite.max() ?? 1)
    return (0..<shape.channels).map { channel in
      let bytes = (0..<shape.pixelCount).flatMap { pixel -> [UInt8] in
        let value = values[pixel * shape.channels + channel]
        let part = value.isFinite ? (value - low) / max(high - low, 1e-30) : 0
        return [UInt8](repeating: UInt8((255 * part).rounded()), count: 3)
      }
      return url(PixelBuffer(width: shape.width, height: shape.height, bytes: bytes))
    }
  }

  private static func url(_ image: PixelBuffer) -> String {
    dataAddress(ImageEncoder.png(image, level: 1), type: "image/png")
  }
}
