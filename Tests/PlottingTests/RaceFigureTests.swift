import Foundation
import Plotting
import Testing

@Suite struct RaceFigureTests {
  /// Marbles that spiral inwards, one that leaves, one that stands still.
  private func figure(steps: Int = 30, theme: Theme = .light) -> RaceFigure {
    let field = HeightField(x: -2...2, y: -1...1, columns: 41, rows: 31) { $0 * $0 + 4 * $1 * $1 }
    func path(
      _ label: String, _ group: Int?, _ place: (Double) -> (Double, Double)
    ) -> RacePath {
      let places = (0...steps).map { place(Double($0)) }
      return RacePath(
        label: label, detail: "0.1", outcome: "minimum, step 12", group: group,
        points: places.map { DataPoint($0.0, $0.1) },
        values: places.map { $0.0 * $0.0 + 4 * $0.1 * $0.1 })
    }
    return RaceFigure(
      title: "Marbles", subtitle: "f", footer: "from here",
      ground: .map(field, minima: [DataPoint(0, 0)]),
      paths: [
        path("inwards", 1) {
          (1.8 * exp(-0.1 * $0) * cos($0), exp(-0.1 * $0) * sin($0))
        },
        path("away", 3) { ($0, 0.5) },
        path("still", nil) { _ in (0.5, 0.5) },
      ], isAboveLowest: true, theme: theme)
  }

  @Test func `every word of a race lies inside the figure and none on another`() {
    let canvas = RecordingCanvas(of: figure())
    let numbers = Set(["1", "2", "3"])
    let words = canvas.texts.filter { !numbers.contains($0.text) }
    for text in words {
      #expect(text.box.x >= 0 && text.box.right <= canvas.width, "\(text.text)")
      #expect(text.box.y >= 0 && text.box.bottom <= canvas.height, "\(text.text)")
    }
    for (index, text) in words.enumerated() {
      for other in words.dropFirst(index + 1) {
        #expect(!text.box.overlaps(other.box), "\(text.text) on \(other.text)")
      }
    }
  }

  @Test func `an animation's frames change and its chunks are in order`() throws {
    let animation = try RaceAnimation(figure(steps: 5)).encoded()
    #expect(animation.frameCount == 8)
    let bytes = animation.bytes
    var place = 8
    var (names, sequence): ([String], [Int]) = ([], [])
    while place < bytes.count {
      let length = bytes[place..<place + 4].reduce(0) { $0 << 8 | Int($1) }
      let name = String(decoding: bytes[place + 4..<place + 8], as: UTF8.self)
      if name == "fcTL" || name == "fdAT" {
        sequence.append(bytes[place + 8..<place + 12].reduce(0) { $0 << 8 | Int($1) })
      }
      // 8 bits of red, green, blue and alpha: what all frames of a file must share.
      if name == "IHDR" { #expect(Array(bytes[place + 16..<place + 18]) == [8, 6]) }
      names.append(name)
      place += 12 + length
    }
    #expect(place == bytes.count)
    #expect(names.prefix(4) == ["IHDR", "tEXt", "acTL", "fcTL"])
    #expect(names.last == "IEND")
    #expect(names.count { $0 == "fcTL" } == 8)
    #expect(sequence == Array(0..<sequence.count))
  }

  @Test func `a long race is shown in strides that end with the last step`() throws {
    #expect(RaceAnimation(figure(steps: 180)).stride == 1)
    let long = RaceAnimation(figure(steps: 400))
    #expect(long.stride == 3)
    // Poster, background, 0, 3, …, 399, 400.
    #expect(try long.encoded().frameCount == 2 + 134 + 1)
  }
}

@Suite struct HeightFieldTests {
  @Test(arguments: [0.5, 1, 2.5])
  func `lines of equal height lie at that height`(level: Double) {
    let field = HeightField(x: -2...2, y: -2...2, columns: 81, rows: 81) { $0 * $0 + $1 * $1 }
    let pieces = field.contour(at: level)
    #expect(pieces.count > 50)
    var length = 0.0
    for (a, b) in pieces {
      for end in [a, b] { #expect(abs(end.x * end.x + end.y * end.y - level) < 0.01) }
      length += hypot(a.x - b.x, a.y - b.y)
    }
    #expect(abs(length - 2 * .pi * level.squareRoot()) < 0.02)
  }

  @Test func `levels cut the window into equal areas`() {
    let field = HeightField(x: 0...1, y: 0...1, columns: 101, rows: 101) { x, _ in x * x }
    let levels = field.levels(3)
    #expect(zip(levels, [0.0625, 0.25, 0.5625]).allSatisfy { abs($0 - $1) < 0.02 })
  }

  @Test func `a hole in the surface leaves a gap`() {
    let field = HeightField(x: -1...1, y: -1...1, columns: 21, rows: 21) { x, y in
      x > 0 ? .nan : x + y
    }
    #expect(field.contour(at: -0.5).allSatisfy { $0.0.x <= 0 && $0.1.x <= 0 })
    #expect(!field.contour(at: -0.5).isEmpty)
  }
}

@Suite struct CrowdTests {
  @Test(arguments: [Point(50, 50), Point(399, 50), Point(0, 200)])
  func `marbles at one place stand side by side, however many there are`(center: Point) {
    var crowd = Crowd()
    let box = Rectangle(x: 0, y: 0, width: 400, height: 400)
    let places = (0..<60).map { _ in crowd.place(at: center, in: box) }
    #expect(places[0] == center)
    for (index, place) in places.enumerated() {
      #expect(place.x >= box.x && place.x <= box.right)
      for other in places.dropFirst(index + 1) {
        #expect(hypot(place.x - other.x, place.y - other.y) >= 15)
      }
    }
  }
}
