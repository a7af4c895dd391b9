import Plotting
import Support
import Testing

@Suite struct FigureWordsTests {
  private static let names = [
    "sgd", "momentum", "nesterov", "conjugate-gradient", "schedule-free", "backtracking",
  ]

  private static let title = TextStyle(size: 20, bold: true)

  private func paths(_ count: Int) -> [RacePath] {
    (0..<count).map { index in
      let end = Double(index) / 30
      return RacePath(
        label: Self.names[index % Self.names.count], detail: "0.0003",
        outcome: "minimum, step 1234", group: index % 8,
        points: [DataPoint(-1, -1), DataPoint(end, 0.5)], values: [2, end + 0.1])
    }
  }

  private var field: HeightField {
    HeightField(x: -2...2, y: -2...2, columns: 9, rows: 9) { $0 * $0 + $1 * $1 }
  }

  @Test(arguments: [1, 12, 13, 22, 40], Theme.allCases)
  func `words of races do not overlap, however many marbles roll`(count: Int, theme: Theme) {
    expectReadable(
      RaceFigure(
        title: "\(count) marbles", subtitle: "f(x, y)", footer: "from here",
        ground: .map(field, minima: [DataPoint(0, 0)]), paths: paths(count), isAboveLowest: true,
        theme: theme))
  }

  @Test(arguments: ["abcdefgh ijkl mnop ", "Wi 漢字 🇩🇪 é "])
  func `a text that is too long keeps all the letters that have room`(piece: String) {
    let canvas = RecordingCanvas()
    let text = String(repeating: piece, count: 12)
    let shortened = canvas.shortened(text, Self.title, to: 300)
    var slowly = text
    while canvas.width(of: slowly + "…", Self.title) > 300 { slowly.removeLast() }
    #expect(shortened == slowly + "…")
    #expect(canvas.shortened(text, Self.title, to: 1) == "…")
    #expect(canvas.shortened("short", Self.title, to: 300) == "short")
  }

  @Test func `a text of thousands of letters is measured a few times`() {
    let canvas = RecordingCanvas()
    _ = canvas.shortened(String(repeating: "long ", count: 600), Self.title, to: 700)
    #expect(canvas.measured < 20)
  }

  @Test func `a race names every marble of the largest that is usual`() {
    let figure = RaceFigure(
      title: "", subtitle: "", footer: "", ground: .map(field, minima: []), paths: paths(24),
      isAboveLowest: true)
    let texts = RecordingCanvas(of: figure).texts.map(\.text)
    #expect(Self.names.allSatisfy { name in texts.count { $0 == name } == 4 })
  }

  @Test func `a race says how many marbles it does not name`() {
    let figure = RaceFigure(
      title: "", subtitle: "", footer: "", ground: .map(field, minima: []), paths: paths(40),
      isAboveLowest: true)
    #expect(RecordingCanvas(of: figure).box(of: "and 17 more") != nil)
  }

  @Test(arguments: [1, 22], Theme.allCases)
  func `words of landscapes do not overlap`(count: Int, theme: Theme) {
    expectReadable(
      LandscapeFigure(
        title: "\(count) marbles", subtitle: "f(x, y)", footer: "from here", field: field,
        minima: [DataPoint(0, 0)], paths: paths(count), theme: theme))
  }

  @Test(arguments: [1, 9, 22], Theme.allCases)
  func `words of loss maps do not overlap`(count: Int, theme: Theme) {
    for height in [{ (x: Double, y: Double) in 0.02 + x * x + 3 * y * y }, { _, _ in .nan }] {
      expectReadable(
        LossMapFigure(
          title: "\(count) networks on one loss surface", subtitle: "Losses from 0.02 to 7.",
          footer: "51×51 points",
          field: HeightField(x: -2...2, y: -1...1, columns: 21, rows: 21, height),
          horizontal: "first principal direction (64% of the paths)",
          vertical: "second principal direction (26% of the paths)", paths: paths(count),
          theme: theme))
    }
  }

  @Test func `words of basins do not overlap`() {
    expectReadable(
      BasinFigure(
        title: "Where they roll to", subtitle: "color: minimum", footer: "sgd", x: -2...2,
        y: -1...1, columns: 2,
        cells: [0, 1, nil, 0].map { BasinFigure.Cell(basin: $0, time: 0.5) },
        basins: [DataPoint(-1, 0), DataPoint(1, 0)], theme: .light))
  }

  @Test(arguments: [1, 2, 6, 12])
  func `words of distributions do not overlap, however many groups there are`(count: Int) {
    let groups = (0..<count).map { "a class with a name \($0)" }
    let parts = (0..<count).map { group in (0..<32).map { Double($0 * (group + 1) % 7) / 100 } }
    expectReadable(
      DistributionFigure(
        title: "Distributions", subtitle: "part of the pixels", groups: groups,
        panels: ["brightness", "red", "green", "blue"].map { .init($0, parts) },
        domain: 0...255))
  }

  @Test(arguments: [1, 4, 8])
  func `words of a sheet do not overlap, and its images fill its squares`(columns: Int) {
    let image = PixelBuffer(width: 4, height: 2, bytes: Array(repeating: 99, count: 24))
    let row = ContactSheet.Row(
      "cats", Array(repeating: .init(image, caption: "a file with a long name.jpg"), count: 9))
    let sheet = ContactSheet(
      title: "Images", subtitle: "of a folder", rows: [row, row], columns: columns)
    expectReadable(sheet)
    let images = RecordingCanvas(of: sheet).images
    #expect(images.count == 18)
    #expect(images.allSatisfy { abs($0.width - 2 * $0.height) < 1e-9 })
    #expect(images.allSatisfy { $0.x >= 0 && $0.right <= sheet.size.width })
    for (index, image) in images.enumerated() {
      #expect(images.dropFirst(index + 1).allSatisfy { !image.overlaps($0) })
    }
  }
}
