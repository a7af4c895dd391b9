internal import Optimization
internal import Plotting
internal import Races

/// A surface as the page draws it.
struct GroundView: Encodable {
  /// Heights on a grid, row by row from the lowest y; for a curve one row from left to right.
  ///
  /// Nil where there is none.
  var heights: [Double?]
  var columns: Int, rows: Int
  /// The same heights as they rise in three dimensions, in thousandths.
  var relief: [Int] = []
  /// Heights of the lines of equal height.
  var levels: [Double] = []
  /// For each level the segments of its line, four numbers each: x and y of both ends, in
  /// ten-thousandths of the window.
  var contours: [[Int]] = []

  private static let size = (columns: 97, rows: 81)

  init(_ surface: Surface) {
    guard surface.dimension == 2 else {
      heights = surface.curve.map { $0.y.isFinite ? $0.y : nil }
      (columns, rows) = (heights.count, 1)
      return
    }
    let field = surface.heightField(columns: Self.size.columns, rows: Self.size.rows)
    let relief = Relief(field)
    (columns, rows) = Self.size
    heights = field.values.map { $0.isFinite ? $0 : nil }
    self.relief = field.values.map { Int((relief.height($0) * 1000).rounded()) }
    levels = field.levels(15)
    func part(_ value: Double, _ range: ClosedRange<Double>) -> Int {
      Int(((value - range.lowerBound) / (range.upperBound - range.lowerBound) * 1e4).rounded())
    }
    contours = levels.map { level in
      field.contour(at: level).flatMap { a, b in
        [part(a.x, field.x), part(a.y, field.y), part(b.x, field.x), part(b.y, field.y)]
      }
    }
  }
}

/// Final heights over learning rates.
struct RatesView: Encodable {
  var rates: [Double]
  /// For each marble the heights above the lowest place; nil for a method without a rate.
  var heights: [[Double]?]
  var startHeight: Double
  /// Heights from here on stand for a marble that diverged.
  var ceiling: Double

  /// Nil if no marble has a learning rate.
  init?(_ race: Race) {
    let choices = race.contestants.map(\.choice.withoutRate)
    var distinct: [MarbleChoice] = []
    for choice in choices where choice.hasRate && !distinct.contains(choice) {
      distinct.append(choice)
    }
    guard !distinct.isEmpty else { return nil }
    let map = RateMap(
      distinct, on: race.surface, from: race.start, steps: race.steps, noise: race.noise,
      count: 60)
    rates = map.rates
    heights = choices.map { choice in distinct.firstIndex(of: choice).map { map.heights[$0] } }
    startHeight = map.startHeight
    ceiling = map.startHeight * RateMap.ceiling
  }
}

/// To which minimum a marble rolls, over starts.
struct BasinsView: Encodable {
  var columns: Int, rows: Int
  /// The index of the minimum for each start, row by row from the lowest y; -1 for none.
  var basins: [Int]
  /// How long it took, in hundredths of all steps.
  var times: [Int]
  var minima: [[Double]]
  /// Of the minima, in the light and in the dark theme.
  var colors: [String: [String]]

  /// - Precondition: The surface has two dimensions, and there is a marble of that index.
  init(_ race: Race, marble: Int) {
    let choice = race.contestants[marble].choice
    let map = BasinMap(
      choice, rate: choice.rate ?? choice.defaultRate(on: race.surface), on: race.surface,
      steps: race.steps, noise: race.noise, columns: 48, rows: 40)
    (columns, rows) = (map.columns, map.cells.count / map.columns)
    basins = map.cells.map { $0.basin ?? -1 }
    times = map.cells.map { Int(($0.time * 100).rounded()) }
    minima = map.minima
    colors = Theme.onPages.mapValues { $0.basinColors(count: map.minima.count).map(\.hex) }
  }
}
