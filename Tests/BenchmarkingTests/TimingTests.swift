import Benchmarking
import Testing

@Suite struct TimingTests {
  @Test func `quartiles lie between neighbors in proportion`() {
    let timing = Timing([4, 1, 3, 2])
    #expect(timing.count == 4)
    #expect(timing.fastest == 1)
    #expect(timing.lowerQuartile == 1.75)
    #expect(timing.median == 2.5)
    #expect(timing.upperQuartile == 3.25)
  }

  @Test func `one measurement is its own median and quartiles`() {
    let timing = Timing([5])
    #expect(
      [timing.fastest, timing.lowerQuartile, timing.median, timing.upperQuartile] == [5, 5, 5, 5])
  }

  @Test func `work is done at least three times, however short the time`() {
    var count = 0
    let timing = Timing(for: 0) { count += 1 }
    #expect(count == 3 && timing.count == 3)
  }
}
