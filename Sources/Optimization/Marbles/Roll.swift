internal import Foundation

/// The roll of one marble down a surface.
public struct Roll: Sendable {
  /// Where a marble was after a step.
  public struct Sample: Hashable, Sendable {
    /// One number per variable of the surface.
    public var place: [Double]
    /// The height there.
    public var value: Double
    /// ‖∇f‖ there, without noise.
    public var slope: Double
  }

  /// Another rate, or other parameters, from a step on.
  public struct Change: Hashable, Sendable {
    /// The number of steps before it.
    public var step: Int
    /// What moves the marble from then on, at its last rate if this gives none.
    public var choice: MarbleChoice

    /// Creates a change.
    public init(atStep step: Int, to choice: MarbleChoice) {
      self.step = step
      self.choice = choice
    }
  }

  /// How it ended.
  public enum Outcome: Hashable, Sendable {
    /// It is at a lowest place, and has been since a step.
    case minimum(step: Int)
    /// It rests at a minimum, but the surface is lower elsewhere.
    case localMinimum
    /// It rests where there is still a way down.
    case saddle
    /// It rests where slope and curvature tell nothing.
    case flat
    /// It left the map at a step, lower than it began.
    case left(step: Int)
    /// It left the map at a step, higher than it began, or became NaN.
    case diverged(step: Int)
    /// It hardly moves, though the bottom is not near: its steps are too short for the slope.
    case slow
    /// It is still rolling.
    case rolling
  }

  /// What moved it, and at which rate.
  public let choice: MarbleChoice
  public let rate: Double
  /// The start, then one for each step; a diverged marble has fewer.
  public let trajectory: [Sample]
  /// How it ended.
  public let outcome: Outcome
  /// An explanation of each step, if requested.
  public let explanations: [String]

  /// Lets a marble roll.
  ///
  /// - Parameters:
  ///   - rate: nil for the choice's own, or its default on the surface.
  ///   - start: nil for the surface's.
  ///   - steps: At most this many.
  ///   - noise: Added to every slope.
  ///   - changes: What moves it later on.
  ///   - isExplained: Whether explanations are kept.
  public init(
    _ choice: MarbleChoice, on surface: Surface, rate: Double? = nil, from start: [Double]? = nil,
    steps: Int, noise: GradientNoise? = nil, changes: [Change] = [], isExplained: Bool = false
  ) {
    self.choice = choice
    let rate = rate ?? choice.rate ?? choice.defaultRate(on: surface)
    self.rate = rate
    var marble = RollingMarble(
      choice, on: surface, rate: rate, from: start, noise: noise, changes: changes)
    var trajectory = [marble.sample]
    var explanations: [String] = []
    while trajectory.count <= steps, marble.advance() {
      trajectory.append(marble.sample)
      if isExplained { explanations.append(marble.explanation) }
    }
    if isExplained, marble.isBeyond { explanations.append(marble.explanation) }
    self.trajectory = trajectory
    self.explanations = explanations
    outcome = Self.outcome(trajectory, on: surface, isBeyond: marble.isBeyond)
  }

  private static func outcome(
    _ trajectory: [Sample], on surface: Surface, isBeyond: Bool
  ) -> Outcome {
    guard let last = trajectory.last else { return .rolling }
    func isOutside(_ sample: Sample) -> Bool {
      zip(sample.place, surface.window).contains { !$1.contains($0) }
    }
    /// Near a lowest place: within a hundredth of the map.
    func isAtMinimum(_ sample: Sample) -> Bool {
      surface.minima.contains { minimum in
        let gap = zip(sample.place, minimum).map { $0 - $1 }
        return dot(gap, gap).squareRoot() < surface.extent / 100
      }
    }
    if isOutside(last) || isBeyond {
      let step = (trajectory.lastIndex { !isOutside($0) } ?? 0) + 1
      return last.value >= trajectory[0].value ? .diverged(step: step) : .left(step: step)
    }
    if isAtMinimum(last) {
      let away = trajectory.lastIndex { !isAtMinimum($0) }
      return .minimum(step: away.map { $0 + 1 } ?? 0)
    }
    // At rest: the last tenth of the steps stayed within a thousandth of the map.
    let tail = trajectory.suffix(max(5, trajectory.count / 10))
    let isStill = tail.allSatisfy { sample in
      let gap = zip(sample.place, last.place).map { $0 - $1 }
      return dot(gap, gap).squareRoot() < surface.extent / 1000
    }
    guard isStill, trajectory.count > 5 else { return .rolling }
    let directions = surface.curvatures(at: last.place)
    let curvatures = directions.map(\.value)
    let steepest = curvatures.map(abs).max() ?? 0
    let gradient = surface.valueAndGradient(at: last.place).gradient
    // Where the bottom of the touching paraboloid is not near, it is only slow.
    let isNear = directions.allSatisfy { value, direction in
      abs(dot(gradient, direction)) <= max(abs(value), 1e-6 * steepest) * surface.extent / 200
    }
    guard isNear else { return .slow }
    // Near the bottom of a bent valley, the slope that is left makes its floor seem to curve.
    let least = max(1e-6 * steepest, 20 * last.slope / surface.extent)
    if curvatures.contains(where: { $0 < -least }) { return .saddle }
    return curvatures.allSatisfy { $0 > least } && steepest > 0 ? .localMinimum : .flat
  }
}

/// Few digits, as in 0.04 or 1e-05.
func shortText(_ value: Double) -> String { String(format: "%.3g", value) }
