import Optimization
import TestSupport
import Testing

/// Heights and slopes by mpmath; made by Tools/reference/surfaces.py.
private struct Reference: Decodable {
  struct Case: Decodable {
    var surface: String, place: [Double]
    var value: Double, gradient: [Double]
  }
  var cases: [Case]
}

@Suite struct SurfaceTests {
  @Test func `heights and slopes are those of the published functions`() throws {
    for c in try fixture(Reference.self, "surfaces.json", in: .module).cases {
      let (value, gradient) = try Surface(c.surface).valueAndGradient(at: c.place)
      #expect(abs(value - c.value) <= 1e-12 * max(1, abs(c.value)), "\(c.surface)")
      #expect(gradient.count == c.gradient.count)
      for (own, expected) in zip(gradient, c.gradient) {
        #expect(abs(own - expected) <= 1e-12 * max(1, abs(expected)), "\(c.surface)")
      }
    }
  }

  @Test func `the reference has a case for every surface`() throws {
    let known = Set(try fixture(Reference.self, "surfaces.json", in: .module).cases.map(\.surface))
    for name in SurfaceCatalogue.standard.allNames { #expect(known.contains(name), "\(name)") }
  }

  @Test(arguments: Surface.all)
  func `the slope agrees with finite differences`(surface: Surface) {
    for trial in 0..<30 {
      let place = zip(surface.window, hashedNumbers(stream: trial, count: 2)).map { range, part in
        let middle = (range.lowerBound + range.upperBound) / 2
        return middle + Double(part) * (range.upperBound - range.lowerBound) / 2
      }
      let (value, gradient) = surface.valueAndGradient(at: place)
      #expect(value == surface.value(at: place))
      for axis in place.indices {
        let width = 1e-5
        var (above, below) = (place, place)
        above[axis] += width
        below[axis] -= width
        let slope = (surface.value(at: above) - surface.value(at: below)) / (2 * width)
        let scale = max(1, abs(slope), abs(value))
        #expect(abs(slope - gradient[axis]) < 1e-5 * scale, "\(gradient) at \(place)")
      }
    }
  }

  @Test(arguments: Surface.all)
  func `the curvature agrees with finite differences of the slope`(surface: Surface) {
    for trial in 0..<10 {
      let place = zip(surface.window, hashedNumbers(stream: 50 + trial, count: 2)).map {
        (($0.lowerBound + $0.upperBound) + Double($1) * ($0.upperBound - $0.lowerBound)) / 2
      }
      let rows = surface.hessian(at: place)
      for axis in place.indices {
        var (above, below) = (place, place)
        above[axis] += 1e-5
        below[axis] -= 1e-5
        let (a, b) = (surface.valueAndGradient(at: above), surface.valueAndGradient(at: below))
        for row in place.indices {
          let bend = (a.gradient[row] - b.gradient[row]) / 2e-5
          #expect(abs(bend - rows[row][axis]) < 1e-4 * max(1, abs(bend)), "at \(place)")
        }
      }
    }
  }

  @Test(arguments: Surface.all)
  func `nothing in the window is lower than the known minima, where the slope is 0`(
    surface: Surface
  ) {
    guard let lowest = surface.lowest else { return }
    for minimum in surface.minima {
      let (value, gradient) = surface.valueAndGradient(at: minimum)
      #expect(abs(value - lowest) < 1e-7 * max(1, abs(lowest)))
      #expect(gradient.allSatisfy { abs($0) < 1e-5 }, "slope \(gradient) at \(minimum)")
    }
    let count = surface.dimension == 1 ? 2001 : 101
    for index in 0..<(surface.dimension == 1 ? count : count * count) {
      let parts = [Double(index % count), Double(index / count)].map { $0 / Double(count - 1) }
      let place = zip(surface.window, parts).map {
        $0.lowerBound + $1 * ($0.upperBound - $0.lowerBound)
      }
      #expect(surface.value(at: place) >= lowest - 1e-7, "lower at \(place)")
    }
  }

  /// Values published with the test functions.
  @Test(arguments: [
    ("goldstein-price", 3.0), ("styblinski-tang", -78.332_331), ("six-hump-camel", -1.031_628),
    ("mccormick", -1.913_222), ("himmelblau", 0), ("rosenbrock", 0), ("beale", 0), ("booth", 0),
    ("ackley", 0), ("rastrigin", 0), ("matyas", 0),
  ])
  func `the lowest height is the published one`(name: String, height: Double) throws {
    #expect(abs(try #require(Surface(name).lowest) - height) < 1e-5)
  }

  @Test func `a formula is a surface of as many variables as it uses`() throws {
    #expect(try Surface("expr: x^2").dimension == 1)
    let surface = try Surface("expr: x^2 + 3*y^2")
    #expect(surface.dimension == 2)
    #expect(surface.valueAndGradient(at: [1, 2]).gradient == [2, 12])
  }

  @Test(arguments: ["bowll", "expr: x + z", "expr:", "expr: y +", "expr: foo(x)"])
  func `what is no surface is refused with a reason`(text: String) {
    #expect(throws: ChoiceError.self) { try Surface(text) }
  }
}
