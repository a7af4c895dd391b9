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

  @Test func `an animation begins after its poster, and its chunks are in order`() throws {
    let animation = try MarbleAnimation(figure(steps: 5)).encoded()
    #expect(animation.frameCount == 7)
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
    #expect(names.prefix(4) == ["IHDR", "tEXt", "acTL", "IDAT"])
    #expect(names.last == "IEND")
    #expect(names.count { $0 == "fcTL" } == 7)
    let firstFrame = try #require(names.firstIndex(of: "fcTL"))
    #expect(!names[firstFrame...].contains("IDAT"))
    #expect(sequence == Array(0..<sequence.count))
  }

  @Test func `a long race is shown in strides that end with the last step`() throws {
    #expect(MarbleAnimation(figure(steps: 180)).stride == 1)
    let long = MarbleAnimation(figure(steps: 400))
    #expect(long.stride == 3)
    #expect(long.steps.prefix(3) == [0, 3, 6] && long.steps.suffix(2) == [399, 400])
    // Background, 0, 3, …, 399, 400.
    #expect(try long.encoded().frameCount == 1 + 134 + 1)
  }
}

@Suite struct MarbleAnimationTests {
  private func outcomes(after step: Int) -> [String] {
    func path(_ name: String, steps: Int) -> RacePath {
      RacePath(
        label: name, detail: "0.1", outcome: "ended after \(steps)",
        points: (0...steps).map { DataPoint(Double($0) / 40 - 1, 0) },
        values: (0...steps).map { 1 / Double($0 + 1) })
    }
    let figure = RaceFigure(
      title: "", subtitle: "", footer: "",
      ground: .map(HeightField(x: -2...2, y: -1...1, columns: 9, rows: 9) { $0 + $1 }, minima: []),
      paths: [path("a", steps: 20), path("b", steps: 60)], isAboveLowest: true)
    let canvas = RecordingCanvas(.race)
    MarbleAnimation(figure).drawFrame(after: step, on: canvas)
    return canvas.texts.map(\.text).filter { $0.hasPrefix("ended") }
  }

  @Test func `a frame does not give away how a marble will end`() {
    #expect(outcomes(after: 0).isEmpty && outcomes(after: 19).isEmpty)
    #expect(outcomes(after: 20) == ["ended after 20"])
    #expect(outcomes(after: 60) == ["ended after 20", "ended after 60"])
  }

  @Test func `a frame is a file of the size that was asked for`() throws {
    let path = RacePath(
      label: "a", detail: "", outcome: "", points: [DataPoint(0, 0), DataPoint(1, 0)],
      values: [1, 0.5])
    let figure = RaceFigure(
      title: "", subtitle: "", footer: "",
      ground: .map(HeightField(x: -2...2, y: -1...1, columns: 9, rows: 9) { $0 + $1 }, minima: []),
      paths: [path], isAboveLowest: true)
    let animation = MarbleAnimation(figure, width: 480)
    for file in try [animation.encodedFrame(after: 1), animation.encoded().bytes] {
      #expect(file[16..<20].reduce(0) { $0 << 8 | Int($1) } == 480)
      #expect(file[20..<24].reduce(0) { $0 << 8 | Int($1) } == 300)
    }
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

@Suite struct MarbleCrowdTests {
  private let box = Rectangle(x: 0, y: 0, width: 400, height: 400)

  @Test func `marbles apart have no numbers beside them`() {
    let places = (0..<20).map { Point(20 + Double($0) * 18, 50) }
    #expect(MarbleCrowd(at: places, in: box).tags.allSatisfy { $0 == nil })
  }

  @Test(arguments: [Point(50, 50), Point(399, 50), Point(0, 400), Point(200, 200)])
  func `of marbles at one place the first is seen, and the number of every other beside it`(
    place: Point
  ) throws {
    let tags = MarbleCrowd(at: Array(repeating: place, count: 40), in: box).tags
    #expect(tags[0] == nil)
    let numbers = try tags.dropFirst().map { try #require($0) }
    for (index, tag) in numbers.enumerated() {
      #expect(box.contains(tag))
      #expect(hypot(tag.x - place.x, tag.y - place.y) >= MarbleCrowd.radius + MarbleCrowd.tagRadius)
      for other in numbers.dropFirst(index + 1) {
        #expect(hypot(tag.x - other.x, tag.y - other.y) >= 2 * MarbleCrowd.tagRadius)
      }
    }
  }

  @Test func `every marble is drawn where it is`() throws {
    let path = RacePath(
      label: "a", detail: "", outcome: "", points: [DataPoint(-1, 0), DataPoint(0, 0)],
      values: [1, 0.5])
    let figure = RaceFigure(
      title: "", subtitle: "", footer: "",
      ground: .map(HeightField(x: -2...2, y: -1...1, columns: 9, rows: 9) { $0 + $1 }, minima: []),
      paths: [path, path, path], isAboveLowest: true)
    let canvas = RecordingCanvas(of: figure)
    let ground = try #require(canvas.plotBoxes.first)
    let middle = Point(ground.x + ground.width / 2, ground.y + ground.height / 2)
    let balls = canvas.texts.filter { Int($0.text) != nil && $0.size == MarbleCrowd.radius * 1.3 }
    #expect(balls.map(\.text).sorted() == ["1", "2", "3"])
    for ball in balls { #expect(abs(ball.box.x + ball.box.width / 2 - middle.x) < 1e-9) }
  }
}
