/// What a layer computes for each byte it moves, and how fast.
public struct LayerRate: Hashable, Sendable {
  /// Its name.
  public var name: String
  /// Additions and multiplications for each byte, and per second; positive.
  public var operationsPerByte: Double, operationsPerSecond: Double

  /// Creates a rate.
  public init(name: String, operationsPerByte: Double, operationsPerSecond: Double) {
    self.name = name
    self.operationsPerByte = operationsPerByte
    self.operationsPerSecond = operationsPerSecond
  }
}

extension AxesFigure {
  /// The rates of layers below the roof of a machine: what it computes at most, and what it reads.
  ///
  /// After Williams, Waterman and Patterson, 2009, "Roofline: an insightful visual performance
  /// model".
  ///
  /// - Parameters:
  ///   - peak: Additions and multiplications per second.
  ///   - bytesPerSecond: What is read, per second.
  public static func roofline(
    _ layers: [LayerRate], peak: Double, bytesPerSecond: Double, subtitle: String, theme: Theme
  ) -> AxesFigure {
    let palette = theme.palette
    let ridge = peak / bytesPerSecond
    let places = layers.map(\.operationsPerByte) + [ridge]
    let domain = (places.min() ?? ridge) / 2...(places.max() ?? ridge) * 3
    let rates = layers.map(\.operationsPerSecond) + [peak]
    let heights = (rates.min() ?? peak) / 2 / 1e9...(rates.max() ?? peak) * 1.6 / 1e9
    // One point for each side of the ridge is enough: on logarithmic axes both are straight.
    let roof = [domain.lowerBound, ridge, domain.upperBound].map {
      DataPoint($0, min(peak, bytesPerSecond * $0) / 1e9)
    }
    let reached = layers.map { layer in
      layer.operationsPerSecond / min(peak, bytesPerSecond * layer.operationsPerByte)
    }
    let best = reached.max() ?? 0
    return AxesFigure(
      title: "What layers wait for",
      reading: layers.isEmpty
        ? ""
        : "The best layer reaches \(Int((100 * best).rounded()))% of what the machine allows it.",
      subtitle: subtitle + " · left of the ridge memory limits, right of it the peak",
      axes: [
        Axes(
          horizontal: Axis("operations per byte moved", domain, .logarithmic),
          vertical: Axis("GFLOP/s done", heights, .logarithmic),
          marks: [.line(roof, Pen(palette.secondaryText, width: 2))]
            + layers.map {
              .annotation(
                DataPoint($0.operationsPerByte, $0.operationsPerSecond / 1e9),
                Marker(.dot, radius: 5, palette.series[0]), label: $0.name)
            })
      ],
      footer: "peak \(Int((peak / 1e9).rounded())) GFLOP/s in registers, "
        + "\(Int((bytesPerSecond / 1e9).rounded())) GB/s read", theme: theme)
  }
}
