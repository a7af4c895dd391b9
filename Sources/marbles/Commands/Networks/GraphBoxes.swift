import Plotting
import Training

/// A graph of numbers as boxes: a number with what enters it, stage by stage.
///
/// Parameters that only one number uses stand in its box; those that several use, as the weights of
/// a convolution, in a list of their own.
struct GraphBoxes {
  /// What a row of a box shows.
  struct Entry {
    /// The parameter that it shows, and the number whose arrow ends there.
    var place: Int?, source: Int?
  }

  private(set) var boxes: [(place: Int?, box: GraphFigure.Box)] = []
  /// For each box.
  private(set) var rows: [[Entry]] = []
  private(set) var arrows: [GraphFigure.Arrow] = []
  private let report: BackpropagationReport
  private var graph: ScalarGraph { report.graph }
  /// The new values of parameters, by their places.
  private let updated: [Int: Double]
  private let uses: [Int: Int]

  /// Significant digits in boxes.
  private static let digits = 3

  init(_ report: BackpropagationReport) {
    self.report = report
    let nodes = report.graph.nodes
    let parameters = nodes.indices.filter { nodes[$0].kind == .parameter }
    updated = Dictionary(
      uniqueKeysWithValues: zip(parameters, report.backpropagation.updated))
    uses = Dictionary(grouping: report.graph.arrows, by: \.source).mapValues(\.count)
    var boxOfPlace: [Int: Int] = [:]
    for (column, stage) in graph.stages.enumerated() {
      let shared = stage.parameters.filter { uses[$0, default: 0] != 1 }
      if !shared.isEmpty {
        append(nil, nil, shared.map { Entry(place: $0) }, column)
      }
      for place in stage.outputs {
        boxOfPlace[place] = boxes.count
        append(place, row(of: place), entries(of: place), column)
      }
    }
    for (index, entries) in rows.enumerated() {
      for (row, entry) in entries.enumerated() {
        guard let source = entry.source, let box = boxOfPlace[source] else { continue }
        arrows.append(GraphFigure.Arrow(from: box, to: index, row: row))
      }
    }
  }

  private mutating func append(
    _ place: Int?, _ head: GraphFigure.Row?, _ entries: [Entry],
    _ column: Int
  ) {
    let lines = entries.map { entry in
      entry.place.map { row(of: $0, isListed: place == nil) }
        ?? factor(of: entry.source ?? 0, in: place ?? 0)
    }
    boxes.append((place, GraphFigure.Box(column: column, head: head, rows: lines)))
    rows.append(entries)
  }

  /// What enters a number: of products with a parameter that one, otherwise a factor.
  private func entries(of place: Int) -> [Entry] {
    guard let formula = graph.nodes[place].formula else { return [] }
    if case .sum(let terms) = formula {
      return terms.map { term in
        Entry(place: term.first(where: isParameter), source: term.first { !isParameter($0) })
      }
    }
    return formula.sources.map { source in
      isParameter(source) ? Entry(place: source) : Entry(source: source)
    }
  }

  private func isParameter(_ place: Int) -> Bool { graph.nodes[place].kind == .parameter }

  /// A number with its value and gradient; a shared parameter has its gradient in the list only.
  private func row(of place: Int, isListed: Bool = false) -> GraphFigure.Row {
    let node = graph.nodes[place]
    let isShared = node.kind == .parameter && uses[place, default: 0] != 1 && !isListed
    var row = GraphFigure.Row(
      node.name, value: node.value.significant(Self.digits),
      gradient: isShared ? "" : node.gradient.significant(Self.digits))
    row.otherValue = updated[place]?.significant(Self.digits) ?? ""
    return row
  }

  /// What an arrow's number is multiplied by.
  private func factor(of source: Int, in target: Int) -> GraphFigure.Row {
    let arrow = graph.arrows.first { $0.source == source && $0.target == target }
    return GraphFigure.Row(
      "∂/∂\(report.name(source))",
      value: (arrow?.derivative ?? 0).significant(Self.digits), isFactor: true)
  }
}
