/// Total time of the passes of each layer, for benchmarks.
///
/// The time of fused layers counts for the first of them.
public final class PassTimes {
  /// Seconds, one value for each layer.
  public private(set) var forward: [Double], backward: [Double]

  enum Direction { case forward, backward }

  /// Starts with zeros.
  public init(layerCount: Int) {
    forward = [Double](repeating: 0, count: layerCount)
    backward = forward
  }

  /// Runs a pass of layer `index` and, if `times` is given, adds the time it took.
  static func measure(
    _ times: PassTimes?, _ direction: Direction, _ index: Int, _ body: () -> Void
  ) {
    guard let times else { return body() }
    let seconds = ContinuousClock().measure(body) / .seconds(1)
    switch direction {
    case .forward: times.forward[index] += seconds
    case .backward: times.backward[index] += seconds
    }
  }
}
