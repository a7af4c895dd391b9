import Foundation
import Plotting
import Support
import Tensors
import Training

/// A network and its path on a measured surface.
struct SurfaceMarble {
  let name: String
  /// Its places in the plane; the last is that of the network.
  let places: [DataPoint]
  /// Its true losses there, off the plane as well; empty before they are measured.
  private(set) var losses: [Double] = []
  /// How far each place is off the plane, in units of the parameters.
  let distances: [Double]
  let steps: [Int]?
  private let values: [NetworkValues]

  init(_ network: SurfaceNetwork, named name: String, on plane: LossPlane) {
    self.name = name
    steps = network.steps
    values = network.path
    let found = network.path.map { plane.place(of: $0) }
    places = found.map { DataPoint($0.x, $0.y) }
    distances = found.map(\.distance)
  }

  /// The same with its losses; processes share the places.
  func measured(on surface: LossSurface, _ workers: Workers) throws -> SurfaceMarble {
    var marble = self
    marble.losses = try workers.shareTasks(values.count) { surface.loss(at: values[$0]) }
    return marble
  }

  /// How far it is off the plane at most, beside how long its path is in it.
  var offPlane: String {
    let length = places.map { hypot($0.x - places[0].x, $0.y - places[0].y) }.max() ?? 0
    let part = (distances.max() ?? 0) / max(length, 1e-300)
    return part < 10 ? part.percentage(decimals: 0) : "over 1000%"
  }

  /// What it lost, on the terminal.
  var line: String {
    let last = losses.count - 1
    let from = last > 0 ? "from \(losses[0].digits(4)) to " : ""
    return "loss   \(from)\(losses[last].digits(4)) · \(name.fitted(40))"
  }

  /// It and its losses, for programs.
  var summary: SurfaceReport.Summary.Network {
    SurfaceReport.Summary.Network(
      name: name, steps: steps, x: places.map(\.x), y: places.map(\.y), losses: losses,
      distances: distances)
  }

  var path: RacePath {
    RacePath(
      label: name, detail: "loss \(losses[losses.count - 1].short)",
      outcome: "loss \(losses[losses.count - 1].digits(4))"
        + (steps.map { " after \(($0.last ?? 0).counted("step"))" } ?? ""),
      points: places, values: losses, steps: steps)
  }
}

extension [SurfaceMarble] {
  /// What to measure: a square around a network, or all that the paths cross, and a margin.
  func window(
    of choice: PlaneChoice, reach: Double
  ) -> (x: ClosedRange<Double>, y: ClosedRange<Double>) {
    guard choice != .random else { return (-reach...reach, -reach...reach) }
    func range(_ part: KeyPath<DataPoint, Double>) -> ClosedRange<Double> {
      let values = flatMap { $0.places.map { $0[keyPath: part] } }
      let (low, high) = (values.min() ?? 0, values.max() ?? 1)
      let margin = 0.3 * Swift.max(high - low, 1e-9)
      return low - margin...high + margin
    }
    return (range(\.x), range(\.y))
  }
}

/// What a measured surface looks like: as figures, as text and for programs.
struct SurfaceReport {
  let measurement: SurfaceMeasurement
  private let marbles: [SurfaceMarble]
  private let choice: PlaneChoice
  private let axes: [String]
  private let source: String
  private let field: HeightField
  /// Those that are finite, ascending.
  private let heights: [Double]

  /// What `--json` prints.
  struct Summary: Encodable {
    struct Network: Encodable {
      var name: String, steps: [Int]?, x: [Double], y: [Double], losses: [Double]
      var distances: [Double]
    }

    var plane: String, axes: [String], cosine: Double
    var points: Int, images: Int, lowest: Double, highest: Double, basins: Int
    var networks: [Network]
    var reading: String
    var figures: [String]
  }

