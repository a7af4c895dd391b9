public import Tensors

/// The uncentered covariance of the values under a window of images.
struct PatchCovariance {
  private let window: Window
  private let columns: FloatRegion, products: FloatRegion
  private var sums: [Double]
  private var count = 0

  init(_ window: Window) {
    self.window = window
    let counts = [window.positionCount * window.count, window.count * window.count]
    let arena = Arena(pieces: counts)
    columns = arena.piece(counts[0])
    products = arena.piece(counts[1])
    sums = [Double](repeating: 0, count: counts[1])
  }

  /// Adds the patches of one image.
  mutating func add(_ image: FloatRegion) {
    Kernels.imageToColumns(image, window, rows: 0..<window.outputHeight, into: columns)
    let matrix = Matrix(columns, rows: window.positionCount, columns: window.count)
    Matrix(products, rows: window.count, columns: window.count)
      .setProduct(matrix.transposed, matrix)
    for index in sums.indices { sums[index] += Double(products[index]) }
    count += window.positionCount
  }

  /// Directions of unit length in which patches vary, widest first, each divided by the square root
  /// of its variance.
  ///
  /// - Parameter floor: Added to each variance, so that directions of noise are not amplified.
  func whiteningDirections(floor: Double) -> [[Double]] {
    symmetricEigenvectors(sums.map { $0 / Double(max(1, count)) }, size: window.count)
      .sorted { $0.value > $1.value }.map { variance, direction in
        let scale = 1 / (max(0, variance) + floor).squareRoot()
        return direction.map { $0 * scale }
      }
  }
}

extension Network {
  /// Added to variances of patches of normalized images, as in airbench.
  private static let varianceFloor = 5e-4

  /// Whether the first layer's filters are set from images (`initial whitening`).
  public var wantsImages: Bool { whitenedLayer != nil }

  private var whitenedLayer: Convolution? {
    let first = (layers.first as? Frozen)?.layer ?? layers.first
    return (first as? Convolution).flatMap { $0.initialization == .whitening ? $0 : nil }
  }

  /// Sets the filters of a first layer with `initial whitening`: the main directions of image
  /// patches and their negatives; filters beyond twice the values of a patch stay as they are.
  ///
  /// - Parameters:
  ///   - parameters: Changed when the layer learns; `statistics` when it is frozen.
  ///   - image: Returns image `0..<imageCount`, as the network sees it.
  /// - Source: Jordan, 2024, arXiv:2404.00498.
  public func whiten(
    parameters: inout ParameterVector, statistics: inout ParameterVector, imageCount: Int,
    image: (Int) -> FloatRegion
  ) {
    guard let layer = whitenedLayer,
      let window = layer.window(over: inputShape)
    else { return }
    var covariance = PatchCovariance(window)
    for index in 0..<imageCount { covariance.add(image(index)) }
    let directions = covariance.whiteningDirections(floor: Self.varianceFloor)
    let pairs = min(layer.outputChannels / 2, directions.count)
    func set(_ vector: inout ParameterVector) {
      guard let slot = vector.layout.slots.firstIndex(where: { $0.name == "0.weight" }) else {
        return
      }
      // In memory there is a row for each value of a patch and a column for each filter.
      let start = vector.layout.ranges[slot].lowerBound
      for (filter, direction) in directions.prefix(pairs).enumerated() {
        for (index, value) in direction.enumerated() {
          let row = start + index * layer.outputChannels
          vector.scalars[row + filter] = Float(value)
          vector.scalars[row + pairs + filter] = Float(-value)
        }
      }
    }
    set(&parameters)
    set(&statistics)
  }
}
