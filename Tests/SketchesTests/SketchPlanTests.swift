import Sketches
import Testing

@Suite struct SketchPlanTests {
  private func plans(_ animal: Animal, bias: Double = 0, count: Int = 400) -> [SketchPlan] {
    let artist = SketchArtist(
      configuration: SketchConfiguration(seed: 2, backgroundBias: bias))
    return (1...count).map { artist.plan(animal, number: $0) }
  }

  @Test(arguments: Animal.allCases)
  func `every pose occurs`(animal: Animal) {
    #expect(Set(plans(animal).map(\.pose)) == Set(Pose.allCases))
  }

  @Test(arguments: Animal.allCases)
  func `every backdrop occurs`(animal: Animal) {
    #expect(Set(plans(animal).map(\.backdrop)) == Set(Backdrop.allCases))
  }

  @Test func `every marking occurs, and most on both animals`() {
    let cats = Set(plans(.cat).map(\.markings))
    let dogs = Set(plans(.dog).map(\.markings))
    #expect(cats.union(dogs) == Set(Markings.allCases))
    #expect(cats.intersection(dogs).count >= Markings.allCases.count - 2)
  }

  @Test(arguments: Backdrop.allCases)
  func `without bias a backdrop is as frequent behind cats as behind dogs`(backdrop: Backdrop) {
    func share(_ animal: Animal) -> Double {
      let plans = plans(animal, count: 2000)
      return Double(plans.count { $0.backdrop == backdrop }) / 2000
    }
    // One in eight; the standard deviation of a share of 2000 is 0.007.
    #expect(abs(share(.cat) - 0.125) < 0.03)
    #expect(abs(share(.dog) - 0.125) < 0.03)
  }

  @Test(arguments: Animal.allCases, [0.5, 0.95, 1])
  func `a bias ties the backdrop to the class`(animal: Animal, bias: Double) {
    let typical = Backdrop.typical(for: animal)
    let plans = plans(animal, bias: bias, count: 2000)
    let share = Double(plans.count { typical.contains($0.backdrop) }) / 2000
    let expected = bias + (1 - bias) * Double(typical.count) / Double(Backdrop.allCases.count)
    #expect(abs(share - expected) < 0.04)
  }

  @Test func `cats and dogs have no typical backdrop in common`() {
    #expect(Set(Backdrop.typical(for: .cat)).isDisjoint(with: Backdrop.typical(for: .dog)))
  }

  @Test(arguments: [-0.1, 1.1])
  func `a bias is a probability`(bias: Double) async {
    await #expect(processExitsWith: .failure) { [bias] in
      _ = SketchConfiguration(seed: 1, backgroundBias: bias)
    }
  }
}