  init(
    _ measurement: SurfaceMeasurement, _ marbles: [SurfaceMarble], _ choice: PlaneChoice,
    axes: [String], _ source: String
  ) {
    self.measurement = measurement
    self.marbles = marbles
    self.choice = choice
    self.axes = axes
    self.source = source
    field = measurement.field
    heights = field.values.filter(\.isFinite).sorted()
  }

  func summary(figures: [String]) -> Summary {
    Summary(
      plane: choice.rawValue, axes: axes, cosine: measurement.plane.cosine,
      points: measurement.grid.count, images: measurement.surface.imageCount,
      lowest: heights.first ?? .nan, highest: heights.last ?? .nan, basins: basins,
      networks: marbles.map(\.summary), reading: reading, figures: figures)
  }

  // MARK: Figures

  private var title: String {
    marbles.count == 1
      ? "The loss surface of \(marbles[0].name)"
      : "\(marbles.count) networks on one loss surface"
  }

  private var footer: String {
    "\(measurement.grid.count)×\(measurement.grid.count) points · "
      + "\(measurement.surface.imageCount.counted("image")) of \(source)"
  }

  func map(_ theme: Theme) -> LossMapFigure {
    LossMapFigure(
      title: title, subtitle: reading, footer: footer, field: field, horizontal: axes[0],
      vertical: axes[1], paths: marbles.map(\.path), theme: theme)
  }

  func landscape(_ theme: Theme) -> LandscapeFigure {
    LandscapeFigure(
      title: title, subtitle: reading, footer: footer, field: field, minima: [],
      paths: marbles.map(\.path), areLifted: true, theme: theme)
  }

  // MARK: Words

  /// The networks, and what the numbers say.
  var text: String {
    let lines = sentences.flatMap { sentence in
      sentence.split(separator: " ").map(String.init).lines(width: 80, separator: " ")
    }
    return (marbles.map(\.line) + lines).joined(separator: "\n")
  }

  /// What to see, in a line.
  private var reading: String { sentences.joined(separator: " ") }

  private var sentences: [String] {
    guard let low = heights.first, let high = heights.last else { return ["No loss is finite."] }
    let top = (1000..<1e6).contains(high) ? high.decimal(0) : high.short
    // A coarse grid shows no basins.
    let valleys =
      measurement.grid.count < Self.fewestPoints
      ? "" : basins == 1 ? ", one basin" : ", \(basins) basins"
    return ["Losses from \(low.short) to \(top)\(valleys)."] + (offPlane.map { [$0] } ?? [])
  }

  private static let fewestPoints = 15

  /// How far each path leaves the plane, beside how long it is in it.
  private var offPlane: String? {
    guard choice == .path else { return nil }
    guard marbles.count > 1 else {
      return "The path leaves the plane by \(marbles[0].offPlane) of its length."
    }
    let parts = marbles.map { "\($0.offPlane) (\($0.name.fitted(16)))" }
    return "The paths leave the plane by \(parts.joined(separator: " and ")) of their lengths."
  }

  /// Separate places with a loss nearer to the lowest than to that of guessing, in ratio.
  ///
  /// Those of fewer than four points are noise of the grid.
  private var basins: Int {
    guard let lowest = heights.first else { return 0 }
    let guessing = measurement.surface.guessingLoss
    let level =
      lowest > 0 && lowest < guessing
      ? (lowest * guessing).squareRoot() : heights[heights.count / 4]
    let count = measurement.grid.count
    var isOpen = field.values.map { $0 <= level }
    var basins = 0
    for start in isOpen.indices where isOpen[start] {
      var waiting = [start]
      var size = 0
      isOpen[start] = false
      while let place = waiting.popLast() {
        size += 1
        let column = place % count
        let sides = [
          column > 0 ? place - 1 : -1, column < count - 1 ? place + 1 : -1, place - count,
          place + count,
        ]
        for side in sides where isOpen.indices.contains(side) && isOpen[side] {
          isOpen[side] = false
          waiting.append(side)
        }
      }
      if size >= 4 { basins += 1 }
    }
    return max(1, basins)
  }
}
