/// The steps of a run of any length in bounded memory, for a figure.
///
/// Beyond `limit` steps, neighbors are drawn as one: at the place of the last of them, with their
/// mean loss and its extremes. The first step stays by itself.
public struct ThinnedSteps: Sendable {
  /// In order.
  public private(set) var steps: [TrainingCurve.Step] = []
  /// At most this many are held.
  public let limit: Int
  /// How many steps are drawn as one.
  private var width = 1

  /// Creates an empty series.
  ///
  /// - Precondition: `limit` is at least 4; more than a figure has pixels across.
  public init(limit: Int = 8192) {
    precondition(limit >= 4, "\(limit) steps are no curve")
    self.limit = limit
  }

  /// Adds the next step.
  public mutating func add(_ step: TrainingCurve.Step) {
    if steps.count > 1, let last = steps.last, last.count < width {
      steps[steps.count - 1] = last.joined(with: step)
      return
    }
    if steps.count == limit { halve() }
    steps.append(step)
  }

  private mutating func halve() {
    let rest = steps.dropFirst()
    steps = [steps[0]]
    for first in stride(from: rest.startIndex, to: rest.endIndex, by: 2) {
      let second = first + 1
      steps.append(second < rest.endIndex ? rest[first].joined(with: rest[second]) : rest[first])
    }
    width *= 2
  }
}

extension TrainingCurve.Step {
  /// This step and the next, drawn as one.
  ///
  /// The loss is not a number if one of the two is none, which is drawn as a gap.
  fileprivate func joined(with next: TrainingCurve.Step) -> TrainingCurve.Step {
    func finite(_ value: Double) -> Double { value.isFinite ? value : .nan }
    var both = next
    both.count += count
    both.loss =
      finite(loss) + (finite(next.loss) - finite(loss)) * Double(next.count) / Double(both.count)
    both.lowest = .minimum(finite(lowest), finite(next.lowest))
    both.highest = .maximum(finite(highest), finite(next.highest))
    return both
  }

  /// The losses of single steps to draw: one, or the extremes of several.
  var drawn: [Double] {
    (count == 1 ? [loss] : loss.isFinite ? [lowest, highest] : [lowest, highest, .nan])
      .map { $0.isFinite ? $0 : .nan }
  }
}
