internal import Tensors

extension SeededGenerator {
  /// A value of the range, all equally likely.
  mutating func number(in range: ClosedRange<Double>) -> Double {
    range.lowerBound + (range.upperBound - range.lowerBound) * nextUniform()
  }

  /// True with the given probability.
  mutating func chance(_ probability: Double) -> Bool { nextUniform() < probability }

  /// `1` or `-1`, equally likely.
  mutating func sign() -> Double { chance(0.5) ? 1 : -1 }

  /// One of the options, all equally likely.
  ///
  /// - Precondition: There is at least one option.
  mutating func pick<Option>(_ options: [Option]) -> Option {
    options[Int(nextUniform() * Double(options.count))]
  }
}
