import Testing

import NetworkPage

@Suite struct PointSetTests {
  @Test(arguments: PointSet.Form.allCases)
  func `points are the same for a seed, of two equal classes, and in the window`(
    form: PointSet.Form
  ) {
    let points = PointSet.points(form, count: 400, noise: 0.9, seed: 4, stream: 0)
    #expect(points == PointSet.points(form, count: 400, noise: 0.9, seed: 4, stream: 0))
    #expect(points != PointSet.points(form, count: 400, noise: 0.9, seed: 5, stream: 0))
    #expect(points != PointSet.points(form, count: 400, noise: 0.9, seed: 4, stream: 1))
    // More points are more of the same.
    let more = PointSet.points(form, count: 900, noise: 0.9, seed: 4, stream: 0)
    #expect(Array(more.prefix(400)) == points)
    #expect(points.count { $0.label == 0 } == 200)
    #expect(points.allSatisfy { abs($0.x) <= 3 && abs($0.y) <= 3 })
  }

  @Test(arguments: PointSet.Form.allCases)
  func `without noise the classes do not mix`(form: PointSet.Form) {
    let points = PointSet.points(form, count: 600, noise: 0, seed: 2, stream: 0)
    guard form != .clouds else { return }
    // The nearest neighbor of nearly every point is of its class.
    let strays = points.indices.count { at in
      let others = points.indices.filter { $0 != at }
      func far(_ other: Int) -> Float {
        let (x, y) = (points[other].x - points[at].x, points[other].y - points[at].y)
        return x * x + y * y
      }
      let nearest = others.min { far($0) < far($1) } ?? at
      return points[nearest].label != points[at].label
    }
    #expect(strays < 12, "\(form): \(strays)")
  }
}
