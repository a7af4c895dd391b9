import ObjectiveFigures
import Optimization
import Plotting
import Testing

/// What the command line and the page draw of objectives.
@Suite struct ObjectiveFiguresTests {
  private func choices(_ texts: String...) throws -> [ObjectiveChoice] {
    try texts.map { try ObjectiveChoice($0) }
  }

  @Test func `one objective of classes moves all to the margin`() throws {
    #expect(try ObjectivePlot(choices("mse", "mae")).place == .error)
    let plot = try ObjectivePlot(choices("mse", "cross-entropy"))
    #expect(plot.place == .margin && plot.reach == 5)
    #expect(
      plot.table[0] == [
        "margin", "mse loss", "mse slope", "cross-entropy loss", "cross-entropy slope",
      ])
    #expect(plot.table.count == 482)
  }

  @Test func `the objective at fault is told`() throws {
    let classes = #expect(throws: ObjectivePlot.Problem.self) {
      try ObjectivePlot(choices("mse", "cross-entropy"), over: .error)
    }
    #expect(classes?.index == 1)
    let nowhere = #expect(throws: ObjectivePlot.Problem.self) {
      try ObjectivePlot(choices("mse", "mae", "expr:log(-1-y^2)"))
    }
    #expect(nowhere?.index == 2 && nowhere?.reason.contains("not finite") == true)
  }

  @Test func `a curve that is not all there is to see says so`() throws {
    let plot = try ObjectivePlot(choices("mse", "expr:y*p"))
    let reading = plot.reading(["mse", "mine"])
    #expect(reading.hasSuffix("mine depends on the target, too: it is drawn for the target 0."))
    #expect(!reading.contains("mse depends"))
    let margins = try ObjectivePlot(choices("cross-entropy", "expr:y*p"))
    #expect(!margins.reading(["cross-entropy", "mine"]).contains("depends"))
  }

  @Test func `a line without a minimum is not compared, but named`() throws {
    let plot = try LineFitPlot(choices("mse", "expr:y*p"), to: ReadingChoices())
    #expect(plot.remarks(["mse", "mine"]).count == 1)
    let reading = plot.reading(["mse", "mine"])
    #expect(reading.hasPrefix("The slope of mse is off by") && !reading.contains("that of mine"))
    #expect(reading.hasSuffix(". mine has no minimum: its line is only where the steps ended."))
  }

  @Test func `a moved reading has its value, and all others theirs`() throws {
    var moved = ReadingChoices()
    moved.moves = [.init(60, to: 1), .init(60, to: -2)]
    let before = ReadingChoices().readings.readings
    let after = moved.readings.readings
    #expect(after[59].value == -2 && after[59].time == before[59].time)
    #expect(after.dropLast() == before.dropLast())
    #expect(moved.words == ["--move", "60=1.0", "--move", "60=-2.0"])
    let objectives = try choices("mse", "mae")
    let lines = try [ReadingChoices(), moved].map { try LineFitPlot(objectives, to: $0).fits }
    let changes = zip(lines[0], lines[1]).map { abs($0.slope - $1.slope) }
    #expect(changes[0] > 0.001 && changes[0] > changes[1])
  }

  @Test func `choices that are usual are not written`() {
    var choices = ReadingChoices()
    #expect(choices.words.isEmpty)
    (choices.seed, choices.count, choices.noise, choices.outliers) = (2, 16, 0.5, 0)
    #expect(
      choices.words
        == ["--seed", "2", "--readings", "16", "--noise", "0.5", "--outliers", "0.0"])
  }
}
