import Plotting
import Testing

@Suite struct GraphFigureTests {
  /// Columns of numbers, every one of which enters all of the next column.
  private func figure(
    _ counts: [Int], activity: GraphFigure.Activity = .idle, theme: Theme = .light
  ) -> GraphFigure {
    var boxes: [GraphFigure.Box] = [], arrows: [GraphFigure.Arrow] = []
    var previous: Range<Int> = 0..<0
    for (column, count) in counts.enumerated() {
      let first = boxes.count
      for number in 0..<count {
        let rows = previous.map { source in
          GraphFigure.Row(
            "w₁₂₃", value: source.isMultiple(of: 2) ? "−0.0724" : "−1.23e−05",
            gradient: "0.000912", isFactor: number == 1)
        }
        for (row, source) in previous.enumerated() {
          arrows.append(.init(from: source, to: boxes.count, row: row, activity: activity))
        }
        boxes.append(
          GraphFigure.Box(
            column: column, head: .init("z¹₁₁₂", value: "−0.405", gradient: "−0.0123"), rows: rows,
            activity: activity))
      }
      previous = first..<boxes.count
    }
    return GraphFigure(
      title: "Step 3 of 15: backward, conv 2 2x2 padding valid", subtitle: "∂L/∂w₁₁ = ∂L/∂h₁·x₁",
      footer: "dense 2, sigmoid, dense", columns: counts.map { "layer of \($0)" }, boxes: boxes,
      arrows: arrows, theme: theme)
  }

  private static let sizes = [
    [2, 2, 2, 1], [2, 7, 7, 2, 2, 1], [12, 1], [1, 1, 1, 1, 1, 1, 1, 1],
  ]

  @Test(arguments: sizes, Theme.allCases)
  func `words of graphs do not overlap and lie inside, however many boxes there are`(
    counts: [Int], theme: Theme
  ) {
    let figure = figure(counts, theme: theme)
    let canvas = RecordingCanvas(of: figure)
    #expect(canvas.texts.count > 3 * counts.reduce(0, +))
    for (index, text) in canvas.texts.enumerated() {
      #expect(text.box.x >= 0 && text.box.right <= canvas.width, "\(text.text)")
      #expect(text.box.y >= 0 && text.box.bottom <= canvas.height, "\(text.text)")
      for other in canvas.texts.dropFirst(index + 1) {
        #expect(!text.box.overlaps(other.box), "\(text.text) on \(other.text)")
      }
    }
  }

  @Test(arguments: sizes)
  func `words of a box lie in it`(counts: [Int]) {
    let figure = figure(counts)
    let canvas = RecordingCanvas(of: figure)
    let layout = canvas.fills.compactMap { $0.path.points.isEmpty ? nil : $0 }
    #expect(layout.count > figure.boxes.count)
    let values = canvas.texts.filter { $0.text == "−0.0724" || $0.text == "−1.23e−05" }
    let names = canvas.texts.filter { $0.text == "w₁₂₃" }
    #expect(values.count == names.count && !names.isEmpty)
    for (name, value) in zip(names, values) {
      #expect(name.box.right < value.box.x && abs(name.box.y - value.box.y) < 1)
    }
  }

  @Test func `what is not known yet takes room, so that all steps have one size`() {
    let whole = figure([2, 2, 1])
    var step = whole
    for box in step.boxes.indices {
      step.boxes[box].head?.showsGradient = false
      for row in step.boxes[box].rows.indices { step.boxes[box].rows[row].showsValue = false }
    }
    #expect(step.size == whole.size)
    let (all, few) = (RecordingCanvas(of: whole).texts, RecordingCanvas(of: step).texts)
    #expect(few.count == all.count - 5 - 6)
  }

  @Test(arguments: Theme.allCases)
  func `values and gradients have colors of their own, and so have the two directions`(
    theme: Theme
  ) throws {
    let (idle, forward, backward) = (
      figure([2, 1], theme: theme), figure([2, 1], activity: .forward, theme: theme),
      figure([2, 1], activity: .backward, theme: theme)
    )
    let texts = RecordingCanvas(of: idle).texts
    let value = try #require(texts.first { $0.text == "−0.405" })
    let gradient = try #require(texts.first { $0.text == "−0.0123" })
    #expect(value.color != gradient.color)
    func strokes(_ figure: GraphFigure) -> [Paint] {
      RecordingCanvas(of: figure).lines.filter { $0.stroke.width == 2.4 }.map(\.paint)
    }
    #expect(strokes(idle).isEmpty)
    #expect(Set(strokes(forward)) == [.color(value.color)])
    #expect(Set(strokes(backward)) == [.color(gradient.color)])
  }

  @Test func `an animation shows every step, in the size that is asked for`() throws {
    let figure = figure([2, 1])
    let animation = try GraphAnimation(figure, steps: [figure, figure, figure]).encoded()
    #expect(animation.frameCount == 3)
    #expect(animation.width == Int((1.5 * figure.size.width).rounded()))
    #expect(try GraphAnimation(figure, steps: [figure], width: 640).encoded().width == 640)
  }
}

@Suite struct LayersFigureTests {
  private func figure(
    _ count: Int, axis: HorizontalAxis = .epoch, theme: Theme = .light
  ) -> LayersFigure {
    let lines = (0..<count).map { index in
      LayersFigure.Line(
        "\(index) conv 128 3x3",
        (1...20).map {
          .init(
            epoch: Double($0) / 4, updateRatio: 1e-3 * Double(index + 1),
            gradientNorm: $0 == 7 ? 0 : 0.1 / Double(index + 1))
        })
    }
    let curve = TrainingCurve(
      name: "adam", epochs: [.init(epoch: 0, seconds: 0), .init(epoch: 5, seconds: 50)],
      steps: [.init(step: 1, epoch: 0.25, loss: 1, learningRate: 1)], classCount: 2)
    return LayersFigure(
      lines: lines, summary: "Layers change by 0.1% to 0.8% of their weights a step: healthy.",
      usual: 3e-4...3e-3, source: "about a thousandth", curve: curve, horizontalAxis: axis,
      theme: theme)
  }

  @Test(arguments: [1, 8, 30], Theme.allCases)
  func `words do not overlap, however many layers there are`(count: Int, theme: Theme) {
    let canvas = RecordingCanvas(of: figure(count, theme: theme))
    for (index, text) in canvas.texts.enumerated() {
      #expect(text.box.right <= canvas.width && text.box.bottom <= canvas.height, "\(text.text)")
      for other in canvas.texts.dropFirst(index + 1) {
        #expect(!text.box.overlaps(other.box), "\(text.text) on \(other.text)")
      }
    }
    #expect(canvas.texts.count { $0.text == "0 conv 128 3x3" } == (count > 2 ? 2 : 2))
  }

  @Test func `the usual band lies on the axis even where no layer does`() throws {
    var far = figure(2)
    for line in far.lines.indices {
      for sample in far.lines[line].samples.indices {
        far.lines[line].samples[sample].updateRatio = 0.5
      }
    }
    let vertical = far.figure.axes[0].vertical
    #expect(vertical.domain.contains(3e-4) && vertical.domain.contains(0.5))
    #expect(far.figure.axes[0].marks.count == 3 && far.figure.axes[1].marks.count == 2)
  }

  @Test(arguments: [(HorizontalAxis.epoch, 5.0), (.time, 50)])
  func `the horizontal axis is the one of the other figures`(axis: HorizontalAxis, end: Double) {
    #expect(figure(2, axis: axis).figure.axes[0].horizontal.domain.upperBound == end)
  }
}
