import TestSupport
import Testing
import Training

@Suite struct UntrustedTableTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  func read(_ lines: [String], end: String = "\n") throws -> [EpochRecord] {
    let header = EpochRecord.columns.joined(separator: ",")
    let text = ([header] + lines).map { $0 + end }.joined()
    return try CSVTable.read(from: folder.write(Array(text.utf8), to: "metrics.csv"))
  }

  @Test func `a table that went through a spreadsheet of Windows is read`() throws {
    let lines = ["0,0,0,0,0.7,0.5,,,", "1,4,2.5,0.01,0.6,0.75,0.7,0.5,1"]
    #expect(try read(lines, end: "\r\n") == read(lines))
    let text = "\u{FEFF}" + StepRecord.columns.joined(separator: ",") + "\r\n1,1,0.5,0.1,2\r\n"
    let path = try folder.write(Array(text.utf8), to: "steps.csv")
    #expect(try CSVTable.read(StepRecord.self, from: path).count == 1)
  }

  @Test(arguments: [
    "1,4,inf,0.01,0.6,0.75,,,", "1,4,nan,0.01,0.6,0.75,,,", "1,4,-1,0.01,0.6,0.75,,,",
    "1,-4,1,0.01,0.6,0.75,,,", "-1,4,1,0.01,0.6,0.75,,,", "1e300,4,1,0.01,0.6,0.75,,,",
    "9223372036854774784,4,1,0.01,0.6,0.75,,,", "1,4,1,inf,0.6,0.75,,,",
    "1,4,1,0.01,0.6,75,,,", "1,4,1,0.01,0.6,0.75,0.5,-3,", "1,4,1,0.01\u{0},0.6,0.75,,,",
  ])
  func `a row outside its range is refused with its line`(line: String) {
    let error = #expect(throws: TableError.self) { try read(["0,0,0,0,0.7,0.5,,,", line]) }
    #expect(error?.description.contains("line 3") == true)
  }
}
