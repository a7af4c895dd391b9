import ImageLoading
import Testing

@Suite struct ColorStatisticsTests {
  /// Two images of two pixels each.
  let data = NormalizationTests().dataset(
    [255, 0, 0, 0, 0, 255, 10, 20, 30, 30, 40, 50], count: 2)

  @Test func `brightness weighs red, green and blue as BT.601 does`() {
    let levels = data.histogram(of: .brightness, indices: [0])
    #expect(levels[76] == 0.5 && levels[29] == 0.5)
    #expect(levels.reduce(0, +) == 1)
  }

  @Test func `a channel counts its own levels over all images asked for`() {
    let levels = data.histogram(of: .green, indices: [0, 1])
    #expect(levels[0] == 0.5 && levels[20] == 0.25 && levels[40] == 0.25)
    #expect(data.histogram(of: .red, indices: []).allSatisfy { $0 == 0 })
  }

  @Test func `the mean color is that of one image`() {
    #expect(data.meanColor(of: 0) == [127.5, 0, 127.5])
    #expect(data.meanColor(of: 1) == [20, 30, 40])
  }
}
