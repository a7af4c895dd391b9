internal import Foundation
internal import Support

/// A learning rate that a range test suggests.
public struct LearningRateSuggestion: Equatable, Sendable {
  /// How a rate is read from the curve.
  public enum Method: String, Codable, CaseIterable, Sendable {
    /// Two thirds of the way down the longest fall of the loss: far below where it rises again.
    ///
    /// - Source: fastai's `lr_find` and ESRI, as documented; the code of fastai 2.7 takes the
    ///   middle of the fall.
    case valley
    /// Where the loss falls most over the logarithm of the rate.
    ///
    /// - Source: Howard & Gugger, 2020, fastai, arXiv:2002.04688; `steep` of `lr_find`.
    case steepest
  }

  /// The place of each method on the curve: an index into its losses.
  public let valley: Int, steepest: Int
  /// The rate of each place, with two digits: more would not be true.
  public let valleyRate: Float, steepestRate: Float

  /// The method whose rate is suggested: the valley, because it rests on the whole fall of the
  /// loss and the steepest place on the few steps around it.
  public var method: Method { .valley }
  /// The rate that is suggested.
  public var rate: Float { valleyRate }

  init(valley: Int, steepest: Int, on test: LearningRateRangeTest) {
    self.valley = valley
    self.steepest = steepest
    valleyRate = test.rate(ofStep: valley).withTwoDigits
    steepestRate = test.rate(ofStep: steepest).withTwoDigits
  }
}

/// Why a range test suggests no learning rate.
public struct NoLearningRate: Error, Equatable, Sendable, CustomStringConvertible {
  /// What the curve is like.
  public enum Reason: Equatable, Sendable {
    /// It has too few losses to be read.
    case tooShort(losses: Int)
    /// It never falls clearly below its start: by `fall`, where `needed` would be clear.
    case flat(fall: Double, needed: Double)
    /// It falls from the first rates on.
    case fallsAtStart
    /// It still falls at the last rates.
    case fallsAtEnd
    /// The methods lead to rates further apart than `LearningRateCurve.widestDisagreement`.
    case unclear(valley: Float, steepest: Float)
  }

  /// What the curve is like.
  public let reason: Reason
  /// The test that gave the curve.
  public let test: LearningRateRangeTest

  public var description: String { "no learning rate can be suggested: \(fault); \(remedy)" }

  /// What the curve is like, in words.
  public var fault: String {
    switch reason {
    case .tooShort(let losses):
      "the loss rises too high, or is no number, after \(losses) of \(test.steps) steps"
    case .flat(let fall, let needed):
      fall > 0
        ? "the loss falls by \(fall.decimal(4)); a fall below \(needed.decimal(4)) can be noise"
        : "the loss never falls below its start"
    case .fallsAtStart: "the loss falls from the lowest rates on"
    case .fallsAtEnd: "the loss still falls at the highest rates"
    case .unclear(let valley, let steepest):
      "valley (\(valley)) and steepest fall (\(steepest)) are more than a factor of "
        + "\(Int(LearningRateCurve.widestDisagreement)) apart"
    }
  }

  private func text(_ rate: Float) -> String { String(format: "%.3g", rate) }

  /// What to try instead.
  public var remedy: String {
    switch reason {
    case .tooShort, .fallsAtStart: "try lower rates: --from below \(text(test.lowest))"
    case .flat: "try more --steps, a larger --batch-size or other rates (--from, --to)"
    case .fallsAtEnd: "try higher rates: --to above \(text(test.highest))"
    case .unclear: "try more --steps or a larger --batch-size"
    }
  }
}

extension LearningRateCurve {
  /// Suggestions further apart by this factor do not name one rate: both are places on one fall of
  /// the loss, which seldom takes more than a decade of rates.
  public static let widestDisagreement: Float = 10

  /// The fall must be this many standard errors: of curves that are nothing but noise, one or two
  /// in a hundred fall further, also if their noise grows with the rate.
  private static let clearFall = 4.5

  /// A smaller fall, as a fraction of the loss at the start, is not learning.
  private static let leastFall = 0.01

