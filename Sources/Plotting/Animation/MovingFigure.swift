/// A figure that can also show its marbles on their way.
public protocol MovingFigure: TitledFigure {
  /// The steps after which it can show them, ascending.
  var steps: [Int] { get }
  /// How long a step is shown, milliseconds.
  var millisecondsPerStep: Int { get }

  /// Draws everything but the marbles and their trails.
  func drawBackground(on canvas: any Canvas)

  /// Draws the marbles where they are after a step, with their trails, and which step it is.
  func drawMarbles(after step: Int, on canvas: any Canvas)
}

extension Canvas {
  /// Writes the number of a step.
  func writeStep(_ step: Int, endingAt corner: Point, _ palette: Palette) {
    write(
      "step \(step)", at: corner, with: palette.text,
      TextStyle(size: 15, bold: true, alignment: .trailing))
  }
}

extension [RacePath] {
  /// All steps that one of the paths has a point of.
  var steps: [Int] {
    Set(flatMap { path in path.steps ?? Array<Int>(path.points.indices) }).sorted()
  }
}

extension RacePath {
  /// The way until a step; the start at least.
  func until(_ step: Int) -> RacePath {
    let count = Swift.max(
      1, steps.map { steps in steps.count { $0 <= step } } ?? Swift.min(points.count, step + 1))
    var path = self
    path.points = Array(points.prefix(count))
    path.values = Array(values.prefix(count))
    path.slopes = Array(slopes.prefix(count))
    path.steps = steps.map { Array($0.prefix(count)) }
    return path
  }
}
