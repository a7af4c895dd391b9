import Plotting
import Testing

@Suite struct ScaleTests {
  @Test(arguments: [Scale.Kind.linear, .logarithmic], [0.3...0.7, 1...1000, 0.001...3])
  func `ends of the domain map exactly to the ends of the axis`(
    kind: Scale.Kind, domain: ClosedRange<Double>
  ) {
    let scale = Scale(kind, domain: domain, from: 412.3, to: 98.7)
    #expect(scale.position(of: domain.lowerBound) == 412.3)
    #expect(scale.position(of: domain.upperBound) == 98.7)
  }

  @Test func `equal differences are equally far apart on a linear scale`() {
    let scale = Scale(.linear, domain: 0...10, from: 0, to: 100)
    #expect(scale.position(of: 3) == 30)
    #expect(scale.position(of: 12) == 120)
  }

  @Test func `equal ratios are equally far apart on a logarithmic scale`() {
    let scale = Scale(.logarithmic, domain: 0.01...100, from: 0, to: 100)
    #expect(abs(scale.position(of: 1) - 50) < 1e-9)
    #expect(abs(scale.position(of: 10) - 75) < 1e-9)
  }

  @Test func `zero lies below a logarithmic axis at a finite place`() {
    let position = Scale(.logarithmic, domain: 0.01...1, from: 400, to: 100).position(of: 0)
    #expect(position.isFinite && position > 400)
  }

  @Test(arguments: [Scale.Kind.linear, .logarithmic], [Double.nan, .infinity, -.infinity])
  func `numbers that are not finite have no place`(kind: Scale.Kind, value: Double) {
    #expect(Scale(kind, domain: 1...2, from: 0, to: 1).position(of: value).isNaN)
  }
}
