internal import Foundation

/// A small, fast, reproducible random number generator.
///
/// Streams for different purposes are derived from one seed by mixing in the integers that
/// identify them, so that no draw depends on how many draws happened elsewhere:
/// `SeededGenerator(seed: run, stream: epoch, sample)`.
///
/// - Source: SplitMix64; Steele, Lea & Flood, "Fast splittable pseudorandom number generators",
///   2014.
public struct SeededGenerator: RandomNumberGenerator, Hashable, Codable, Sendable {
  private var state: UInt64

  /// Creates the generator of the stream that `seed` and the integers of `stream` identify.
  public init(seed: UInt64, stream: UInt64...) {
    state = seed
    for number in stream { state = Self.mixed(state, number) }
  }

  /// Returns a seed derived from `seed` and the integers of `stream`.
  public static func derivedSeed(_ seed: UInt64, _ stream: UInt64...) -> UInt64 {
    var state = seed
    for number in stream { state = mixed(state, number) }
    return mix(state)
  }

  private static func mixed(_ state: UInt64, _ number: UInt64) -> UInt64 {
    mix(state &+ increment) ^ mix(number &+ 0x632B_E59B_D9B4_E019)
  }

  public mutating func next() -> UInt64 {
    state &+= Self.increment
    return Self.mix(state)
  }

  /// A number from the standard normal distribution, by the method of Box and Muller.
  public mutating func nextNormal() -> Float {
    let radius = (-2 * log(1 - nextUniform())).squareRoot()
    return Float(radius * cos(2 * .pi * nextUniform()))
  }

  /// A number in `0..<1` with 53 random bits.
  public mutating func nextUniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// A number in 0…1 from the distribution Beta(`alpha`, `alpha`), by Jöhnk's method.
  ///
  /// - Precondition: `alpha` is positive; the expected time grows like 4 to the power of alpha.
  public mutating func nextBeta(_ alpha: Double) -> Double {
    precondition(alpha > 0, "Beta of \(alpha)")
    while true {
      // Logarithms, because the powers of a small alpha are too small for a number.
      let first = log(1 - nextUniform()) / alpha
      let second = log(1 - nextUniform()) / alpha
      let largest = max(first, second)
      let sum = exp(first - largest) + exp(second - largest)
      if largest + log(sum) <= 0 { return exp(first - largest) / sum }
    }
  }

  private static let increment: UInt64 = 0x9E37_79B9_7F4A_7C15

  private static func mix(_ value: UInt64) -> UInt64 {
    var z = value
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
