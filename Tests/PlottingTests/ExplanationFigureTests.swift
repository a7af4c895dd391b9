import Plotting
import Support
import Testing

@Suite struct ExplanationFigureTests {
  /// A gray image with a bright right half.
  private let photo = PixelBuffer(
    width: 4, height: 2,
    bytes: [40, 40, 40, 40, 40, 40, 200, 200, 200, 200, 200, 200]
      + [40, 40, 40, 40, 40, 40, 200, 200, 200, 200, 200, 200])

  private func colors(_ bitmap: PixelBuffer) -> [[Int]] {
    (0..<bitmap.width * bitmap.height).map { pixel in
      (0..<3).map { Int(bitmap.bytes[pixel * 3 + $0]) }
    }
  }

  @Test(arguments: [Theme.light, .synthwave])
  func `what speaks for it is warm, what speaks against it is blue, and nothing is gray`(
    theme: Theme
  ) {
    let map = HeatMap(width: 4, height: 2, values: [1, -1, 0, 0.5, 0, 0, 0, -0.5])
    let colors = colors(map.bitmap(over: photo, theme))
    #expect(colors[0][0] > colors[0][2] + 30, "for")
    #expect(colors[1][2] > colors[1][0] + 20, "against")
    #expect(colors[3][0] > colors[3][1] + 30 && colors[7][2] > colors[7][0] + 30, "half")
    for place in [2, 4, 6] {
      #expect((colors[place].max() ?? 0) - (colors[place].min() ?? 0) < 10, "nothing")
    }
    #expect(colors[2][0] > colors[4][0] + 40, "the photo shows where nothing is said")
  }

  @Test func `ink shows what speaks for it, and the photo below`() {
    let map = HeatMap(width: 4, height: 2, values: [1, -1, 0, 0.5, 0, 0, 0, -0.5])
    let colors = colors(map.bitmap(over: photo, .print))
    #expect(colors.allSatisfy { Set($0).count == 1 })
    #expect(colors[0][0] < 60 && colors[3][0] < 160)
    #expect(colors[1] == colors[4] && colors[2][0] > colors[4][0])
  }

  @Test func `a few high values do not make all others pale`() {
    var values = [Float](repeating: 1, count: 1000)
    values[7] = 500
    let map = HeatMap(width: 100, height: 10, values: values)
    #expect(map.fullScale == 1)
    #expect(HeatMap(width: 2, height: 1, values: [0, 0]).fullScale == 0)
    #expect(HeatMap(width: 2, height: 1, values: [0, 0]).bitmap(.light).bytes.count == 6)
  }

  @Test(arguments: Theme.allCases)
  func `higher values of a map alone are further from zero's color`(theme: Theme) {
    let map = HeatMap(width: 5, height: 1, values: [0, 0.25, 0.5, 0.75, 1])
    let lights = colors(map.bitmap(theme)).map { $0.reduce(0, +) }
    for (low, high) in zip(lights, lights.dropFirst()) {
      #expect(theme == .print ? low > high : low < high, "\(lights)")
    }
  }

