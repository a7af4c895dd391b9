/// How a line of data is drawn.
public struct Pen: Hashable, Sendable {
  /// Color of the line and of its label.
  public var color: Color
  /// Width and dashes.
  public var stroke: Stroke

  /// Creates a pen.
  ///
  /// - Parameter width: Canvas units.
  public init(_ color: Color, width: Double = 2.5, dashes: [Double] = []) {
    self.color = color
    stroke = Stroke(width: width, dashes: dashes, cap: dashes.isEmpty ? .round : .butt)
  }

  /// The length of a sample of the line within `room`: whole dashes, so that it looks alike.
  func sampleLength(within room: Double) -> Double {
    guard let gap = stroke.dashes.last else { return room }
    let period = stroke.dashes.reduce(0, +)
    return min(room, max(1, ((room + gap) / period).rounded(.down)) * period - gap)
  }
}
