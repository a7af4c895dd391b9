import Plotting
import Testing

/// Expects every text but the numbers on marbles to lie inside and on no other, on a canvas of the
/// figure's size, a wider and a higher one.
func expectReadable(_ figure: some Figure, sourceLocation: SourceLocation = #_sourceLocation) {
  for (x, y) in [(1.0, 1.0), (1.7, 1), (1, 1.7)] {
    let canvas = RecordingCanvas(Size(figure.size.width * x, figure.size.height * y))
    figure.draw(on: canvas)
    let words = canvas.texts.filter {
      (Int($0.text) == nil || $0.size == 13) && $0.box.width > 0
    }
    for (index, text) in words.enumerated() {
      #expect(
        text.box.x >= 0 && text.box.right <= canvas.width && text.box.y >= 0
          && text.box.bottom <= canvas.height,
        "'\(text.text)' leaves \(type(of: figure)) at \(text.box)", sourceLocation: sourceLocation)
      for other in words.dropFirst(index + 1) where text.box.overlaps(other.box) {
        Issue.record(
          "'\(text.text)' on '\(other.text)' of \(type(of: figure)), at \(text.box)",
          sourceLocation: sourceLocation)
      }
    }
  }
}
