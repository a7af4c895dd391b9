/// How often predictions are right, over their probability.
public struct PlottedReliability: Hashable, Sendable {
  /// Predictions of about the same probability.
  public struct Bin: Hashable, Sendable {
    /// The range of probabilities.
    public var low: Double, high: Double
    /// Number of images.
    public var count: Int
    /// Mean probability and accuracy, 0…1; nil without images.
    public var confidence: Double?, accuracy: Double?
    /// The 95% interval of the accuracy.
    public var interval: ClosedRange<Double>

    /// Creates a bin.
    public init(
      _ low: Double, _ high: Double, count: Int, confidence: Double?, accuracy: Double?,
      interval: ClosedRange<Double>
    ) {
      (self.low, self.high, self.count, self.interval) = (low, high, count, interval)
      (self.confidence, self.accuracy) = (confidence, accuracy)
    }
  }

  /// From 0 to 1.
  public var bins: [Bin]
  /// Mean probability and accuracy of all predictions, 0…1.
  public var confidence: Double, accuracy: Double
  /// `overconfident`, `underconfident` or another word.
  public var verdict: String
  /// The expected calibration error, and the same corrected for chance, 0…1.
  public var error: Double, debiasedError: Double

  /// Creates a diagram.
  public init(
    bins: [Bin], confidence: Double, accuracy: Double, verdict: String, error: Double,
    debiasedError: Double
  ) {
    (self.bins, self.confidence, self.accuracy) = (bins, confidence, accuracy)
    (self.verdict, self.error, self.debiasedError) = (verdict, error, debiasedError)
  }
}

extension AxesFigure {
  /// A reliability diagram: the accuracy over the probability, and how many images there are.
  public static func reliability(
    _ diagram: PlottedReliability, footer: String, theme: Theme
  ) -> AxesFigure {
    let (color, palette) = (theme.palette.series[0], theme.palette)
    let percent = NumberFormat.percent
    let bins = diagram.bins.filter { $0.count > 0 }
    let horizontal = Axis("probability of the prediction", 0...1, format: .percent)
    let most = Double(bins.map(\.count).max() ?? 1)
    return AxesFigure(
      title: "Are predictions right as often as they say?",
      reading: "They say \(percent.text(diagram.confidence)) and are right in "
        + "\(percent.text(diagram.accuracy)): \(diagram.verdict).",
      subtitle: "mean gap of the bars \(percent.text(diagram.error)), "
        + "\(percent.text(diagram.debiasedError)) beyond chance",
      axes: [
        Axes(
          horizontal: horizontal,
          vertical: Axis("predictions that are right", 0...1, format: .percent),
          marks: [
            .bars(
              bins.map {
                BarsMark.Bar(
                  $0.low, $0.high, height: $0.accuracy ?? .nan, interval: $0.interval,
                  middle: $0.confidence)
              }, color),
            .line(
              [DataPoint(0, 0), DataPoint(1, 1)],
              Pen(palette.secondaryText, width: 1.2, dashes: [2, 4])),
            .points(
              bins.compactMap { bin in
                guard let x = bin.confidence, let y = bin.accuracy else { return nil }
                return DataPoint(x, y)
              }, Marker(.dot, radius: 3.5, palette.text)),
            .annotation(
              DataPoint(0.25, 0.25), Marker(.dot, radius: 0, palette.secondaryText),
              label: "as often as they say"),
          ]),
        Axes(
          horizontal: horizontal,
          vertical: Axis(
            "images", Ticks.niceDomain(around: 0...max(1, most), limit: 3), tickLimit: 3),
          marks: [
            .bars(
              bins.map { BarsMark.Bar($0.low, $0.high, height: Double($0.count)) },
              palette.context)
          ]),
      ], footer: footer, theme: theme)
  }
}
