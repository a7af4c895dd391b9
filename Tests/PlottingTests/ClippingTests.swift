import Plotting
import Testing

@Suite struct ClippingTests {
  let box = Rectangle(x: 0, y: 0, width: 10, height: 10)

  @Test func `a line is cut off where it leaves the box`() {
    let path = Path.polyline([Point(5, 5), Point(5, -5)], clippedTo: box)
    #expect(path == .polyline([Point(5, 5), Point(5, 0)]))
  }

  @Test func `a line through the box enters and leaves it`() {
    let path = Path.polyline([Point(-10, 0), Point(20, 15)], clippedTo: box)
    #expect(path == .polyline([Point(0, 5), Point(10, 10)]))
  }

  @Test(arguments: [
    [Point(-5, -5), Point(-1, 20)], [Point(-1, 12), Point(12, 12)], [Point(-9, 5), Point(5, -9)],
  ])
  func `a line beside the box is not drawn`(points: [Point]) {
    #expect(Path.polyline(points, clippedTo: box) == Path())
  }

  @Test func `a point that is not finite leaves a gap`() {
    let points = [Point(1, 1), Point(2, 2), Point(3, .nan), Point(4, 4), Point(5, 5)]
    var expected = Path.polyline([Point(1, 1), Point(2, 2)])
    expected.append(.polyline([Point(4, 4), Point(5, 5)]))
    #expect(Path.polyline(points, clippedTo: box) == expected)
  }
}
