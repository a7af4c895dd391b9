/// How sure right and wrong predictions are.
public struct PlottedConfidences: Hashable, Sendable {
  /// The probabilities of the predictions that are right, and of those that are wrong, 0…1.
  public var right: [Double], wrong: [Double]
  /// The least probability that a prediction can have: 1 over the number of classes.
  public var least: Double

  /// Creates distributions.
  public init(right: [Double], wrong: [Double], least: Double) {
    (self.right, self.wrong, self.least) = (right, wrong, least)
  }
}

extension AxesFigure {
  /// The distributions of the probabilities of right and of wrong predictions.
  public static func confidences(
    _ confidences: PlottedConfidences, footer: String, theme: Theme
  ) -> AxesFigure {
    let least = confidences.least.isFinite ? confidences.least : 0
    let low = min(max(0, (least * 20).rounded(.down) / 20), 0.95)
    let colors = theme.pens(count: 2).map(\.color)
    let horizontal = Axis("probability of the prediction", low...1, format: .percent)
    func axes(_ title: String, _ values: [Double], _ color: Color) -> Axes {
      let bars = bars(of: values, from: low)
      let most = bars.map(\.height).max() ?? 0
      return Axes(
        horizontal: horizontal,
        vertical: Axis(title, Ticks.niceDomain(around: 0...max(1, most), limit: 4), tickLimit: 4),
        marks: [.bars(bars.filter { $0.height > 0 }, color)])
    }
    return AxesFigure(
      title: "How sure right and wrong predictions are", subtitle: reading(of: confidences),
      axes: [
        axes("right predictions", confidences.right, colors[0]),
        axes("wrong predictions", confidences.wrong, colors[1]),
      ], columns: 1, footer: footer, theme: theme)
  }

  /// Counts in twenty equal ranges.
  private static func bars(of values: [Double], from low: Double) -> [BarsMark.Bar] {
    let count = 20
    let width = (1 - low) / Double(count)
    var heights = [Double](repeating: 0, count: count)
    for value in values where value.isFinite {
      let place = min(max((value - low) / width, 0), Double(count - 1))
      heights[Int(place)] += 1
    }
    return heights.enumerated().map { place, height in
      BarsMark.Bar(
        low + Double(place) * width, low + Double(place + 1) * width, height: height)
    }
  }

  private static func reading(of confidences: PlottedConfidences) -> String {
    func half(_ values: [Double], _ kind: String) -> String {
      let sorted = values.sorted()
      guard let middle = sorted.isEmpty ? nil : sorted[sorted.count / 2] else {
        return "no prediction is \(kind)"
      }
      let count = NumberFormat.plain.labels(of: [Double(sorted.count)]) { _ in 0 }[0]
      return "half of the \(count) \(kind) ones say \(NumberFormat.percent.text(middle)) or more"
    }
    let text = half(confidences.right, "right") + "; " + half(confidences.wrong, "wrong")
    return text.prefix(1).uppercased() + text.dropFirst()
  }
}
