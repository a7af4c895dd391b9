internal import Support

extension TrainingFigure {
  /// At most this many runs have a training line too.
  static let runsWithTraining = 3
  /// Runs beyond this number are drawn as a gray crowd.
  static let namedRuns = 10

  // MARK: One run

  func marksOfOne(_ axis: Axis) -> [any Mark] {
    let palette = theme.palette
    let run = runs[0]
    let (training, validation) = (palette.series[0], palette.series[1])
    var marks: [any Mark] = []
    if !run.single.isEmpty {
      let radius = run.single.count > 1000 ? 1.0 : 1.4
      marks.append(.points(run.single, Marker(.dot, radius: radius, training.opacity(0.3))))
    }
    if quantity == .loss, let overfit = run.overfit {
      marks.append(.band(overfit.validation, overfit.training, validation.opacity(0.12)))
    }
    marks += guessingMark
    // In a bold line, thousands of raw steps would be a solid block.
    let isRaw = run.single.isEmpty && run.training.count > 100
    marks.append(
      .line(
        run.training, Pen(training, width: isRaw ? 1 : 2.5),
        label: endLabel("training", run.training), name: "training"))
    if run.trainsByEpoch {
      marks.append(.points(run.training, Marker(.dot, radius: 3, training)))
    }
    marks.append(
      .line(
        run.validation, Pen(validation, dashes: [7, 4]),
        label: endLabel("validation", run.validation), name: "validation"))
    // Beyond this many markers would touch and hide the dashes.
    if run.validation.count <= 31 {
      marks.append(.points(run.validation, Marker(.dot, radius: 3.5, validation)))
    }
    marks += bestMark(run, palette.text, label: "")
    // One label says that the loss exploded; more would only crowd around it.
    let steps = run.trainsByEpoch ? run.training : run.steps
    let breaksOff = steps.contains(where: \.isGap)
    let exceeds = steps.contains { $0.y > axis.domain.upperBound }
    marks += gapMarks(run.training, training, isLabeled: true)
    marks += gapMarks(run.validation, validation, isLabeled: !breaksOff)
    marks += beyondMarks(steps, training, axis, isLabeled: !breaksOff)
    marks += beyondMarks(run.validation, validation, axis, isLabeled: !breaksOff && !exceeds)
    return marks
  }

  private func endLabel(_ name: String, _ points: [DataPoint]) -> String {
    guard let end = points.last else { return name }
    if end.isGap { return name.isEmpty ? "diverged" : "\(name.keptLeft) diverged" }
    return name.isEmpty ? text(end.y) : "\(name.keptLeft) \(text(end.y))"
  }

  // MARK: Several runs

  func marksOfSeveral(_ axis: Axis) -> [any Mark] {
    let order = ranking
    let pens = pens
    let crowd = order.dropFirst(Self.namedRuns).map { runs[$0] }
    var marks = guessingMark
    for (index, run) in crowd.enumerated() {
      let label = index == 0 ? (crowd.count == 1 ? "1 other" : "\(crowd.count) others") : nil
      marks.append(.line(run.validation, crowdPen, label: label))
    }
    // Worst first, so that the best lies on top.
    for index in order.prefix(Self.namedRuns).reversed() {
      let run = runs[index]
      let pen = pens[index]
      if run.validation.isEmpty {
        marks.append(
          .line(
            run.training, pen, label: endLabel(run.curve.name, run.training), name: run.curve.name))
      } else if runs.count <= Self.runsWithTraining {
        marks.append(
          .line(run.training, Pen(pen.color.opacity(0.55), width: 1.3, dashes: pen.stroke.dashes)))
      }
      marks.append(
        .line(
          run.validation, pen, label: endLabel(run.curve.name, run.validation),
          name: run.curve.name))
      marks += gapMarks(run.validation, pen.color, isLabeled: false)
      marks += beyondMarks(run.validation, pen.color, axis, isLabeled: false)
    }
    if let index = order.first, runs[index].best != nil {
      let name = runs[index].curve.name
      marks += bestMark(runs[index], theme.palette.text, label: name.isEmpty ? "" : "\(name), ")
    }
    return marks
  }

