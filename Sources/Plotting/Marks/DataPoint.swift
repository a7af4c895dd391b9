/// A pair of values; NaN in `y` leaves a gap.
public struct DataPoint: Hashable, Sendable {
  /// In units of the axes.
  public var x: Double, y: Double

  /// Creates a pair of values.
  public init(_ x: Double, _ y: Double) {
    self.x = x
    self.y = y
  }

  /// Whether a line breaks off here.
  var isGap: Bool { !y.isFinite }
}
