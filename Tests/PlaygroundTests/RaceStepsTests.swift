import Optimization
import Playground
import Races
import Testing

/// The steps that the page shows are those of a roll.
@Suite struct RaceStepsTests {
  @Test(arguments: MarbleCatalogue.standard.allNames)
  func `pieces of a path are those of the whole roll`(name: String) throws {
    let state = RaceState("himmelblau", start: [1, -1.5], [.init(name)], noise: 0.5, seed: 3)
    let race = try state.race(steps: 60)
    let roll = try #require(race.rolls().first)
    for first in [0, 1, 17, 59] {
      let steps = RaceSteps(race, from: first, isExplained: false).marbles[0]
      let samples = roll.trajectory.dropFirst(first)
      #expect(steps.place == samples.map(\.place) && steps.height == samples.map(\.value))
      #expect(steps.rate.allSatisfy { $0 == roll.rate })
      #expect(steps.memory.count == samples.count)
    }
  }

  @Test func `words and results come only where they are asked for`() throws {
    let race = try RaceState("bowl", [.init("momentum:rate=0.1")]).race(steps: 2)
    #expect(RaceSteps(race, from: 2, isExplained: false).marbles[0].words == nil)
    let steps = RaceSteps(race, from: 2, isExplained: true).marbles[0]
    #expect(steps.words?.count == 1)
    #expect(steps.words?[0].contains("velocity 0.9 · 6 + 4.8 = 10.2") == true)
    #expect(steps.outcome == race.rolls()[0].outcome.words)
    #expect(steps.memory[0]["velocity"]?.count == 1)
  }

  @Test func `a marble that leaves the map says after which step`() throws {
    let race = try RaceState("bowl", [.init("sgd:rate=20")]).race(steps: 50)
    let steps = RaceSteps(race, from: 0, isExplained: false).marbles[0]
    let last = try #require(steps.lastStep)
    #expect(last < 5 && steps.place.count == last + 1)
    let later = RaceSteps(race, from: last + 3, isExplained: false).marbles[0]
    #expect(later.place.isEmpty && later.lastStep == last)
  }

  @Test func `a change holds from its step on, and what is remembered stays`() throws {
    var state = RaceState("round-bowl", [.init("momentum:rate=0.05")])
    let plain = RaceSteps(try state.race(steps: 20), from: 0, isExplained: false).marbles[0]
    state.marbles[0].changes = [.init(atStep: 10, to: "momentum:momentum=0.5,rate=0.2")]
    let changed = RaceSteps(try state.race(steps: 20), from: 0, isExplained: false).marbles[0]
    #expect(plain.place.prefix(11) == changed.place.prefix(11))
    #expect(plain.place[11] != changed.place[11])
    #expect(changed.rate[10] == 0.05 && changed.rate[11] == 0.2)
    let velocity = try #require(changed.memory[10]["velocity"])
    let next = try #require(changed.memory[11]["velocity"])
    for axis in 0..<2 {
      // v ← μv + g
      #expect(abs(next[axis] - (0.5 * velocity[axis] + changed.gradient[10][axis])) < 1e-5)
    }
  }
}
