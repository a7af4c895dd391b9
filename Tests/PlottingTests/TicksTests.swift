import Foundation
import Plotting
import Testing

@Suite struct TicksTests {
  static let ranges: [ClosedRange<Double>] = [
    0...1, 0...0.7, -1...1, 0...12, 0...10_000, 3...3.01, -0.004...0.0007, 1e-9...3e-8, 0...37,
    -250...1e7, 0...1e12, 99...101,
  ]

  @Test(arguments: ranges, 2...6)
  func `ticks are at most as many as asked for and inside`(range: ClosedRange<Double>, limit: Int) {
    let ticks = Ticks(over: range, limit: limit)
    let slack = 1e-9 * (range.upperBound - range.lowerBound)
    #expect(!ticks.values.isEmpty && ticks.values.count <= limit)
    #expect(ticks.values.count == ticks.labels.count)
    #expect(
      ticks.values.allSatisfy { $0 >= range.lowerBound - slack && $0 <= range.upperBound + slack })
  }

  @Test(arguments: ranges)
  func `ticks are one, two or five times a power of ten apart`(range: ClosedRange<Double>) {
    let values = Ticks(over: range).values
    let step = values[1] - values[0]
    let digit = step / pow(10, floor(log10(step) + 1e-6))
    #expect([1.0, 2, 5].contains { abs($0 - digit) < 1e-4 }, "steps of \(step)")
    #expect(zip(values, values.dropFirst()).allSatisfy { abs($1 - $0 - step) < 1e-6 * step })
  }

  @Test(arguments: [-1...1, 0...0.7, -250...1e7, -0.004...0.0007] as [ClosedRange<Double>])
  func `ticks include zero when the range does`(range: ClosedRange<Double>) {
    #expect(Ticks(over: range).values.contains(0))
  }

  @Test(arguments: ranges)
  func `no two ticks have the same label`(range: ClosedRange<Double>) {
    let labels = Ticks(over: range).labels
    #expect(Set(labels).count == labels.count, "\(labels)")
  }

  @Test func `a narrow logarithmic range is ticked at one, two and five`() {
    let ticks = Ticks(over: 0.1...2, .logarithmic)
    #expect(ticks.labels == ["0.1", "0.2", "0.5", "1", "2"])
  }

  @Test func `a wide logarithmic range is ticked at powers of ten`() {
    #expect(
      Ticks(over: 0.001...100, .logarithmic).labels == ["0.001", "0.01", "0.1", "1", "10", "100"])
  }

  @Test func `a huge logarithmic range skips powers of ten`() {
    let ticks = Ticks(over: 1e-12...1, .logarithmic)
    #expect((2...6).contains(ticks.values.count))
    #expect(ticks.labels.contains("10⁻⁶"))
  }

  @Test func `a logarithmic range of less than an octave still has ticks`() {
    #expect(Ticks(over: 0.31...0.45, .logarithmic).values.count >= 2)
  }

  @Test(arguments: ranges)
  func `a nice domain covers the range with ticks at its ends`(range: ClosedRange<Double>) {
    let domain = Ticks.niceDomain(around: range)
    let slack = 1e-8 * (range.upperBound - range.lowerBound)
    #expect(domain.lowerBound <= range.lowerBound + slack)
    #expect(domain.upperBound >= range.upperBound - slack)
    let ticks = Ticks(over: domain).values
    #expect(ticks.first == domain.lowerBound && ticks.last == domain.upperBound)
  }

  @Test func `negative numbers have a true minus sign`() {
    #expect(Ticks(over: -1...1).labels == ["\u{2212}1.0", "\u{2212}0.5", "0", "0.5", "1.0"])
  }

  @Test func `groups of thousands are set apart by a comma`() {
    #expect(Ticks(over: 0...20_000).labels.last == "20,000")
  }

  @Test func `huge and tiny numbers are written with powers of ten`() {
    #expect(Ticks(over: 0...3e7).labels.contains("2\u{2009}×\u{2009}10⁷"))
    #expect(Ticks(over: 0...1e-6).labels.last == "10⁻⁶")
  }

  @Test func `fractions are written as percentages`() {
    #expect(Ticks(over: 0...1, format: .percent).labels.last == "100%")
    #expect(NumberFormat.percent.text(0.9163) == "91.6%")
  }

  @Test(
    arguments: zip(
      [0.693147, 2.302585, 0.0042, 146.93, 9685.2, 0, 0.0005, -0.25],
      [
        "0.693", "2.303", "0.0042", "146.9", "9,685", "0", "5\u{2009}×\u{2009}10⁻⁴",
        "\u{2212}0.250",
      ])
  )
  func `a number in a label has about three digits`(value: Double, text: String) {
    #expect(NumberFormat.plain.text(value) == text)
  }
}
