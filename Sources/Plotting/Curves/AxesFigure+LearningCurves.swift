internal import Support

/// The accuracy of networks over the number of images that they were trained on.
public struct PlottedLearningCurve: Hashable, Sendable {
  /// One point for each network: images and accuracy, 0…1.
  public var networks: [DataPoint]
  /// A law through them, from left to right, and the ends of its interval.
  public var law: [DataPoint], upper: [DataPoint], lower: [DataPoint]
  /// All the images that there are; beyond, the law is a forecast.
  public var imageCount: Double
  /// Where the forecast is named.
  public var forecasts: [DataPoint]

  /// Creates a curve.
  public init(
    networks: [DataPoint], law: [DataPoint], upper: [DataPoint], lower: [DataPoint],
    imageCount: Double, forecasts: [DataPoint]
  ) {
    self.networks = networks
    self.law = law
    self.upper = upper
    self.lower = lower
    self.imageCount = imageCount
    self.forecasts = forecasts
  }
}

extension AxesFigure {
  /// A learning curve, and how it would go on.
  public static func learningCurve(
    _ curve: PlottedLearningCurve, subtitle: String, footer: String, theme: Theme
  ) -> AxesFigure {
    let (color, palette) = (theme.palette.series[0], theme.palette)
    let places = curve.law.map(\.x)
    let heights = (curve.networks + curve.upper + curve.lower).map(\.y).filter(\.isFinite)
    let low = min(max(0, heights.min() ?? 0), 0.99)
    let range = Ticks.niceDomain(around: low...max(low + 0.01, min(1, heights.max() ?? 1)))
    var marks: [any Mark] = [
      .band(curve.upper, curve.lower, color.opacity(0.15)),
      .line(curve.law.filter { $0.x <= curve.imageCount }, Pen(color)),
      .line(
        curve.law.filter { $0.x >= curve.imageCount }, Pen(color, width: 2, dashes: [4, 5])),
      .points(curve.networks, Marker(.dot, radius: 4.5, palette.text)),
    ]
    for point in curve.forecasts {
      marks.append(
        .annotation(
          point, Marker(.ring, radius: 7, palette.series[1]),
          label: "\(point.x.decimal(0)) images: \(point.y.percentage())"))
    }
    return AxesFigure(
      title: "Would more images help?", subtitle: subtitle,
      axes: [
        Axes(
          horizontal: Axis(
            "images to train on", (places.min() ?? 1)...(places.max() ?? 10), .logarithmic,
            tickLimit: 8),
          vertical: Axis(
            "accuracy on held-out images", range.lowerBound...min(1, range.upperBound),
            format: .percent), marks: marks)
      ], footer: footer, theme: theme)
  }
}
