/// A figure that can also be drawn for a narrow page, such as that of a phone, with letters that
/// can be read there.
package protocol NarrowFigure: Figure {
  /// What it is drawn on there; nil if its content is too wide.
  var narrowSize: Size? { get }
}

extension Size {
  /// About as many canvas units as a phone has pixels across.
  static let narrowWidth = 440.0
}

extension Canvas {
  /// Whether there is so little room that words are broken into lines.
  var isNarrow: Bool { width <= Size.narrowWidth }
}
