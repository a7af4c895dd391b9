/// One direction of a pair of axes.
public struct Axis: Hashable, Sendable {
  /// The quantity and its unit.
  public var title: String
  /// From one end of the axis to the other; drawn as far as numbers can be told apart.
  public var domain: ClosedRange<Double>
  /// What equal distances stand for.
  public var kind: Scale.Kind
  /// How tick labels are written.
  public var format: NumberFormat
  /// The greatest number of ticks, at least 2.
  public var tickLimit: Int

  /// Creates an axis.
  public init(
    _ title: String, _ domain: ClosedRange<Double>, _ kind: Scale.Kind = .linear,
    format: NumberFormat = .plain, tickLimit: Int = 6
  ) {
    self.title = title
    self.domain = kind.drawable(domain)
    self.kind = kind
    self.format = format
    self.tickLimit = tickLimit
  }

  var ticks: Ticks { ticks(upTo: tickLimit) }

  /// The ticks of a horizontal axis, fewer where their labels would touch.
  ///
  /// - Parameter length: Canvas units.
  func ticks(along length: Double) -> Ticks {
    ticks(upTo: max(2, min(tickLimit, Int(length / 46))))
  }

  private func ticks(upTo limit: Int) -> Ticks {
    Ticks(over: domain, kind, format: format, limit: limit)
  }

  func scale(from start: Double, to end: Double) -> Scale {
    Scale(kind, domain: kind.drawable(domain), from: start, to: end)
  }
}

/// A horizontal and a vertical axis and what is drawn between them.
public struct Axes: Sendable {
  /// The two directions.
  public var horizontal: Axis, vertical: Axis
  /// In drawing order.
  public var marks: [any Mark]
  /// Whether horizontal grid lines run through the marks.
  public var hasGrid: Bool

  /// Creates axes.
  public init(
    horizontal: Axis, vertical: Axis, hasGrid: Bool = true, marks: [any Mark] = []
  ) {
    self.horizontal = horizontal
    self.vertical = vertical
    self.marks = marks
    self.hasGrid = hasGrid
  }

  /// Labels of lines with the value each line ends at.
  var endLabels: [EndLabel] { marks.compactMap(\.endLabel) }
}
