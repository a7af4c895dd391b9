/// Distributions of several groups, one panel for each quantity, two panels side by side.
public struct DistributionFigure: TitledFigure {
  /// The distributions of one quantity.
  public struct Panel: Hashable, Sendable {
    /// The quantity.
    public var title: String
    /// For each group, the fractions at equally wide levels, in order.
    public var groups: [[Double]]

    /// Creates a panel.
    public init(_ title: String, _ groups: [[Double]]) {
      self.title = title
      self.groups = groups
    }
  }

  /// Says what is shown.
  public var title: String
  /// Says how to read it.
  public var subtitle: String
  /// The names of the groups.
  public var groups: [String]
  /// From left to right and from top to bottom.
  public var panels: [Panel]
  /// The range of the levels.
  public var domain: ClosedRange<Double>
  /// The colors.
  public var theme: Theme

  /// Creates a figure.
  ///
  /// - Precondition: Every panel has a distribution for each group.
  public init(
    title: String, subtitle: String, groups: [String], panels: [Panel],
    domain: ClosedRange<Double>, theme: Theme = .light
  ) {
    precondition(
      panels.allSatisfy { $0.groups.count == groups.count }, "a panel without some group")
    self.title = title
    self.subtitle = subtitle
    self.groups = groups
    self.panels = panels
    self.domain = domain
    self.theme = theme
  }

  public var size: Size { .chart }

  public func draw(on canvas: any Canvas) {
    AxesFigure(
      title: title, subtitle: subtitle, axes: panels.map(axes), columns: 2,
      legend: legend, footer: "", theme: theme
    ).draw(on: canvas)
  }

  private var pens: [Pen] {
    let pens = theme.pens(count: min(groups.count, Self.mostColors))
    return groups.indices.map { $0 < pens.count ? pens[$0] : crowdPen }
  }

  private var legend: [LegendEntry] {
    let others = groups.count - Self.mostColors
    let named = zip(groups, pens).prefix(Self.mostColors).map(LegendEntry.init)
    return others > 0
      ? named + [LegendEntry(others == 1 ? groups[Self.mostColors] : "\(others) others", crowdPen)]
      : named
  }

  private var crowdPen: Pen { Pen(theme.palette.context, width: 1.2) }

  /// Groups beyond this number are drawn as a crowd.
  private static let mostColors = 6

  private func axes(_ panel: Panel) -> Axes {
    // All panels have one scale, so that they can be compared.
    let peak = panels.flatMap(\.groups).flatMap(\.self).filter(\.isFinite).max() ?? 0
    let lines = zip(panel.groups, pens).map { parts, pen in
      LineMark(points(parts), pen)
    }
    return Axes(
      horizontal: Axis("level", domain),
      vertical: Axis(
        panel.title, Ticks.niceDomain(around: 0...max(peak, 1e-6), limit: 4), format: .percent,
        tickLimit: 4),
      // The first group lies on top.
      marks: lines.reversed())
  }

  /// The middle of each level and its fraction.
  private func points(_ parts: [Double]) -> [DataPoint] {
    let step = (domain.upperBound - domain.lowerBound) / Double(max(1, parts.count))
    return parts.enumerated().map { index, part in
      DataPoint(domain.lowerBound + (Double(index) + 0.5) * step, part)
    }
  }
}
