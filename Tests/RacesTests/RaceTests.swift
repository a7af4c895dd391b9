import Optimization
import Plotting
import Races
import Testing

/// Races as figures and maps.
@Suite struct RaceTests {
  let sgd: MarbleChoice

  init() throws { sgd = try MarbleChoice("sgd") }

  @Test func `a change on the way is rolled, and the figure says so`() throws {
    let surface = try Surface("bowl")
    let change = Roll.Change(atStep: 3, to: try MarbleChoice("sgd:rate=0.5"))
    let race = Race(on: surface, [.init(sgd), .init(sgd, changes: [change])], steps: 6)
    let rolls = race.rolls()
    #expect(rolls[0].trajectory.prefix(4) == rolls[1].trajectory.prefix(4))
    // A rate of a half ends in one step at the bottom of x².
    #expect(rolls[1].trajectory[4].place == [0] && rolls[0].trajectory[4].place != [0])
    let figure = RaceFigures(race, rolls, theme: .light).map
    let text = String(decoding: try figure.encoded(as: .svg), as: UTF8.self)
    #expect(text.contains("changed on the way"))
  }

  @Test func `one optimizer at three rates is one line of a rate map`() throws {
    let choices = try ["sgd:rate=0.02", "sgd:rate=0.4", "sgd:rate=1.1"].map { try MarbleChoice($0) }
    let race = Race(on: try Surface("bowl"), choices.map { .init($0) }, steps: 20)
    let map = try #require(RaceFigures(race, race.rolls(), theme: .light).rateMap)
    let text = String(decoding: try map.encoded(as: .svg), as: UTF8.self)
    #expect(text.components(separatedBy: ">sgd<").count == 2)
    let newton = Race(on: try Surface("bowl"), [.init(try MarbleChoice("newton"))], steps: 2)
    #expect(RaceFigures(newton, newton.rolls(), theme: .light).rateMap == nil)
  }

  @Test func `each start is given to the minimum it leads to`() throws {
    let map = BasinMap(
      sgd, rate: 0.01, on: try Surface("himmelblau"), steps: 200, noise: nil, columns: 12, rows: 10)
    #expect(map.cells.count == 120 && map.columns == 12)
    // The corners of the map lie in the basins of the four minima.
    #expect(Set([0, 11, 108, 119].map { map.cells[$0].basin }).count == 4)
  }

  @Test func `a window that cannot be drawn is refused`() throws {
    let surface = try Surface("ravine")
    for ends in [[1, 0, 0, 1], [0, 1], [0, 0, 0, 1], [0, .nan, 0, 1], [0, 1e200, 0, 1]] {
      #expect(throws: WindowError.self) { try surface.drawn(between: ends) }
    }
    #expect(try surface.drawn(between: [0, 1, 2, 3]).window == [0...1, 2...3])
  }
}
