import Plotting
import Testing

@Suite struct ComparisonFigureTests {
  private let names = ["sgd", "momentum", "adagrad", "rmsprop", "adam", "muon"]
  private let guessing = GuessingLevel(loss: 0.693, accuracy: 0.5)

  private var curves: [ComparedCurve] {
    names.enumerated().map { index, name in
      func points(_ scale: Double) -> [DataPoint] {
        (0...4).map { DataPoint(Double($0) * 10, scale / Double($0 + index + 1)) }
      }
      let band = ComparedCurve.Band(mean: points(1), lower: points(0.9), upper: points(1.1))
      return ComparedCurve(name, group: index % 5, loss: band, accuracy: band)
    }
  }

  @Test(arguments: Theme.allCases)
  func `six lines are told apart without their colors`(theme: Theme) {
    let pens = theme.dashedPens(for: names.indices.map { $0 % 5 })
    #expect(Set(pens.map(\.stroke.dashes)).count == 6)
    // Their colors are those of every other figure.
    #expect(pens.map(\.color) == theme.pens(for: names.indices.map { $0 % 5 }).map(\.color))
    let figure = AxesFigure.comparedCurves(
      curves, over: "step", guessing: guessing, title: "t", reading: "",
      subtitle: "", footer: "", theme: theme)
    #expect(figure.legend.map(\.name) == names.enumerated().map { "\($0 + 1) \($1)" })
    #expect(figure.legend.map(\.pen.stroke.dashes) == pens.map(\.stroke.dashes))
    #expect(figure.axes.allSatisfy { $0.marks.count { $0 is BandMark } == 6 })
  }

  @Test func `the verdict on six long names is read to its end, on two lines`() {
    let name = "schedule-free:lookahead=5"
    let reading =
      "\(name) (1) is best here, but not distinguishable from \(name) (2), \(name) (3)."
    let figure = AxesFigure.comparedCurves(
      curves, over: "step", guessing: guessing, title: "t", reading: reading, subtitle: "how",
      footer: "", theme: .light)
    expectReadable(figure)
    let texts = RecordingCanvas(of: figure).texts.map(\.text)
    #expect(texts.contains { $0.hasPrefix("\(name) (1) is best") && !$0.hasSuffix("…") })
    #expect(texts.contains { $0.hasSuffix("(3).") } && texts.contains("how"))
    let rows = AccuracyFigure(
      title: "t", subtitle: reading, rows: [], areApart: [], footer: "", theme: .light)
    #expect(RecordingCanvas(of: rows).texts.contains { $0.text.hasSuffix("(3).") })
  }

  @Test func `six long names stand in two rows, whole`() {
    var long = curves
    for index in long.indices { long[index].name = "schedule-free:lookahead=\(index)" }
    let figure = AxesFigure.comparedCurves(
      long, over: "step", guessing: guessing, title: "t", reading: "r", subtitle: "s", footer: "",
      theme: .light)
    expectReadable(figure)
    let names = RecordingCanvas(of: figure).texts.filter { $0.text.contains("schedule") }
    #expect(names.count == 6 && names.allSatisfy { !$0.text.hasSuffix("…") })
    #expect(Set(names.map(\.box.y)).count == 2)
  }

  @Test func `a band that leaves the axes is marked where it does`() throws {
    func band(_ highest: [Double]) -> ComparedCurve.Band {
      func points(_ values: [Double]) -> [DataPoint] {
        values.enumerated().map { DataPoint(Double($0), $1) }
      }
      return .init(
        mean: points(highest.map { _ in 0.5 }), lower: points(highest.map { _ in 0.4 }),
        upper: points(highest))
    }
    func figure(_ highest: [Double]) -> AxesFigure {
      .comparedCurves(
        [ComparedCurve("a", group: 0, loss: band(highest), accuracy: band([0.6, 0.6]))],
        over: "step", guessing: guessing, title: "t", reading: "", subtitle: "s", footer: "",
        theme: .light)
    }
    let gone = figure([0.6, 30, 1e30, 0.6, 0.6, 70, 0.6])
    let marks = gone.axes[0].marks.compactMap { $0 as? AnnotationMark }
    #expect(marks.map(\.point.x) == [2, 5] && marks.allSatisfy { $0.marker.shape == .triangle })
    #expect(marks.allSatisfy { $0.point.y == gone.axes[0].vertical.domain.upperBound })
    #expect(gone.subtitle == "s · ▲ goes on above")
    let whole = figure([0.6, 0.7, 0.6])
    #expect(!whole.axes[0].marks.contains { $0 is AnnotationMark } && whole.subtitle == "s")
  }

  @Test func `a race grows from the first place to the whole figure`() {
    let race = CurveRaceFigure(
      curves, over: "step", in: .steps, guessing: guessing, title: "t", reading: "",
      subtitle: "", footer: "", theme: .light)
    func texts(_ step: Int) -> [String] {
      let canvas = RecordingCanvas(race.size)
      race.drawMarbles(after: step, on: canvas)
      return canvas.texts.map(\.text)
    }
    #expect(texts(0).contains("step 0") && texts(50).contains("step 20"))
    #expect(texts(race.steps[race.steps.count - 1]).contains("step 40"))
    // Each of six curves has its marble in both axes.
    #expect(texts(50).count { $0 == "6" } >= 2)
  }

  private func figure(_ count: Int) -> AccuracyFigure {
    AccuracyFigure(
      title: "t", subtitle: "s",
      rows: (0..<count).map { index in
        let accuracy = 0.9 - 0.01 * Double(index)
        return .init(
          "run \(index)", accuracy: accuracy, lower: accuracy - 0.03, upper: accuracy + 0.03,
          single: [])
      },
      areApart: (0..<count).map { row in (0..<count).map { abs($0 - row) > 1 } }, footer: "f",
      theme: .light)
  }

  @Test func `a row has its accuracy, and a mark for each other row`() throws {
    let canvas = RecordingCanvas(of: figure(3))
    let first = try #require(canvas.box(of: "90.0%"))
    let last = try #require(canvas.box(of: "88.0%"))
    #expect(first.y < last.y)
    let texts = canvas.texts.map(\.text)
    #expect(texts.contains { $0.hasPrefix("● told apart") })
    #expect(texts.count { $0 == "3" } == 2)
    // Too many to say of each two.
    let many = RecordingCanvas(of: figure(AccuracyFigure.mostCompared + 1)).texts.map(\.text)
    #expect(many.contains("f") && !many.contains { $0.contains("told apart") })
  }

  @Test func `trainings that diverged or explode are marked at the upper edge`() {
    let points = [DataPoint(0.01, 0.5), DataPoint(0.03, 40), DataPoint(0.1, .nan)]
    let figure = AxesFigure.rateSensitivity(
      [RateCurve("sgd", group: 0, points: points, chosen: points[0])], guessing: guessing,
      title: "t", reading: "What there is to see.", subtitle: "", footer: "", theme: .light)
    let marked = figure.axes[0].marks.compactMap { $0 as? AnnotationMark }
    let crosses = marked.filter { $0.marker.shape == .cross }
    let top = figure.axes[0].vertical.domain.upperBound
    #expect(crosses.map(\.point) == [DataPoint(0.1, top)] && top < 2)
    #expect(marked.filter { $0.marker.shape == .triangle }.map(\.point) == [DataPoint(0.03, top)])
    #expect(marked.filter { $0.marker.shape == .ring }.map(\.point) == [points[0]])
  }
}
