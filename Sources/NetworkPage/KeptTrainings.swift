internal import ImageLoading
internal import LocalServer
internal import Support
internal import Synchronization
package import Training

/// How far the training of a state has come.
package struct NetworkSnapshot: Sendable {
  package var place: SteppedTraining.Place?
  /// The losses at the ends of epochs.
  package var curve = LossCurve()
  /// Why it cannot go on; nil while it can.
  package var end: String?

  /// The beginning of a training.
  package init() {}

  /// Steps taken.
  package var step: Int { place?.step ?? 0 }
}

/// Losses of training and validation at the ends of some epochs: at most a few hundred, the same
/// for the same step.
package struct LossCurve: Equatable, Sendable {
  /// Points that are kept; with more, every other one is left out.
  package static let most = 200

  /// Step, loss of training, loss of validation.
  package private(set) var points: [[Double?]] = []
  /// Epochs from one point to the next.
  private var stride = 1

  /// Creates a curve without points.
  package init() {}

  /// Whether the end of an epoch is a point.
  package func isDue(atEpoch epoch: Int) -> Bool { epoch % stride == 0 }

  /// Adds a point.
  package mutating func add(step: Int, training: Double?, validation: Double?) {
    points.append([Double(step), training, validation])
    guard points.count > Self.most else { return }
    points = points.enumerated().filter { $0.offset % 2 == 0 }.map(\.element)
    stride *= 2
  }
}

/// The trainings that were asked for last, so that the next step need not begin at the first.
///
/// A training follows from its state alone: what was let go of is trained again, with the same
/// numbers. Work is done only while a question is answered, and each does a bounded part of it.
package final class KeptTrainings: Sendable {
  /// Trainings that are kept, and for how long without a question.
  package static let most = 8, idleTime = Duration.seconds(600)

  private let kept = Mutex<[Kept]>([])

  /// Keeps nothing yet.
  package init() {}

  private struct Kept: Sendable {
    var state: NetworkState
    var snapshot: NetworkSnapshot
    var time: ContinuousClock.Instant
  }

  /// Trainings that are kept.
  package var count: Int { kept.withLock(\.count) }

  /// The furthest that is known of a state and not beyond a step; a new one otherwise.
  package func snapshot(
    of state: NetworkState, before step: Int, now: ContinuousClock.Instant = .now
  ) -> NetworkSnapshot {
    kept.withLock { kept in
      kept.removeAll { $0.time.duration(to: now) > Self.idleTime }
      let fitting = kept.filter {
        $0.snapshot.step <= step && $0.state == state.course(to: $0.snapshot.step)
      }
      return fitting.max { $0.snapshot.step < $1.snapshot.step }?.snapshot ?? NetworkSnapshot()
    }
  }

  /// Keeps how far a training has come, in the place of what was known of it, and lets go of the
  /// one that was asked for longest ago.
  package func keep(
    _ snapshot: NetworkSnapshot, of state: NetworkState, now: ContinuousClock.Instant = .now
  ) {
    let course = state.course(to: snapshot.step)
    kept.withLock { kept in
      kept.removeAll {
        $0.snapshot.step <= snapshot.step && $0.state == state.course(to: $0.snapshot.step)
      }
      kept.append(Kept(state: course, snapshot: snapshot, time: now))
      if kept.count > Self.most { kept.removeFirst() }
    }
  }
}

extension NetworkPlan {
  /// Samples that a question trains on at most, points and sketches.
  private static let work = (points: 8000, sketches: 256)
  /// How long a question trains, so that others are not kept waiting.
  private static let patience = Duration.milliseconds(250)

  /// Steps that a question takes at most.
  var stepsAtOnce: Int {
    max(1, (subject is SketchSubject ? Self.work.sketches : Self.work.points) / state.batch)
  }

  /// Goes on toward a step, as far as one question may.
  func advance(_ snapshot: inout NetworkSnapshot, toward target: Int) {
    let training = training(from: snapshot.place)
    // Another rate may lead on from where the last one ended.
    snapshot.end = nil
    defer { snapshot.place = training.place }
    if snapshot.place == nil { note(training, in: &snapshot.curve) }
    let last = min(target, training.place.step + stepsAtOnce)
    let end = ContinuousClock.now + Self.patience
    while training.place.step < last, snapshot.end == nil, ContinuousClock.now < end {
      do {
        let step = training.place.step
        try training.advance(learningRate: state.rate(ofStep: step))
      } catch {
        snapshot.end =
          "step \(training.place.step + 1) gives a loss or a gradient that is no number; "
          + "lower the learning rate"
        return
      }
      if training.place.step % subject.source.stepsPerEpoch == 0,
        snapshot.curve.isDue(atEpoch: training.epoch)
      {
        note(training, in: &snapshot.curve)
      }
    }
  }

  private func note(_ training: SteppedTraining, in curve: inout LossCurve) {
    let values = NetworkValues(
      parameters: training.evaluationParameters, statistics: training.place.model.statistics)
    func loss(_ part: Split.Part) -> Double? { evaluation(of: part, values)?.loss.finite }
    curve.add(
      step: training.place.step, training: loss(.train), validation: loss(.validation))
  }

  /// How a network judges a part; nil for one without samples.
  func evaluation(of part: Split.Part, _ values: NetworkValues) -> Evaluation? {
    subject.count(of: part) == 0
      ? nil : subject.evaluate(part, network, values, objective)
  }
}
