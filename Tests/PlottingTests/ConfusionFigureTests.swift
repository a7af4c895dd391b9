import Plotting
import Testing

@Suite struct ConfusionFigureTests {
  private func figure(_ counts: [[Int]], theme: Theme = .light) -> ConfusionFigure {
    let names = ["cat", "dog", "a class with a name that is far too long", "fish", "日本"]
    return ConfusionFigure(
      title: "What images were taken for", subtitle: "91.7% of 1,360 right",
      classes: counts.indices.map { $0 < names.count ? names[$0] : "class \($0)" },
      counts: counts, theme: theme)
  }

  /// Mostly right, with a count of its own in every cell.
  private func counts(_ classes: Int) -> [[Int]] {
    (0..<classes).map { label in
      (0..<classes).map { label == $0 ? 90 + label : 1 + (label * classes + $0) % 9 }
    }
  }

  @Test func `labels go down and predictions to the right`() throws {
    let canvas = RecordingCanvas(of: figure([[1200, 70], [43, 47]]))
    let cat = try #require(canvas.box(of: "1,200"))
    let catAsDog = try #require(canvas.box(of: "70"))
    let dogAsCat = try #require(canvas.box(of: "43"))
    #expect(catAsDog.x > cat.right && abs(catAsDog.y - cat.y) < 1)
    #expect(dogAsCat.y > cat.bottom && abs((dogAsCat.x - cat.x) + (dogAsCat.right - cat.right)) < 1)
  }

  @Test func `a cell says its part of the images of its label`() {
    let texts = RecordingCanvas(of: figure([[1200, 70], [43, 47]])).texts.map(\.text)
    for share in ["94.5%", "5.5%", "47.8%", "52.2%"] { #expect(texts.contains(share), "\(share)") }
  }

  @Test(arguments: Theme.allCases)
  func `numbers stand out from their cells`(theme: Theme) throws {
    for part in 0...20 {
      let canvas = RecordingCanvas(of: figure([[part, 20 - part], [1, 0]], theme: theme))
      let cell = try #require(canvas.fills.dropFirst().first)
      guard case .color(let ground) = cell.paint else {
        Issue.record("a cell without a color")
        return
      }
      let number = try #require(canvas.texts.first { $0.text == "\(part)" })
      #expect(contrast(ground, number.color) >= 4, "\(part) of 20")
    }
  }

  @Test(arguments: [2, 3, 5, 12], Theme.allCases)
  func `words do not overlap`(classes: Int, theme: Theme) {
    let canvas = RecordingCanvas(of: figure(counts(classes), theme: theme))
    let words = canvas.texts.filter { $0.rotation == 0 }
    for (index, text) in words.enumerated() {
      #expect(text.box.x >= 0 && text.box.right <= canvas.width, "\(text.text)")
      #expect(text.box.y >= 0 && text.box.bottom <= canvas.height, "\(text.text)")
      for other in words.dropFirst(index + 1) {
        #expect(!text.box.overlaps(other.box), "\(text.text) on \(other.text)")
      }
    }
  }

  @Test func `long names of columns are turned and stay below the title`() throws {
    let canvas = RecordingCanvas(of: figure(counts(4)))
    let turned = canvas.texts.filter { $0.rotation != 0 && $0.text != "label" }
    #expect(turned.count == 4)
    let title = try #require(canvas.box(of: "91.7% of 1,360 right"))
    let top = canvas.texts.filter { $0.rotation != 0 }.map { $0.box.bottom - $0.box.width }.min()
    #expect(try #require(top) > title.bottom)
  }

  @Test func `a label without images has empty cells`() {
    let texts = RecordingCanvas(of: figure([[5, 0], [0, 0]])).texts.map(\.text)
    #expect(texts.count { $0 == "0" } == 1 && texts.count { $0 == "5" } == 1)
  }

  @Test func `a hundred classes keep cells that can be read`() {
    let figure = figure(counts(100))
    #expect(figure.size.width > 2400 && figure.size.height > 2400)
    let texts = RecordingCanvas(of: figure).texts
    #expect(texts.contains { $0.text == "class 99" && $0.size == 13 })
  }
}
