internal import Optimization
internal import Plotting
internal import Races

/// All that the page lets one choose.
struct Catalogue: Encodable {
  struct Ground: Encodable {
    var name: String, summary: String, formula: String
    var dimension: Int
  }

  struct Optimizer: Encodable {
    var name: String, summary: String, family: String
    var parameters: [Parameter]
  }

  struct Parameter: Encodable {
    var name: String, summary: String
    /// number, count, flag or list.
    var kind: String
    var low: Double, high: Double
    var fallback: Double
  }

  let surfaces = SurfaceCatalogue.standard.entries.map {
    Ground(
      name: $0.name, summary: $0.summary, formula: $0.printedFormula, dimension: $0.dimension)
  }
  let optimizers = MarbleCatalogue.standard.allNames.compactMap { try? MarbleChoice($0) }
    .map(Optimizer.init)
  /// What a formula may contain.
  let words =
    "Numbers, x, y, pi, e, + − * / ^, comparisons, && || !, and "
    + "\(Formula.functionSignatures.joined(separator: ", "))."
  let presets = Preset.all
  let looks = Playground.looks
  let mostMarbles = RaceState.mostMarbles, mostSteps = RaceState.mostSteps
}

extension Catalogue.Optimizer {
  init(_ choice: MarbleChoice) {
    let summary =
      switch choice {
      case .optimizer(let choice): choice.entry.summary
      case .method(let choice): choice.entry.summary
      }
    self.init(
      name: choice.name, summary: summary, family: choice.family.rawValue,
      parameters: choice.values.parameters.map(Catalogue.Parameter.init))
  }
}

extension Catalogue.Parameter {
  init(_ parameter: ChoiceParameter) {
    let (kind, range) =
      switch parameter.kind {
      case .number(let range): ("number", range)
      case .count(let range): ("count", range)
      case .flag: ("flag", 0...1)
      case .ascending(let range), .perClass(let range): ("list", range)
      }
    self.init(
      name: parameter.name, summary: parameter.summary, kind: kind, low: range.lowerBound,
      high: range.upperBound, fallback: parameter.defaultValues.first ?? 0)
  }
}

extension Playground {
  /// The colors of a page in one theme, as in its style sheet.
  package struct Look: Encodable {
    package let background: String, text: String, secondary: String, grid: String, contour: String
    /// From low to high.
    package let heights: [String]
  }

  /// In the light and in the dark theme.
  package static let looks = Theme.onPages.mapValues { theme in
    let palette = theme.palette
    return Look(
      background: palette.background.hex, text: palette.text.hex,
      secondary: palette.secondaryText.hex, grid: palette.grid.hex, contour: palette.contour.hex,
      heights: palette.heights.map(\.hex))
  }
}
