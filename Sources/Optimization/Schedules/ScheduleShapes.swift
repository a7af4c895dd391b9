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
      halfCosine(cyclePosition($0.t, cycles: cycles, growth: growth), from: 1, to: end)
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
    return { pow(end, $0.t) }
  }

  static let polynomial = ScheduleEntry(
    "polynomial", "falls as a power of the time left; 1 is a straight line",
    [ChoiceParameter("power", 1, in: 0.01...100, "the power"), .final(0)]
  ) { values in
    let (power, end) = (values["power"], values["final"])
    return { line(1 - pow(1 - $0.t, power), from: 1, to: end) }
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
      let place = cyclePosition($0.t, cycles: cycles, growth: 1)
      return place < top
        ? line(place / top, from: start, to: 1)
        : line((place - top) / (1 - top), from: 1, to: end)
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
    return { line(max(0, $0.t - (1 - decay)) / decay, from: 1, to: end) }
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

/// How far the current cycle is, 0...1; each is `growth` times as long as the one before.
private func cyclePosition(_ t: Double, cycles: Int, growth: Double) -> Double {
  guard t < 1 else { return 1 }
  let parts = (0..<cycles).map { pow(growth, Double($0)) }
  let whole = parts.reduce(0, +)
  var start = 0.0
  for part in parts.map({ $0 / whole }) {
    if t < start + part - tolerance { return max(0, (t - start) / part) }
    start += part
  }
  return 1
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
