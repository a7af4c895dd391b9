import Optimization
import Testing

@Suite struct LineSearchTests {
  @Test(arguments: LineSearchCatalogue.standard.allNames)
  func `a line search leads lower on every surface`(name: String) throws {
    let entry = try #require(LineSearchCatalogue.standard[name])
    let search = entry.make(ChoiceValues(of: name, parameters: entry.parameters))
    for surface in Surface.all {
      let slope = Slope(surface: surface, push: surface.start.map { _ in 0 })
      let direction = slope.gradient(at: surface.start).map(-)
      for first in [1e-3, 1, 100] {
        let length = search.length(
          from: surface.start, along: direction, first: first, on: slope)
        #expect(length > 0, "\(name) on \(surface.name) from \(first)")
        let reached = surface.value(at: moved(surface.start, direction, length))
        #expect(reached < surface.value(at: surface.start), "\(name) on \(surface.name)")
      }
    }
  }

  @Test func `a search for a flat place ends where the slope is a tenth of the first`() throws {
    for name in ["bowl", "rosenbrock", "himmelblau", "booth", "valley"] {
      let surface = try Surface(name)
      let slope = Slope(surface: surface, push: surface.start.map { _ in 0 })
      let direction = slope.gradient(at: surface.start).map(-)
      let length = WolfeSearch(flatness: 0.1).length(
        from: surface.start, along: direction, first: surface.slopeRate, on: slope)
      let end = slope.gradient(at: moved(surface.start, direction, length))
      #expect(abs(dot(end, direction)) <= 0.1 * dot(direction, direction), "\(name)")
    }
  }

  @Test func `backtracking tries the length that was given first`() throws {
    // f(3 − 6t) of the bowl is lower than f(3) for every t below 1.
    for (text, place) in [("backtracking:rate=0.25", 1.5), ("backtracking", 0.0)] {
      let roll = try Roll(MarbleChoice(text), on: Surface("bowl"), steps: 1)
      #expect(roll.trajectory[1].place == [place])
    }
  }
}
