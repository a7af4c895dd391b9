import Testing
import Training

@Suite struct SlicingTests {
  @Test func `quarters of numbers have their limits as names, and every image is in one`() {
    let slicing = Slicing("size", numbers: [8, 1, 7, 2, 6, 3, 5, 4]) { "\(Int($0))" }
    #expect(slicing.values == ["below 3", "3 to 5", "5 to 7", "7 and above"])
    #expect(slicing.places == [3, 0, 3, 0, 2, 1, 2, 1])
    let slices = slicing.slices(of: [true, true, false, true, false, false, true, true])
    #expect(slices.map(\.count) == [2, 2, 2, 2])
    #expect(slices.map(\.correct) == [2, 1, 1, 1])
    #expect(slices.map(\.accuracy) == [1, 0.5, 0.5, 0.5])
    // scipy 1.17.1: binomtest(1, 2).proportion_ci(method="wilson").
    #expect(abs(slices[1].accuracyLow - 0.094_531_206) < 1e-6)
    #expect(abs(slices[1].accuracyHigh - 0.905_468_794) < 1e-6)
  }

  @Test(arguments: [
    ([5.0, 5, 5, 5], ["all"]), ([5], ["all"]), ([1, 5, 5, 5, 5], ["below 5", "5 and above"]),
    ([1, 1, 1, 1, 9], ["all"]),
  ])
  func `equal numbers are never divided`(numbers: [Double], values: [String]) {
    let slicing = Slicing("size", numbers: numbers) { "\(Int($0))" }
    #expect(slicing.values == values)
    let places = Dictionary(grouping: zip(numbers, slicing.places), by: \.0)
    #expect(places.values.allSatisfy { Set($0.map(\.1)).count == 1 })
  }

  @Test func `texts are slices in natural order`() {
    let slicing = Slicing("breed", texts: ["pug 10", "pug 2", "Akita", "pug 10"])
    #expect(slicing.values == ["Akita", "pug 2", "pug 10"])
    #expect(slicing.places == [2, 1, 0, 2])
    let slices = slicing.slices(of: [true, false, true, false])
    #expect(slices.map(\.accuracy) == [1, 0, 0.5])
    #expect(slices.map(\.quantity) == ["breed", "breed", "breed"])
  }
}
