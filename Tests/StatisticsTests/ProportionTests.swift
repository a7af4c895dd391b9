import Statistics
import Testing

@Suite struct ProportionTests {
  /// scipy 1.17.1: binomtest(hits, count).proportion_ci(method="wilson").
  @Test(arguments: [
    (0, 10, 0.0, 0.277_532_800), (10, 10, 0.722_467_200, 1.0),
    (93, 100, 0.862_504_853, 0.965_680_739), (1, 2, 0.094_531_206, 0.905_468_794),
  ])
  func `Wilson's interval agrees with a reference`(
    hits: Int, count: Int, low: Double, high: Double
  ) {
    let interval = Proportion(hits: hits, of: count).interval
    #expect(abs(interval.lowerBound - low) < 1e-6)
    #expect(abs(interval.upperBound - high) < 1e-6)
  }

  @Test func `nothing counted says nothing`() {
    #expect(Proportion(hits: 0, of: 0).fraction == nil)
    #expect(Proportion(hits: 0, of: 0).interval == 0...1)
  }
}