  /// Indices of runs, best validation first; runs without one last.
  var ranking: [Int] {
    let worst = quantity == .accuracy ? -Double.infinity : .infinity
    return runs.indices.sorted { first, second in
      let a = runs[first].best?.point.y ?? worst
      let b = runs[second].best?.point.y ?? worst
      return a == b ? first < second : quantity == .accuracy ? a > b : a < b
    }
  }

  private var crowdPen: Pen { Pen(theme.palette.context, width: 1) }

  /// The runs that are named, in their order or, if there are too many, the best first.
  private var named: ArraySlice<Int> {
    (runs.count <= Self.namedRuns ? Array(runs.indices) : ranking).prefix(Self.namedRuns)
  }

  /// The names of runs whose lines are labeled by something else.
  var legend: [LegendEntry] {
    let pens = pens
    return named.filter { !runs[$0].curve.runName.isEmpty }
      .map { LegendEntry(runs[$0].curve.runName, pens[$0]) }
  }

  /// One pen for each run: those that are named differ in color, the others are a crowd.
  private var pens: [Pen] {
    let named = named
    var pens = Array(repeating: crowdPen, count: runs.count)
    for (index, pen) in zip(named, theme.pens(for: named.map { runs[$0].curve.group })) {
      pens[index] = pen
    }
    return pens
  }

  var learningRateMarks: [any Mark] {
    let isNamed = quantity == .learningRate && runs.count <= Self.namedRuns
    let pens = runs.count == 1 ? [Pen(theme.palette.series[2], width: 2)] : pens
    return zip(runs, pens).map { run, pen in
      let name = runs.count == 1 ? "" : run.curve.name
      return .line(
        run.learningRate, pen, label: isNamed ? endLabel(name, run.learningRate) : nil)
    }
  }

  // MARK: Single points

  private func bestMark(_ run: PlottedRun, _ color: Color, label: String) -> [any Mark] {
    guard let best = run.best else { return [] }
    // The epoch with the lowest loss need not have the highest accuracy.
    let isHighest = quantity != .accuracy || run.validation.allSatisfy { !($0.y > best.point.y) }
    let name = run.curve.keepsLast ? "last" : isHighest ? "best" : "lowest loss:"
    return [
      .annotation(
        best.point, Marker(.ring, radius: 8, color),
        label: "\(name) \(text(best.point.y)) · \(label)\(epochText(best.epoch))")
    ]
  }

  /// A cross where a line breaks off, at the height it had last.
  private func gapMarks(_ points: [DataPoint], _ color: Color, isLabeled: Bool) -> [any Mark] {
    var marks: [any Mark] = []
    var height: Double?
    for (index, point) in points.enumerated() {
      if !point.isGap {
        height = point.y
      } else if index == 0 || !points[index - 1].isGap {
        let label = isLabeled && marks.isEmpty ? "not a number" : nil
        marks.append(
          .annotation(
            DataPoint(point.x, height ?? guessing ?? 0), Marker(.cross, radius: 5.5, color),
            label: label))
      }
    }
    return marks
  }

  /// Triangles at the upper edge where points lie above it; the highest has its value beside it.
  private func beyondMarks(
    _ points: [DataPoint], _ color: Color, _ axis: Axis, isLabeled: Bool
  ) -> [any Mark] {
    let edge = axis.domain.upperBound
    let beyond = points.filter { $0.y > edge }
    guard let highest = beyond.max(by: { $0.y < $1.y }) else { return [] }
    let spacing = furthest / 60
    var marks: [any Mark] = []
    var last = -Double.infinity
    func mark(_ point: DataPoint, label: String?) -> any Mark {
      .annotation(
        DataPoint(point.x, edge), Marker(.triangle, radius: 4.5, color), label: label)
    }
    for point in beyond where point.x - last >= spacing && abs(point.x - highest.x) >= spacing {
      marks.append(mark(point, label: nil))
      last = point.x
    }
    marks.append(mark(highest, label: isLabeled ? "up to \(text(highest.y))" : nil))
    return marks
  }
}
