/// Something Marbles draws: curves in axes, a race, a sheet of images.
///
/// A figure of your own needs a title, a size and `draw(on:)`; PNG, SVG and PDF files come with it.
/// What is to be seen is said by `captions`.
public protocol Figure: Sendable {
  /// Says what is shown; vector files carry it as their title.
  var title: String { get }
  /// What there is to see and how to read it, for those who read instead of look: lines of plain
  /// text, none if the title says all.
  var captions: [String] { get }
  /// Canvas units; a PNG has two pixels for each.
  var size: Size { get }
  /// Fills a canvas of `size`.
  func draw(on canvas: any Canvas)
}

extension Figure {
  public var captions: [String] { [] }
}

/// Width and height in canvas units.
public struct Size: Hashable, Sendable {
  /// Canvas units.
  public var width: Double, height: Double

  /// Creates a size.
  public init(_ width: Double, _ height: Double) {
    self.width = width
    self.height = height
  }

  /// The size of a figure with one pair of axes.
  public static let chart = Size(800, 500)
  /// The size of a figure with a ground for marbles and a table beside it.
  public static let race = Size(960, 600)
}
