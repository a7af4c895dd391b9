import Foundation
import Plotting
import Testing

@Suite struct FigureFileTests {
  private let figure = TrainingFigure(curves: SampleRuns.typical.curves, quantity: .loss)

  /// Runs `body` in a new folder that is removed afterwards.
  private func inFolder(_ body: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("plotting-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder)
  }

  @Test func `a PNG has 1600 by 1000 pixels`() throws {
    try inFolder { folder in
      let file = folder.appendingPathComponent("loss.png")
      try figure.write(to: file.path)
      let header = [UInt8](try Data(contentsOf: file).prefix(24))
      #expect(header.prefix(4) == [0x89, 0x50, 0x4E, 0x47])
      #expect(header[16..<20].reduce(0) { $0 << 8 | Int($1) } == 1600)
      #expect(header[20..<24].reduce(0) { $0 << 8 | Int($1) } == 1000)
    }
  }

  @Test(
    arguments: zip(FigureFormat.allCases, ["\u{89}PNG", "<?xml", "%PDF"]))
  func `each format is written whole, alone and under its name`(
    format: FigureFormat, start: String
  ) throws {
    try inFolder { folder in
      let file = folder.appendingPathComponent("loss.\(format)")
      try figure.write(to: file.path, as: format)
      let data = try Data(contentsOf: file)
      #expect(data.count > 1000)
      #expect(data.starts(with: start.unicodeScalars.map { UInt8($0.value) }))
      #expect(
        try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["loss.\(format)"])
    }
  }

  @Test(arguments: FigureFormat.allCases)
  func `a missing folder is told as unwritable`(format: FigureFormat) throws {
    try inFolder { folder in
      let path = folder.appendingPathComponent("missing/loss.png").path
      let error = try #require(
        #expect(throws: FigureError.self) { try figure.write(to: path, as: format) })
      guard case .unwritable(let told, let reason) = error else {
        Issue.record("\(error)")
        return
      }
      #expect(told == path && !reason.isEmpty)
    }
  }

  @Test(arguments: FigureFormat.allCases)
  func `nothing is left behind where a folder stands in the way`(
    format: FigureFormat
  ) throws {
    try inFolder { folder in
      let file = folder.appendingPathComponent("loss.png")
      try FileManager.default.createDirectory(at: file, withIntermediateDirectories: false)
      #expect(throws: FigureError.self) { try figure.write(to: file.path, as: format) }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["loss.png"])
    }
  }

  @Test(arguments: Theme.allCases)
  func `the whole canvas has the background of the theme`(theme: Theme) {
    let canvas = CairoCanvas(width: 800, height: 500)
    TrainingFigure(curves: [], quantity: .accuracy, theme: theme).draw(on: canvas)
    let pixels = canvas.pixels(over: Color(hex: 0x00FF00))
    let background = theme.palette.background
    let expected = [background.red, background.green, background.blue]
      .map { UInt8(($0 * 255).rounded()) }
    #expect(Array(pixels.prefix(3)) == expected && Array(pixels.suffix(3)) == expected)
  }
}
