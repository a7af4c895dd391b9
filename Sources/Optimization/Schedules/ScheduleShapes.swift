internal import Foundation

// The shapes of the named schedules, each with its parameters.
extension ScheduleEntry {
  static let constant = ScheduleEntry("constant", "the same rate throughout") { _ in { _ in 1 } }

  static let cosine = ScheduleEntry(
    "cosine", "half a cosine down; with cycles, restarts at the peak",
    [
      .final(0), .cycles,
      ChoiceParameter("growth", 1, in: 1...10, "length of a cycle over the one before"),
    ]
  ) { values in
    let (cycles, growth, end) = (values.count("cycles"), values["growth"], values["final"])
    return {
      let cycle = Cycle(at: $0, cycles: cycles, growth: growth)
      return halfCosine(cycle.part(from: 0), from: 1, to: end)
    }
  }

  static let step = ScheduleEntry(
    "step", "a drop at equal intervals",
    [
      ChoiceParameter("every", 0.25, in: 0.001...1, "fraction of the run between drops"),
      .factor(0.1),
    ]
  ) { values in
    let (factor, every) = (values["factor"], values["every"])
    return { pow(factor, floor($0.t / every + tolerance)) }
  }

  static let multiStep = ScheduleEntry(
    "multi-step", "a drop at each of several places",
    [
      ChoiceParameter("at", .ascending(0...1), [0.5, 0.75], "fractions of the run, ascending"),
      .factor(0.1),
    ]
  ) { values in
    let (factor, places) = (values["factor"], values.list("at"))
    return { position in
      pow(factor, Double(places.count { position.t >= $0 - tolerance }))
    }
  }

  static let exponential = ScheduleEntry(
    "exponential", "the same percentage lower with every step",
    [ChoiceParameter("final", 0.01, in: 1e-9...1, "last rate, as a fraction of the peak")]
  ) { values in
    let end = values["final"]
    return { pow(end, Cycle(at: $0).part(from: 0)) }
  }

  static let polynomial = ScheduleEntry(
    "polynomial", "falls as a power of the time left; 1 is a straight line",
    [ChoiceParameter("power", 1, in: 0.01...100, "the power"), .final(0)]
  ) { values in
    let (power, end) = (values["power"], values["final"])
    return { line(1 - pow(1 - Cycle(at: $0).part(from: 0), power), from: 1, to: end) }
  }

  static let oneCycle = ScheduleEntry(
    "one-cycle", "a cosine up to the peak and a long one down", warmup: 0,
    [
      ChoiceParameter("rise", 0.3, in: 0.001...0.999, "fraction of the run that rises"),
      .start(0.04), .final(0.000004),
    ]
  ) { values in
    let (rise, start, end) = (values["rise"], values["start"], values["final"])
    return { position in
      // As in PyTorch the peak is the last step of the rise, and the end the last step of all.
      let last = max(1, Double(position.length) - 1)
      let top = max(0, rise * Double(position.length) - 1)
      let place = min(Double(position.step), last)
      return place < top
        ? halfCosine(place / top, from: start, to: 1)
        : halfCosine(top < last ? (place - top) / (last - top) : 1, from: 1, to: end)
    }
  }

  static let triangle = ScheduleEntry(
    "triangle", "a straight line up and another one down", warmup: 0,
    [
      .start(0.2), ChoiceParameter("at", 0.23, in: 0.001...0.999, "fraction of the run that rises"),
      .final(0.07), .cycles,
    ]
  ) { values in
    let (start, top, end) = (values["start"], values["at"], values["final"])
    let cycles = values.count("cycles")
    return {
      let cycle = Cycle(at: $0, cycles: cycles)
      return cycle.place < min(top, cycle.last - tolerance)
        ? line(cycle.place / top, from: start, to: 1)
        : line(cycle.part(from: top), from: 1, to: end)
    }
  }

  static let inverseSquareRoot = ScheduleEntry(
    "inverse-square-root", "ever slower decay, with no end in mind",
    [ChoiceParameter("timescale", 0.05, in: 1e-6...10, "after it the rate is 0.71 of the peak")]
  ) { values in
    let timescale = values["timescale"]
    return {
      (timescale / (timescale + Double($0.step) / Double($0.length))).squareRoot()
    }
  }

  static let warmupStableDecay = ScheduleEntry(
    "warmup-stable-decay", "flat for long, then a straight line down",
    [ChoiceParameter("decay", 0.2, in: 0.001...1, "fraction of the run that falls"), .final(0)]
  ) { values in
    let (decay, end) = (values["decay"], values["final"])
    return { line(Cycle(at: $0).part(from: 1 - decay), from: 1, to: end) }
  }
}

/// Keeps rounding from missing a place that is a whole number of steps.
private let tolerance = 1e-9

private func line(_ part: Double, from start: Double, to end: Double) -> Double {
  start + (end - start) * part
}

private func halfCosine(_ part: Double, from start: Double, to end: Double) -> Double {
  end + (start - end) * 0.5 * (1 + cos(.pi * part))
}

/// A position within the current one of several repetitions of a shape.
private struct Cycle {
  /// How far the cycle is: 0 at first, 1 at the end of the run.
  let place: Double
  /// The place of the run's last step if the cycle has it, otherwise 1: a restart follows.
  let last: Double

  /// - Parameter growth: How many times as long a cycle is as the one before.
  init(at position: SchedulePosition, cycles: Int = 1, growth: Double = 1) {
    let t = position.t
    let parts = (0..<cycles).map { pow(growth, Double($0)) }
    let whole = parts.reduce(0, +)
    var start = 0.0
    var index = 0
    while index < cycles - 1, t >= start + parts[index] / whole - tolerance {
      start += parts[index] / whole
      index += 1
    }
    let length = index == cycles - 1 ? 1 - start : parts[index] / whole
    place = min(1, max(0, (t - start) / length))
    // A run of one step is all beginning.
    let end = 1 - 1 / Double(max(2, position.length))
    let isLast = position.length > 1 && start + length > end + tolerance
    last = isLast ? max(0, end - start) / length : 1
  }

  /// How much of the way from a place to the last step is done, 0...1.
  func part(from start: Double) -> Double {
    if start < last - tolerance { return min(1, max(0, (place - start) / (last - start))) }
    return place >= last - tolerance ? 1 : 0
  }
}

extension ChoiceParameter {
  fileprivate static func final(_ part: Double) -> ChoiceParameter {
    ChoiceParameter("final", part, in: 0...10, "last rate, as a fraction of the peak")
  }

  static func factor(_ factor: Double) -> ChoiceParameter {
    ChoiceParameter("factor", factor, in: 0...1, "what the rate is multiplied by")
  }

  fileprivate static func start(_ part: Double) -> ChoiceParameter {
    ChoiceParameter("start", part, in: 0...1, "first rate, as a fraction of the peak")
  }

  fileprivate static let cycles = ChoiceParameter(
    "cycles", .count(1...1000), [1], "how often the shape is repeated")
}
