import Plotting
import Support

/// What a cut through a loss surface looks like: as a figure, as text and for programs.
struct SurfaceCutReport {
  private let cut: SurfaceCut
  private let marbles: [SurfaceMarble]
  private let axis: String, choice: PlaneChoice
  private let images: Int, source: String

  /// What `--json` prints.
  struct Summary: Encodable {
    var line: String, axis: String, images: Int
    var rows: [SurfaceCut.Row]
    var networks: [SurfaceReport.Summary.Network]
    var reading: String
    var figures: [String]
  }

  init(
    _ cut: SurfaceCut, _ marbles: [SurfaceMarble], axis: String, _ choice: PlaneChoice,
    images: Int, _ source: String
  ) {
    self.cut = cut
    self.marbles = marbles
    self.axis = axis
    self.choice = choice
    self.images = images
    self.source = source
  }

  func summary(figures: [String]) -> Summary {
    Summary(
      line: choice.rawValue, axis: axis, images: images, rows: cut.rows,
      networks: marbles.map(\.summary), reading: cut.reading, figures: figures)
  }

  func figure(_ theme: Theme) -> AxesFigure {
    .lossCut(
      cut.plotted(over: axis), paths: marbles.map(\.path),
      title: marbles.count == 1
        ? "A cut through the loss surface of \(marbles[0].name)" : "A cut through a loss surface",
      subtitle: cut.reading,
      footer: "\(cut.rows.count) places · \(images.counted("image")) of \(source)", theme: theme)
  }

  var text: String { (marbles.map(\.line) + [cut.reading]).joined(separator: "\n") }
}
