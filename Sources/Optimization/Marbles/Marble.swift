/// A point that rolls on a surface, one step at a time.
public protocol Marble {
  /// Where it is.
  var place: [Double] { get }

  /// Takes one step.
  ///
  /// - Parameter slope: The surface, with the noise of this step.
  mutating func step(on slope: Slope)

  /// An explanation of its last step; empty by default.
  var explanation: String { get }
}

extension Marble {
  public var explanation: String { "" }
}

/// What a marble can measure of a surface at one step.
public struct Slope: Sendable {
  /// The surface itself.
  public let surface: Surface
  /// The noise of this step, which is added to every gradient.
  let push: [Double]

  /// Creates the slope of one step.
  ///
  /// - Parameter push: The noise, one value per variable.
  package init(surface: Surface, push: [Double]) {
    self.surface = surface
    self.push = push
  }

  /// The height at a place.
  public func value(at place: [Double]) -> Double { surface.value(at: place) }

  /// The gradient at a place, with noise.
  public func gradient(at place: [Double]) -> [Double] {
    zip(surface.valueAndGradient(at: place).gradient, push).map { $0 + $1 }
  }
}