  /// Reads a rate from the curve.
  ///
  /// - Throws: `NoLearningRate` with the reason if the curve shows none.
  /// - Complexity: O(n²) for n losses.
  public func suggestion() throws(NoLearningRate) -> LearningRateSuggestion {
    let curve = smoothed.filter(\.isFinite)
    guard curve.count >= 2 * head, let bottom = curve.indices.min(by: { curve[$0] < curve[$1] })
    else { throw no(.tooShort(losses: losses.count)) }
    let start = bounded.prefix(head).reduce(0, +) / Double(head)
    let needed = max(
      Self.clearFall * errorOfFall(to: bottom, of: curve.count), Self.leastFall * abs(start))
    let fall = start - curve[bottom]
    guard fall > needed else { throw no(.flat(fall: fall, needed: needed)) }
    // Less than an even share of the fall is no part of it.
    let least = fall / Double(test.steps)
    guard curve[0] - curve[head] < max(Double(head) * least, needed / 2) else {
      throw no(.fallsAtStart)
    }
    let places = Self.longestFall(of: Array(curve[...bottom]), least: least)
    let margin = max(2, Int(Self.halfLife(of: test)))
    guard end != .complete || places[places.count - 1] < curve.count - margin else {
      throw no(.fallsAtEnd)
    }
    let found = LearningRateSuggestion(
      valley: places[(places.count - 1) * 2 / 3],
      steepest: Self.steepestPlace(on: curve, to: bottom), on: test)
    let ratio = found.valleyRate / found.steepestRate
    guard max(ratio, 1 / ratio) <= Self.widestDisagreement else {
      throw no(.unclear(valley: found.valleyRate, steepest: found.steepestRate))
    }
    return found
  }

  private func no(_ reason: NoLearningRate.Reason) -> NoLearningRate {
    NoLearningRate(reason: reason, test: test)
  }

  /// The standard error of the fall from the mean of the first losses to the lowest place of the
  /// smoothed curve.
  ///
  /// The noise of that place is the larger of that before and that around it: it has often grown
  /// with the rate, and after it the losses explode.
  private func errorOfFall(to bottom: Int, of count: Int) -> Double {
    let losses = bounded.prefix(count)
    let before = Self.noise(of: losses[max(0, bottom - head)...bottom])
    let around = Self.noise(
      of: losses[max(0, bottom - head / 2)...min(bottom + head / 2, count - 1)])
    let start = Self.noise(of: losses.prefix(2 * head))
    // Σw²/(Σw)² for the weights β^|distance|.
    let kept = exp2(-1 / Self.halfLife(of: test))
    let gain = (1 + kept * kept) * (1 - kept) / pow(1 + kept, 3)
    let bottomNoise = max(before, around)
    return (gain * bottomNoise * bottomNoise + start * start / Double(head)).squareRoot()
  }

  /// The standard deviation of losses around their course, from the median distance of neighbors:
  /// neither a slope nor a few spikes change it.
  private static func noise(of losses: ArraySlice<Double>) -> Double {
    let distances = zip(losses, losses.dropFirst()).map { abs($1 - $0) }.sorted()
    guard !distances.isEmpty else { return 0 }
    let median = (distances[(distances.count - 1) / 2] + distances[distances.count / 2]) / 2
    return 1.4826 * median / 2.0.squareRoot()
  }

  /// Losses that tell what is at the start, or around a place.
  private var head: Int { max(5, test.steps / 10) }

  /// Where a curve falls most from one step to the next but one, before its lowest place.
  private static func steepestPlace(on curve: [Double], to bottom: Int) -> Int {
    guard bottom > 1 else { return 0 }
    return (1..<bottom).min { curve[$0 + 1] - curve[$0 - 1] < curve[$1 + 1] - curve[$1 - 1] } ?? 0
  }

  /// The places of the longest fall, which rises may interrupt: the longest descending subsequence.
  ///
  /// - Parameter least: What is less counts as level.
  private static func longestFall(of curve: [Double], least: Double) -> [Int] {
    var lengths = [Int](repeating: 1, count: curve.count)
    var before = [Int?](repeating: nil, count: curve.count)
    for place in curve.indices {
      // The latest of equals, so that level places do not belong to the fall.
      for earlier in 0..<place
      where curve[earlier] - curve[place] >= least && lengths[earlier] + 1 >= lengths[place] {
        lengths[place] = lengths[earlier] + 1
        before[place] = earlier
      }
    }
    var places: [Int] = []
    var next = lengths.indices.max { lengths[$0] < lengths[$1] }
    while let place = next {
      places.append(place)
      next = before[place]
    }
    return places.reversed()
  }
}