  @Test func `a magnified pixel is a square of its color`() {
    let big = PixelBuffer(width: 2, height: 1, bytes: [1, 2, 3, 4, 5, 6]).magnified(2)
    #expect(big.width == 4 && big.height == 2)
    #expect(
      big.bytes
        == Array(repeating: [1, 2, 3, 1, 2, 3, 4, 5, 6, 4, 5, 6], count: 2).joined().map { $0 })
  }

  // MARK: Figures

  private func overview(rows: Int, theme: Theme) -> ExplanationFigure {
    let map = HeatMap(width: 4, height: 2, values: [1, -1, 0, 0.5, 0, 0, 0, -0.5])
    return ExplanationFigure(
      title: "What speaks for cat, 99.8%", subtitle: "a photo with a rather long name.jpg",
      footer: "CAM of layer 23",
      rows: (0..<rows).map { _ in
        .init(
          photo, title: "a class with a name that is much too long", notes: ["one", "two"],
          panels: ["Grad-CAM", "LayerCAM", "Integrated gradients", "Occlusion"].map {
            .init($0, map, notes: ["100% in the central half", "adds up within 100.00%"])
          })
      }, theme: theme)
  }

  private func convolution(kernel: Int, theme: Theme = .light) -> ConvolutionFigure {
    let count = kernel * kernel * 3
    return ConvolutionFigure(
      title: "A convolution", subtitle: "Layer 0", image: photo,
      patch: Rectangle(x: 1, y: 0, width: 2, height: 2),
      featureMap: HeatMap(width: 4, height: 2, values: [1, -1, 0, 0.5, 0, 0, 0, -0.5]), row: 1,
      column: 3, kernelHeight: kernel, kernelWidth: kernel, channels: ["red", "green", "blue"],
      patches: (0..<12).map { row in (0..<count).map { Float($0 + row) / 10 } },
      kernels: (0..<4).map { number in (0..<count).map { Float($0 % 3 - number) } },
      biases: [0.5, 1, 2, 3], patchCount: 6400, kernelCount: 24, theme: theme)
  }

  private func pooling(_ theme: Theme) -> PoolingFigure {
    let map = HeatMap(width: 4, height: 4, values: (0..<16).map { Float($0) })
    return PoolingFigure(
      title: "Max pooling", subtitle: "Layer 4", before: map,
      after: HeatMap(width: 2, height: 2, values: [5, 7, 13, 15]),
      inputPart: Rectangle(x: 0, y: 0, width: 4, height: 4),
      outputPart: Rectangle(x: 0, y: 0, width: 2, height: 2),
      inputs: (0..<4).map { row in (0..<4).map { Float(4 * row + $0) } },
      outputs: [[5, 7], [13, 15]], winners: [.init(row: 1, column: 3)],
      windows: [Rectangle(x: 2, y: 0, width: 2, height: 2)], theme: theme)
  }

  private func expectReadable(_ canvas: RecordingCanvas) {
    let words = canvas.texts.filter { $0.rotation == 0 && !$0.text.isEmpty }
    for (index, text) in words.enumerated() {
      #expect(text.box.x >= 0 && text.box.right <= canvas.width, "\(text.text)")
      #expect(text.box.y >= 0 && text.box.bottom <= canvas.height, "\(text.text)")
      for other in words.dropFirst(index + 1) {
        #expect(!text.box.overlaps(other.box), "\(text.text) on \(other.text)")
      }
    }
  }

  @Test(arguments: Theme.allCases)
  func `words of all figures do not overlap`(theme: Theme) {
    expectReadable(RecordingCanvas(of: overview(rows: 1, theme: theme)))
    expectReadable(RecordingCanvas(of: overview(rows: 3, theme: theme)))
    for kernel in [1, 2, 3, 5] {
      expectReadable(RecordingCanvas(of: convolution(kernel: kernel, theme: theme)))
    }
    expectReadable(RecordingCanvas(of: pooling(theme)))
  }

  @Test func `a row has its photo and its maps, each with its scale`() {
    let canvas = RecordingCanvas(of: overview(rows: 2, theme: .light))
    #expect(canvas.images.count == 10)
    #expect(canvas.texts.count { $0.text == "full color at 1.000" } == 8)
    let columns = Set(canvas.images.map(\.x))
    #expect(columns.count == 5 && canvas.images.allSatisfy { $0.right <= canvas.width })
  }

  @Test(arguments: [1, 20, 50])
  func `a single map fills its half of the width, unless there are too many rows for a PNG file`(
    rows: Int
  ) {
    var figure = overview(rows: rows, theme: .light)
    for row in figure.rows.indices { figure.rows[row].panels.removeLast(3) }
    #expect(figure.size.width == 640 && figure.size.height < 16_000)
    let canvas = RecordingCanvas(of: figure)
    let end = canvas.images.map(\.right).max() ?? 0
    #expect(rows == 50 ? end < 500 : abs(end - 612) < 1e-6)
    if rows == 1 { expectReadable(canvas) }
  }

  @Test func `the marked row times the marked column is the marked number`() throws {
    // Patch 0, 0.1, 0.2, … times kernel 0, 1, 2, 0, …: green once, blue twice.
    let canvas = RecordingCanvas(of: convolution(kernel: 2))
    let greens = [0.1, 0.4, 0.7, 1.0].reduce(0, +)
    let blues = [0.2, 0.5, 0.8, 1.1].reduce(0, +)
    let sum = greens + 2 * blues
    #expect(canvas.box(of: sum.decimal(3)) != nil)
    #expect(canvas.box(of: "= \((sum + 0.5).decimal(3))") != nil)
    let whole = try #require(canvas.box(of: (sum + 0.5).decimal(2)))
    #expect(isFramed(whole, on: canvas))
    #expect(canvas.box(of: "patches as rows: 6,400 × 12") != nil)
    #expect(canvas.box(of: "4 of 24 shown") != nil)
  }

  @Test func `of a large kernel some numbers are left out, and that shows`() {
    let texts = RecordingCanvas(of: convolution(kernel: 3)).texts.map(\.text)
    #expect(texts.count { $0 == "⋯" } == 12 + 4)
    #expect(!RecordingCanvas(of: convolution(kernel: 2)).texts.contains { $0.text == "⋯" })
  }

  @Test func `the number that a pooling keeps is framed`() throws {
    let canvas = RecordingCanvas(of: pooling(.light))
    let box = try #require(canvas.box(of: "7.00"))
    #expect(isFramed(box, on: canvas))
    #expect(!isFramed(try #require(canvas.box(of: "6.00")), on: canvas))
  }

  /// Whether a cell around a text is outlined.
  private func isFramed(_ box: Rectangle, on canvas: RecordingCanvas) -> Bool {
    canvas.lines.contains { line in
      let corners = line.path.points
      guard line.stroke.width == 2.5, corners.count == 4 else { return false }
      let (start, end) = (corners[0], corners[2])
      guard start.x < box.x, end.x > box.right, end.x - start.x < 50 else { return false }
      return start.y < box.y + 4 && end.y > box.bottom - 4
    }
  }
}
