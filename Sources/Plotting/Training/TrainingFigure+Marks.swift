extension TrainingFigure {
  /// More runs are too many for a second line each.
  static let runsWithTraining = 3
  /// Runs beyond these are drawn as a grey crowd.
  static let namedRuns = 10

  // MARK: One run

  func marksOfOne(_ axis: Axis) -> [Mark] {
    let palette = theme.palette
    let run = runs[0]
    let (training, validation) = (palette.series[0], palette.series[1])
    var marks: [Mark] = []
    if !run.single.isEmpty {
      let radius = run.single.count > 1000 ? 1.0 : 1.4
      marks.append(.points(run.single, Marker(.dot, radius: radius, training.opacity(0.3))))
    }
    if quantity == .loss, let overfit = run.overfit {
      marks.append(.band(overfit.validation, overfit.training, validation.opacity(0.12)))
    }
    marks += guessingMark
    // Thousands of steps as they were are a solid block in a bold line.
    let isRaw = run.single.isEmpty && run.training.count > 100
    marks.append(
      .line(
        run.training, Pen(training, width: isRaw ? 1 : 2.5),
        label: endLabel("training", run.training)))
    if run.trainsByEpoch {
      marks.append(.points(run.training, Marker(.dot, radius: 3, training)))
    }
    marks.append(
      .line(
        run.validation, Pen(validation, dashes: [7, 4]),
        label: endLabel("validation", run.validation)))
    // Beyond this many markers would touch and hide the dashes.
    if run.validation.count <= 31 {
      marks.append(.points(run.validation, Marker(.dot, radius: 3.5, validation)))
    }
    marks += bestMark(run, palette.text, label: "")
    // One label says that the loss exploded; the others would only crowd around it.
    let steps = run.trainsByEpoch ? run.training : run.steps
    let breaksOff = steps.contains(where: \.isGap)
    let exceeds = steps.contains { $0.y > axis.domain.upperBound }
    marks += gapMarks(run.training, training, isLabelled: true)
    marks += gapMarks(run.validation, validation, isLabelled: !breaksOff)
    marks += beyondMarks(steps, training, axis, isLabelled: !breaksOff)
    marks += beyondMarks(run.validation, validation, axis, isLabelled: !breaksOff && !exceeds)
    return marks
  }

  private func endLabel(_ name: String, _ points: [DataPoint]) -> String {
    guard let end = points.last else { return name }
    if end.isGap { return name.isEmpty ? "diverged" : "\(name) diverged" }
    return name.isEmpty ? text(end.y) : "\(name) \(text(end.y))"
  }

  // MARK: Several runs

  func marksOfSeveral(_ axis: Axis) -> [Mark] {
    let order = ranking
    let crowd = order.dropFirst(Self.namedRuns).map { runs[$0] }
    var marks = guessingMark
    for (index, run) in crowd.enumerated() {
      let label = index == 0 ? (crowd.count == 1 ? "1 other" : "\(crowd.count) others") : nil
      marks.append(.line(run.validation, crowdPen, label: label))
    }
    // Worst first, so that the best lies on top.
    for index in order.prefix(Self.namedRuns).reversed() {
      let run = runs[index]
      let pen = pen(ofRun: index)
      if runs.count <= Self.runsWithTraining {
        marks.append(
          .line(run.training, Pen(pen.color.opacity(0.55), width: 1.3, dashes: pen.stroke.dashes)))
      }
      marks.append(.line(run.validation, pen, label: endLabel(run.curve.name, run.validation)))
      marks += gapMarks(run.validation, pen.color, isLabelled: false)
      marks += beyondMarks(run.validation, pen.color, axis, isLabelled: false)
    }
    if let index = order.first, runs[index].best != nil {
      let name = runs[index].curve.name
      marks += bestMark(runs[index], theme.palette.text, label: name.isEmpty ? "" : "\(name), ")
    }
    return marks
  }

  /// Indices of runs, best validation first; runs without one last.
  private var ranking: [Int] {
    let worst = quantity == .accuracy ? -Double.infinity : .infinity
    return runs.indices.sorted { first, second in
      let a = runs[first].best?.point.y ?? worst
      let b = runs[second].best?.point.y ?? worst
      return a == b ? first < second : quantity == .accuracy ? a > b : a < b
    }
  }

  private var crowdPen: Pen { Pen(theme.palette.context, width: 1) }

  /// Colours go to the runs that are named, in the order the runs were given, or are those of their
  /// optimizers if all of these differ; dashes tell apart runs that share one.
  private func pen(ofRun index: Int) -> Pen {
    let named = runs.count <= Self.namedRuns ? Array(runs.indices) : ranking
    guard let position = named.prefix(Self.namedRuns).firstIndex(of: index) else { return crowdPen }
    let styles = runs.compactMap(\.curve.style)
    if styles.count == runs.count, Set(styles).count == styles.count {
      return styles[index].pen(theme)
    }
    let colors = theme.palette.series
    let dashes: [[Double]] = [[], [6, 4]]
    return Pen(
      colors[position % colors.count], dashes: dashes[position / colors.count % dashes.count])
  }

  var learningRateMarks: [Mark] {
    runs.indices.map { index in
      let isNamed = quantity == .learningRate && runs.count <= Self.namedRuns
      let points = runs[index].learningRate
      return .line(
        points, runs.count == 1 ? Pen(theme.palette.series[2], width: 2) : pen(ofRun: index),
        label: isNamed ? endLabel(runs.count == 1 ? "" : runs[index].curve.name, points) : nil)
    }
  }

  // MARK: Single points

  private func bestMark(_ run: PlottedRun, _ color: Color, label: String) -> [Mark] {
    guard let best = run.best else { return [] }
    return [
      .annotation(
        best.point, Marker(.ring, radius: 8, color),
        label: "best \(text(best.point.y)) · \(label)\(epochText(best.epoch))")
    ]
  }

  /// A cross where a line breaks off, at the height it had last.
  private func gapMarks(_ points: [DataPoint], _ color: Color, isLabelled: Bool) -> [Mark] {
    var marks: [Mark] = []
    var height: Double?
    for (index, point) in points.enumerated() {
      if !point.isGap {
        height = point.y
      } else if index == 0 || !points[index - 1].isGap {
        let label = isLabelled && marks.isEmpty ? "not a number" : nil
        marks.append(
          .annotation(
            DataPoint(point.x, height ?? guessing ?? 0), Marker(.cross, radius: 5.5, color),
            label: label))
      }
    }
    return marks
  }

  /// Triangles at the upper edge where points lie above it; the highest is told in numbers.
  private func beyondMarks(
    _ points: [DataPoint], _ color: Color, _ axis: Axis, isLabelled: Bool
  ) -> [Mark] {
    let edge = axis.domain.upperBound
    let beyond = points.filter { $0.y > edge }
    guard let highest = beyond.max(by: { $0.y < $1.y }) else { return [] }
    let spacing = furthest / 60
    var marks: [Mark] = []
    var last = -Double.infinity
    func mark(_ point: DataPoint, label: String?) -> Mark {
      .annotation(
        DataPoint(point.x, edge), Marker(.triangle, radius: 4.5, color), label: label)
    }
    for point in beyond where point.x - last >= spacing && abs(point.x - highest.x) >= spacing {
      marks.append(mark(point, label: nil))
      last = point.x
    }
    marks.append(mark(highest, label: isLabelled ? "up to \(text(highest.y))" : nil))
    return marks
  }
}

extension DataPoint {
  /// Whether a line breaks off here.
  var isGap: Bool { !y.isFinite }
}
