import Foundation
import Plotting
import Testing

/// Figures of what a classifier is worth.
@Suite struct EvaluationFigureTests {
  /// A curve through the upper left.
  private func curve(_ place: Int, area: Double) -> PlottedRanking.Curve {
    let steepness = area / (1 - area)
    return PlottedRanking.Curve(
      "class \(place)", place: place, area: area,
      (0...50).map { DataPoint(Double($0) / 50, pow(Double($0) / 50, 1 / steepness)) })
  }

  private func ranking(_ count: Int) -> PlottedRanking {
    let curves = (0..<count).map { curve($0, area: 0.95 - 0.01 * Double($0 % 40)) }
    let middle = curves[0].points
    func moved(_ distance: Double) -> [DataPoint] {
      middle.map { DataPoint($0.x, min(1, max(0, $0.y + distance))) }
    }
    return PlottedRanking(
      curves: curves,
      bands: [.init(middle: middle, upper: moved(0.03), lower: moved(-0.03))], area: 0.951,
      interval: 0.912...0.978)
  }

  private func reliability(_ confidence: Double, _ accuracy: Double) -> PlottedReliability {
    PlottedReliability(
      bins: (0..<15).map { place in
        let middle = (Double(place) + 0.5) / 15
        return PlottedReliability.Bin(
          Double(place) / 15, Double(place + 1) / 15, count: place < 4 ? 0 : place * place,
          confidence: place < 4 ? nil : middle, accuracy: place < 4 ? nil : 0.8 * middle,
          interval: 0.7 * middle...min(1, 0.9 * middle + 0.1))
      }, confidence: confidence, accuracy: accuracy, verdict: "overconfident", error: 0.1234,
      debiasedError: 0.1021)
  }

  private func texts(_ figure: some Figure) -> [String] {
    let canvas = RecordingCanvas(figure.size)
    figure.draw(on: canvas)
    return canvas.texts.map(\.text)
  }

  @Test(arguments: [1, 2, 3, 6, 7, 37], Theme.allCases)
  func `texts of curves do not overlap`(count: Int, theme: Theme) {
    expectReadable(AxesFigure.roc(ranking(count), footer: "from", theme: theme))
    expectReadable(AxesFigure.precisionRecall(ranking(count), footer: "from", theme: theme))
  }

  @Test func `of many classes the worst are named, the others are a crowd`() {
    let words = texts(AxesFigure.roc(ranking(37), footer: "", theme: .light))
    #expect(words.contains("mean 0.951") && words.contains("32 others"), "\(words)")
    #expect(words.contains("class 36 0.590") && !words.contains { $0.hasPrefix("class 0 ") })
    #expect(words.contains { $0.contains("least: class 36 0.590") }, "\(words)")
  }

  @Test func `the area of a class stays behind a name that is read from the right`() {
    var ranking = ranking(2)
    ranking.curves[0].name = "חתול 2"
    let words = texts(AxesFigure.roc(ranking, footer: "", theme: .light))
    #expect(words.contains("חתול 2\u{200E} 0.950"), "\(words)")
  }

  @Test(arguments: [2, 4])
  func `a class has its color, whichever other curves are drawn`(count: Int) {
    func colors(_ ranking: PlottedRanking) -> [String: Color] {
      let figure = AxesFigure.roc(ranking, footer: "", theme: .light)
      return Dictionary(
        uniqueKeysWithValues: figure.axes[0].marks.compactMap { mark in
          guard let line = mark as? LineMark, let label = line.label else { return nil }
          return (String(label.prefix(7)), line.pen.color)
        })
    }
    var (one, other) = (ranking(count), ranking(count))
    if count == 2 {
      one.curves.removeFirst()
    } else {
      other.curves.indices.forEach { other.curves[$0].area = 0.8 + 0.01 * Double($0) }
    }
    let (first, second) = (colors(one), colors(other))
    #expect(first["class 1"] != nil && first["class 1"] == second["class 1"])
    #expect(count == 2 || Set(second.values).count == count + 1)
  }

  @Test func `of one class the curve is named, and there is no mean`() {
    let words = texts(AxesFigure.roc(ranking(1), footer: "", theme: .light))
    #expect(words.contains("class 0 0.950") && !words.contains { $0.hasPrefix("mean") }, "\(words)")
    #expect(words.contains { $0.contains("0.951 (95%: 0.912 to 0.978)") }, "\(words)")
  }

  @Test func `the precision of a recall of 90% is read from the curve`() {
    let words = texts(AxesFigure.precisionRecall(ranking(1), footer: "", theme: .light))
    let expected = pow(0.9, 1 / 19.0) * 100
    let text = String(format: "Where 90%% of class 0 is found, %.1f%% of", expected)
    #expect(words.contains { $0.contains(text) }, "\(text) in \(words)")
  }

  @Test(arguments: Theme.allCases)
  func `texts of a reliability diagram do not overlap`(theme: Theme) {
    let figure = AxesFigure.reliability(reliability(0.95, 0.8), footer: "from", theme: theme)
    expectReadable(figure)
    let words = texts(figure)
    for text in [
      "They say 95.0% and are right in 80.0%: overconfident.", "12.3%, 10.2% beyond chance",
    ] {
      #expect(words.contains { $0.contains(text) }, "\(text) in \(words)")
    }
  }

  @Test func `a bar is as high as its accuracy, and none is drawn without images`() throws {
    let figure = AxesFigure.reliability(reliability(0.95, 0.8), footer: "", theme: .light)
    let bars = try #require(figure.axes[0].marks.compactMap { $0 as? BarsMark }.first)
    #expect(bars.bars.count == 11 && bars.bars.allSatisfy { $0.interval != nil })
    let canvas = RecordingCanvas(figure.size)
    figure.draw(on: canvas)
    let box = try #require(canvas.plotBoxes.first)
    let last = try #require(bars.bars.last)
    let top = box.bottom - last.height * box.height
    #expect(
      canvas.fills.contains { fill in
        let heights = fill.path.points.map(\.y)
        return [top, box.bottom].allSatisfy { y in heights.contains { abs($0 - y) < 0.1 } }
      })
  }

  @Test(arguments: Theme.allCases)
  func `texts of confidences do not overlap`(theme: Theme) {
    let right = (0..<200).map { 1 - Double($0 * $0) / 90_000 }
    for wrong in [[], [0.51], (0..<40).map { 0.5 + Double($0) / 100 }] {
      expectReadable(
        AxesFigure.confidences(
          PlottedConfidences(right: right, wrong: wrong, least: 0.5), footer: "from",
          theme: theme))
    }
  }

  @Test func `every prediction is in one bar, and half of them in the words`() {
    let figure = AxesFigure.confidences(
      PlottedConfidences(right: [0.5, 0.55, 0.99, 1], wrong: [], least: 0.5), footer: "",
      theme: .light)
    let bars = figure.axes.flatMap(\.marks).compactMap { $0 as? BarsMark }.map(\.bars)
    #expect(bars.map { $0.reduce(0) { $0 + $1.height } } == [4, 0])
    #expect(bars[0].map(\.height) == [1, 1, 2], "\(bars[0])")
    #expect(
      figure.subtitle == "Half of the 4 right ones say 99.0% or more; no prediction is wrong")
  }
}
