import Foundation
import Plotting
import Testing

/// What is drawn where, read from recorded calls.
@Suite struct TrainingFigureTests {
  private func record(
    _ curves: [TrainingCurve], _ quantity: TrainingFigure.Quantity = .loss,
    over axis: HorizontalAxis = .epoch, logarithmic: Bool = false, smoothing: Double? = nil
  ) -> RecordingCanvas {
    let canvas = RecordingCanvas()
    TrainingFigure(
      curves: curves, quantity: quantity, horizontalAxis: axis, logarithmic: logarithmic,
      smoothing: smoothing
    ).draw(on: canvas)
    return canvas
  }

  /// A run without steps whose validation losses are given, epoch 0 first.
  private func run(validation: [Double], classCount: Int = 2) -> TrainingCurve {
    TrainingCurve(
      name: "",
      epochs: validation.enumerated().map { .init(epoch: Double($0), validationLoss: $1) },
      classCount: classCount)
  }

  private func vertical(_ domain: ClosedRange<Double>, in box: Rectangle) -> Scale {
    Scale(.linear, domain: domain, from: box.bottom, to: box.y)
  }

  // MARK: Layout

  @Test(arguments: SampleRuns.all, TrainingFigure.Quantity.allCases)
  func `no two texts overlap and all lie on the canvas`(
    sample: SampleRuns, quantity: TrainingFigure.Quantity
  ) {
    for (axis, logarithmic) in [(HorizontalAxis.epoch, false), (.step, true), (.time, false)] {
      let canvas = record(sample.curves, quantity, over: axis, logarithmic: logarithmic)
      for (index, text) in canvas.texts.enumerated() {
        #expect(
          text.box.x >= 0 && text.box.y >= 0 && text.box.right <= 800 && text.box.bottom <= 500,
          "\(text)")
        for other in canvas.texts[(index + 1)...] {
          #expect(!text.box.overlaps(other.box), "\(text.text) | \(other.text)")
        }
      }
    }
  }

  @Test(arguments: SampleRuns.all, TrainingFigure.Quantity.allCases)
  func `every line of data lies inside its axes`(
    sample: SampleRuns, quantity: TrainingFigure.Quantity
  ) {
    for logarithmic in [false, true] {
      let canvas = record(sample.curves, quantity, logarithmic: logarithmic)
      let boxes = canvas.plotBoxes
      #expect(!boxes.isEmpty)
      for line in canvas.lines where line.isData {
        // Samples of lines in front of labels stand to the right, those of a legend above.
        for point in line.path.points
        where point.x < boxes[0].right + 10 && point.y > boxes[0].y - 20 {
          #expect(boxes.contains { $0.contains(point) }, "\(point)")
        }
      }
    }
  }

  @Test(arguments: SampleRuns.all)
  func `no text is smaller than twelve units`(sample: SampleRuns) {
    #expect(record(sample.curves).texts.allSatisfy { $0.size >= 12 })
  }

  @Test func `the title has twenty units, axis titles fifteen, ticks thirteen`() {
    let texts = record(SampleRuns.typical.curves).texts
    func size(_ text: String) -> Double? { texts.first { $0.text == text }?.size }
    #expect(size("Training and validation loss") == 20)
    #expect(size("loss") == 15 && size("epoch") == 15 && size("learning rate") == 15)
    #expect(size("0") == 13)
  }

  // MARK: Guessing

  @Test(arguments: [2, 3, 10])
  func `the line of guessing lies at the logarithm of the number of classes`(classCount: Int) throws
  {
    let guessing = log(Double(classCount))
    let canvas = record([run(validation: [guessing, 0.01], classCount: classCount)])
    let box = try #require(canvas.plotBoxes.first)
    let line = try #require(canvas.lines.first { $0.stroke.dashes == [2, 4] })
    let top = Ticks.niceDomain(around: 0...guessing * 1.05)
    #expect(abs(line.path.points[0].y - vertical(top, in: box).position(of: guessing)) < 0.01)
    #expect(line.path.points.map(\.x) == [box.x, box.right])
  }

  @Test(
    arguments: zip(
      [2, 3, 10], ["coin flip ln 2 = 0.693", "guessing ln 3 = 1.099", "guessing ln 10 = 2.303"]))
  func `guessing is named with its loss`(classCount: Int, label: String) {
    #expect(record([SampleRuns.run(classCount: classCount)]).box(of: label) != nil)
  }

  @Test(arguments: zip([2, 3, 10], ["coin flip 50", "guessing 33.3", "guessing 10"]))
  func `guessing is named with its accuracy`(classCount: Int, label: String) {
    let canvas = record([SampleRuns.run(classCount: classCount)], .accuracy)
    #expect(canvas.box(of: "\(label)%") != nil)
  }

  // MARK: Best epoch

  @Test func `the epoch with the lowest validation loss is ringed and named`() throws {
    let canvas = record([run(validation: [0.7, 0.5, 0.211, 0.4, 0.3])])
    let box = try #require(canvas.plotBoxes.first)
    let ring = try #require(canvas.rings.first)
    #expect(canvas.rings.count == 1)
    #expect(abs(ring.x - (box.x + box.width * 2 / 4)) < 0.01)
    #expect(abs(ring.y - vertical(0...0.8, in: box).position(of: 0.211)) < 0.01)
    #expect(canvas.box(of: "best 0.211 · epoch 2") != nil)
  }

  @Test func `a run that keeps its last network has the ring there`() {
    var curve = run(validation: [0.7, 0.3, 0.211, 0.3, 0.412])
    curve.keepsLast = true
    let canvas = record([curve])
    #expect(canvas.rings.count == 1)
    #expect(canvas.box(of: "last 0.412 · epoch 4") != nil)
  }

  @Test func `the first of equally accurate epochs is the best`() {
    let curve = TrainingCurve(
      name: "",
      epochs: [0.5, 0.9, 0.8, 0.9].enumerated().map {
        .init(epoch: Double($0), validationAccuracy: $1)
      }, classCount: 2)
    #expect(curve.highestValidationAccuracy?.epoch == 1)
    #expect(record([curve], .accuracy).box(of: "best 90.0% · epoch 1") != nil)
  }

  @Test func `an epoch that diverged is never the best`() {
    #expect(run(validation: [.nan, 0.6, -.infinity, 0.5]).lowestValidationLoss?.epoch == 3)
    #expect(run(validation: [.nan]).lowestValidationLoss == nil)
  }

  @Test func `of several runs the best is named`() {
    let canvas = record(SampleRuns.runs(3))
    #expect(canvas.rings.count == 1)
    #expect(canvas.texts.contains { $0.text.hasPrefix("best ") && $0.text.contains("run 0, ") })
  }

  // MARK: Smoothing

  @Test(arguments: zip([nil, 25, 0.5] as [Double?], ["20 steps", "25 steps", "0.5 steps"]))
  func `the half-life is told`(smoothing: Double?, half: String) {
    let texts = record(SampleRuns.typical.curves, smoothing: smoothing).texts
    #expect(texts.contains { $0.text.contains("half-life of \(half)") })
  }

  @Test func `without smoothing no half-life is told`() {
    let texts = record(SampleRuns.typical.curves, smoothing: 0).texts
    #expect(!texts.contains { $0.text.contains("half-life") })
  }

  @Test(arguments: zip([9, 10], [false, true]))
  func `fewer than ten steps are not smoothed`(steps: Int, isSmoothed: Bool) {
    let texts = record([SampleRuns.run(epochs: 1, stepsPerEpoch: steps)]).texts
    #expect(texts.contains { $0.text.contains("half-life") } == isSmoothed)
  }

  // MARK: Trouble

  @Test func `a loss that is not a number is told`() {
    let canvas = record([SampleRuns.run(epochs: 6, divergence: 3.3)])
    #expect(canvas.box(of: "not a number") != nil)
    #expect(canvas.box(of: "training diverged") != nil)
  }

  @Test(arguments: [nil, 0] as [Double?])
  func `a loss above the axes is told`(smoothing: Double?) {
    var curve = SampleRuns.run(epochs: 4)
    curve.steps[300].loss = 8.31
    #expect(record([curve], smoothing: smoothing).box(of: "up to 8.310") != nil)
  }

  @Test func `steps a little above the usual stretch the axis instead`() {
    var curve = SampleRuns.run(epochs: 4)
    for index in curve.steps.indices { curve.steps[index].loss = min(curve.steps[index].loss, 0.7) }
    curve.steps[300].loss = 1
    #expect(!record([curve]).texts.contains { $0.text.hasPrefix("up to") })
  }

  @Test func `a missing measurement is bridged and NaN is not`() throws {
    func points(_ losses: [Double?]) throws -> Int {
      let rows = losses.enumerated().map { row in
        TrainingCurve.Epoch(epoch: Double(row.offset), validationLoss: row.element)
      }
      let canvas = record([TrainingCurve(name: "", epochs: rows, classCount: 2)])
      return try #require(canvas.lines.first { $0.stroke.dashes == [7, 4] }).path.points.count
    }
    #expect(try points([0.7, 0.6, nil, 0.5, 0.4]) == 4)
    #expect(try points([0.7, 0.6, .nan, 0.5, 0.4]) == 4)
    #expect(try points([0.7, .nan, 0.5, nil, 0.4]) == 2)
  }

  // MARK: Axes

  @Test func `the learning rate has a strip only if it varies`() {
    var curve = SampleRuns.run()
    #expect(record([curve]).plotBoxes.count == 2)
    for index in curve.steps.indices { curve.steps[index].learningRate = 0.001 }
    #expect(record([curve]).plotBoxes.count == 1)
  }

  @Test(arguments: zip(HorizontalAxis.allCases, ["epoch", "step", "time in minutes"]))
  func `the horizontal axis is named`(axis: HorizontalAxis, title: String) {
    #expect(record(SampleRuns.typical.curves, over: axis).box(of: title) != nil)
  }

  @Test func `an axis that was not measured falls back to epochs`() {
    #expect(record([run(validation: [0.7, 0.6])], over: .time).box(of: "epoch") != nil)
    #expect(record([run(validation: [0.7, 0.6])], over: .step).box(of: "epoch") != nil)
  }

  @Test(arguments: HorizontalAxis.allCases)
  func `the best epoch lies at the same fraction of any axis in an even run`(
    axis: HorizontalAxis
  )
    throws
  {
    let canvas = record([SampleRuns.run(overfit: 0.3)], over: axis)
    let box = try #require(canvas.plotBoxes.first)
    let ring = try #require(canvas.rings.first)
    let best = try #require(SampleRuns.run(overfit: 0.3).lowestValidationLoss)
    #expect(abs(ring.x - (box.x + box.width * best.epoch / 12)) < 0.01)
  }

  @Test func `losses start at zero unless the axis is logarithmic`() {
    #expect(record(SampleRuns.typical.curves).texts.filter { $0.text == "0" }.count == 3)
    #expect(
      record(SampleRuns.typical.curves, logarithmic: true).texts.filter { $0.text == "0" }.count
        == 2)
  }

  @Test func `the name of the guessing line covers no curve`() throws {
    // No better than a coin all the way.
    let values = (0...30).map { 0.5 + 0.03 * sin(Double($0)) }
    let curve = TrainingCurve(
      name: "",
      epochs: values.enumerated().map {
        .init(epoch: Double($0), trainAccuracy: 1 - $1, validationAccuracy: $1)
      }, classCount: 2)
    let canvas = record([curve], .accuracy)
    let label = try #require(canvas.box(of: "coin flip 50%"))
    for line in canvas.lines where line.isData && line.stroke.dashes != [2, 4] {
      for (start, end) in zip(line.path.points, line.path.points.dropFirst()) {
        for part in stride(from: 0, through: 1, by: 0.02) {
          let point = Point(
            start.x + part * (end.x - start.x), start.y + part * (end.y - start.y))
          #expect(!label.contains(point), "\(point)")
        }
      }
    }
  }

  // MARK: Several runs

  @Test func `runs that are called otherwise than their lines are named above them`() throws {
    let canvas = record(SampleRuns.named(SampleRuns.runs(3)))
    let top = try #require(canvas.plotBoxes.first).y
    for index in 0..<3 {
      let name = try #require(canvas.texts.first { $0.text == "my \(index). experiment" })
      let label = try #require(canvas.texts.first { $0.text.hasPrefix("run \(index)") })
      #expect(name.box.bottom < top && name.color == label.color)
    }
    #expect(record(SampleRuns.runs(3)).texts.allSatisfy { !$0.text.contains("experiment") })
  }

  @Test func `runs without validation images have labels, too`() {
    let curves = SampleRuns.runs(4).map { run in
      var run = run
      run.epochs = run.epochs.map { .init(epoch: $0.epoch, trainLoss: $0.trainLoss) }
      return run
    }
    #expect(record(curves).texts.filter { $0.text.hasPrefix("run ") }.count == 4)
  }

  @Test func `labels at line ends are sorted by value`() {
    let curves = SampleRuns.runs(8)
    let labels = record(curves).texts.filter { $0.text.hasPrefix("run ") }.sorted {
      $0.box.y < $1.box.y
    }
    let names = curves.sorted {
      $0.epochs[12].validationLoss ?? 0 > $1.epochs[12].validationLoss ?? 0
    }.map(\.name)
    #expect(labels.map { String($0.text.prefix(5)) } == names)
  }

  @Test func `runs beyond ten are one gray crowd`() {
    let canvas = record(SampleRuns.runs(40))
    #expect(canvas.box(of: "30 others") != nil)
    #expect(canvas.texts.filter { $0.text.hasPrefix("run ") }.count == 10)
  }

  @Test func `the seventh run has a color of its own and is dashed`() {
    let bold = record(SampleRuns.runs(7)).lines.filter { $0.stroke.width == 2.5 }
    #expect(Set(bold.map(\.paint)).count == 7)
    #expect(Set(bold.map(\.stroke.dashes)) == [[], [8, 4]])
  }

  @Test func `the footer tells what all runs share`() {
    let curves = ["adam", "sgd"].map { SampleRuns.run($0) }
    let footer = "kitten · batch 64 · seed 1 · 11\u{2009}200 images"
    #expect(record(curves).box(of: footer) != nil)
    #expect(record([curves[0]]).box(of: curves[0].notes) != nil)
  }
}
