/// A marble on its way down a surface, one step at a time; all its steps are a `Roll`.
public struct RollingMarble {
  /// Where it is, and how high and steep the surface is there.
  public private(set) var sample: Roll.Sample
  /// Steps taken so far.
  public private(set) var stepCount = 0
  /// The learning rate of the next step, unless a change gives another.
  public private(set) var rate: Double
  /// Whether its last step led far off the map, or where the surface has no height; then it takes
  /// no further steps, and `sample` is where it was before.
  public private(set) var isBeyond = false

  private var marble: any Marble
  private let surface: Surface
  private let noise: GradientNoise?
  private let changes: [Roll.Change]

  /// Puts a marble on a surface.
  ///
  /// - Parameters:
  ///   - rate: nil for the choice's own, or its default on the surface.
  ///   - start: nil for the surface's.
  ///   - noise: Added to every slope.
  ///   - changes: What moves it later on; of several at one step the last one holds.
  public init(
    _ choice: MarbleChoice, on surface: Surface, rate: Double? = nil, from start: [Double]? = nil,
    noise: GradientNoise? = nil, changes: [Roll.Change] = []
  ) {
    (self.surface, self.noise, self.changes) = (surface, noise, changes)
    let rate = rate ?? choice.rate ?? choice.defaultRate(on: surface)
    let start = start ?? surface.start
    self.rate = rate
    marble = choice.makeMarble(at: start, rate: rate, on: surface)
    sample = surface.sample(at: start)
  }

  /// Takes one step.
  ///
  /// - Returns: Whether it is still near the map; if not, `sample` stays.
  public mutating func advance() -> Bool {
    guard !isBeyond else { return false }
    for change in changes where change.step == stepCount { adopt(change.choice) }
    let push =
      noise?.push(atStep: stepCount, dimension: surface.dimension)
      ?? [Double](repeating: 0, count: surface.dimension)
    marble.step(on: Slope(surface: surface, push: push))
    stepCount += 1
    let next = surface.sample(at: marble.place)
    let bound = 100 * surface.extent
    isBeyond = !next.value.isFinite || !next.place.allSatisfy { abs($0) < bound }
    if !isBeyond { sample = next }
    return !isBeyond
  }

  /// An explanation of its last step; empty for methods without one.
  public var explanation: String { marble.explanation }

  /// The vectors that its optimizer remembers, by name, one number per variable.
  public var memory: [(name: String, values: [Double])] {
    (marble as? OptimizerMarble)?.memory ?? []
  }

  private mutating func adopt(_ choice: MarbleChoice) {
    rate = choice.rate ?? rate
    if case .optimizer(let optimizer) = choice, let old = marble as? OptimizerMarble {
      marble = old.moved(by: optimizer, learningRate: Float(rate))
    } else {
      marble = choice.makeMarble(at: marble.place, rate: rate, on: surface)
    }
  }
}

extension Surface {
  fileprivate func sample(at place: [Double]) -> Roll.Sample {
    let (value, gradient) = valueAndGradient(at: place)
    return Roll.Sample(place: place, value: value, slope: dot(gradient, gradient).squareRoot())
  }
}
