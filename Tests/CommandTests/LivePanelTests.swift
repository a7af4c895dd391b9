import Foundation
import TestSupport
import Testing

/// What a terminal shows while a network is trained.
@Suite struct LivePanelTests {
  /// What `marbles train` writes to a terminal of some size.
  private func train(columns: Int, rows: Int = 40, _ options: String = "") throws -> String {
    let folder = try TemporaryFolder()
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/script")
    process.currentDirectoryURL = URL(filePath: folder.path)
    let command =
      "stty cols \(columns) rows \(rows); exec '\(Tool.path)' train '\(Tool.sketches)' "
      + "--epochs 3 --image-size 16 \(options)"
    process.arguments = ["-qec", command, "out"]
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    return String(decoding: try folder.read("out"), as: UTF8.self)
  }

  private func hasCharts(_ text: String) -> Bool {
    text.unicodeScalars.contains { (0x2801...0x28FF).contains($0.value) }
  }

  @Test(arguments: [60, 80, 140])
  func `a terminal shows how loss and accuracy go`(columns: Int) throws {
    let text = try train(columns: columns)
    #expect(hasCharts(text))
    for word in ["validation accuracy", "images/s", "rate ", "gradient ", "largest change"] {
      #expect(text.contains(word), "no '\(word)'")
    }
    // Whatever is drawn again fits the width, codes aside.
    let lines = text.split(whereSeparator: \.isNewline).map {
      $0.replacing(/\u{1B}\[[0-9;]*[A-Za-z]/, with: "")
    }
    let drawn = lines.filter { $0.contains("left") && $0.contains("%") || hasCharts(String($0)) }
    #expect(
      !drawn.isEmpty
        && drawn.allSatisfy { $0.split(separator: "\r").allSatisfy { $0.count <= columns } })
    // The lines that stay.
    #expect(text.contains(" epoch    train"))
    #expect(text.contains("of training"))
  }

  @Test func `a small terminal shows one line, and a quiet run none`() throws {
    #expect(try !hasCharts(train(columns: 40)))
    #expect(try !hasCharts(train(columns: 100, rows: 10)))
    let quiet = try train(columns: 100, "--quiet")
    #expect(!hasCharts(quiet) && !quiet.contains("images/s"))
  }
}
