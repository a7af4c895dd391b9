import Plotting
import Testing

@Suite struct UntrustedRangeTests {
  static let largest = Double.greatestFiniteMagnitude
  static let tiny = Double.leastNonzeroMagnitude
  static let ranges: [ClosedRange<Double>] = [
    -largest...largest, 0...largest, -Double.infinity...Double.infinity, 1e308...1.1e308,
    5...5, 0...0, tiny...2 * tiny, -tiny...0, 1e17...1e17 + 16, largest...largest,
    -Double.infinity...0, 1e-308...1e308,
  ]

  @Test(arguments: ranges, [Scale.Kind.linear, .logarithmic])
  func `any range has ticks and a scale`(range: ClosedRange<Double>, kind: Scale.Kind) {
    let ticks = Ticks(over: range, kind)
    #expect(ticks.values.count <= 6 && ticks.labels.count == ticks.values.count)
    #expect(ticks.values.allSatisfy { $0.isFinite })
    let axis = Axis("x", range, kind)
    let scale = Scale(kind, domain: axis.domain, from: 0, to: 100)
    for value in [range.lowerBound, 0, 1, range.upperBound] where value.isFinite {
      #expect(scale.position(of: value).isFinite)
    }
  }

  @Test(arguments: ranges)
  func `any range has a nice domain around it`(range: ClosedRange<Double>) {
    let domain = Ticks.niceDomain(around: range)
    #expect(domain.lowerBound < domain.upperBound)
    #expect((domain.upperBound - domain.lowerBound).isFinite)
  }
}
