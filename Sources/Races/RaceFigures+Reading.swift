internal import Optimization
internal import Support

extension RaceFigures {
  /// How the race ended, in one sentence.
  var reading: String {
    let arrivals = zip(names, rolls).compactMap { name, roll -> (name: String, step: Int)? in
      if case .minimum(let step) = roll.outcome { (name, step) } else { nil }
    }.sorted { $0.step < $1.step }
    let others = Roll.Outcome.unfinished.compactMap { words, isMeant -> String? in
      let count = rolls.count { isMeant($0.outcome) }
      return count == 0 ? nil : rolls.count == 1 ? words : "\(count) \(words)"
    }
    guard let first = arrivals.first, let last = arrivals.last else {
      return (rolls.count == 1 ? "It " : "None reaches a lowest place: ")
        + others.joined(separator: ", ") + "."
    }
    var parts =
      rolls.count == 1
      ? ["It is at a lowest place from step \(first.step) on"]
      : ["First at a lowest place: \(first.name), in step \(first.step)"]
    if arrivals.count > 1, last.step > first.step {
      parts.append("last: \(last.name), in step \(last.step)")
    }
    return (parts + others).joined(separator: "; ") + "."
  }
}

extension Roll.Outcome {
  /// What became of marbles that are at no lowest place.
  fileprivate static let unfinished: [(words: String, isMeant: @Sendable (Roll.Outcome) -> Bool)] =
    [
      ("ended in a local minimum", { $0 == .localMinimum }),
      ("got stuck on a saddle", { $0 == .saddle }), ("got stuck on flat ground", { $0 == .flat }),
      ("left the map", { if case .left = $0 { true } else { false } }),
      ("diverged", { if case .diverged = $0 { true } else { false } }),
      ("hardly moved any more, far from a bottom", { $0 == .slow }),
      ("still rolled at the end", { $0 == .rolling }),
    ]
}
