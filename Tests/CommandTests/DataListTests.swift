import Foundation
import TestSupport
import Testing

/// Lists of images, and scans of folders that are not as they should be.
@Suite struct DataListTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  func copySketches(_ count: Int, to classes: [String]) throws {
    for (index, name) in classes.enumerated() {
      let original = ["cat", "dog"][index % 2]
      let files = try FileManager.default.contentsOfDirectory(
        atPath: "\(Tool.sketches)/\(original)")
      for file in files.sorted().dropFirst(index).prefix(count) {
        let bytes = try Data(contentsOf: URL(filePath: "\(Tool.sketches)/\(original)/\(file)"))
        try folder.write(bytes, to: "\(name)/\(file)")
      }
    }
  }

  func write(_ list: String) throws { try folder.write(Array(list.utf8), to: "lists/all.csv") }

  func scan(_ options: String...) throws -> Tool.Outcome {
    try Tool.run(["data", "scan"] + options, in: folder)
  }

  // MARK: Lists

  @Test func `a list is trained on like a folder, with its parts`() throws {
    let files = { (name: String) in
      try FileManager.default.contentsOfDirectory(atPath: "\(Tool.sketches)/\(name)").sorted()
    }
    try copySketches(12, to: ["my, photos/a"])
    var list = "\u{FEFF}path,label,split\r\n"
    for (index, file) in try files("cat").enumerated() {
      let part = index < 8 ? "train" : index < 10 ? "val" : "test"
      list += "\"../my, photos/a/\(file)\",\"Katze, \"\"klein\"\"\",\(part)\r\n"
      list += "\(Tool.sketches)/dog/\(try files("dog")[index]),Hund,\(part)\r\n"
    }
    try write(list)
    let trained = try Tool.run(
      ["train", "lists/all.csv", "--name", "a", "--epochs", "1", "--json"] + Tool.tiny, in: folder)
    #expect(trained.code == 0, "\(trained.errors)")
    let record = try Tool.json(trained)
    #expect(record["classes"] as? [String] == ["Hund", "Katze, \"klein\""])
    #expect(record["training_count"] as? Int == 16)
    #expect(record["test_count"] as? Int == 4)
    #expect(try Tool.run(["evaluate", "runs/a"], in: folder).code == 0)
  }

  @Test(arguments: [
    ("file,class\na.jpg,cat\n", "line 1", "path,label"),
    ("path,label\na.jpg,cat\nb.jpg\n", "line 3", "1 fields, expected 2"),
    ("path,label\n\na.jpg,\n", "line 3", "empty"),
    ("path,label\n\"a\nb.jpg\",cat\nc.jpg,\"dog\n", "line 4", "quote"),
    ("path,label,split\na.jpg,cat,later\n", "line 2", "'later'"),
    ("path,label\na.jpg,cat\na.jpg,dog\n", "line 3", "second time"),
    ("path,label\n", "line 2", "no images"),
    ("path,label\na.jpg,cat\n", "only one class", "cat"),
  ])
  func `a list that cannot be used is an error that names the line`(
    text: String, line: String, reason: String
  ) throws {
    try write(text)
    let outcome = try Tool.run(["train", "lists/all.csv"] + Tool.briefly, in: folder)
    #expect(outcome.code == 65, "\(outcome.errors)")
    #expect(outcome.complaints.count == 1)
    #expect(outcome.errors.contains(line) && outcome.errors.contains(reason), "\(outcome.errors)")
  }

  @Test func `a list beside its images is trained on with the runs beside them, too`() throws {
    try copySketches(6, to: ["cat", "dog"])
    var list = "path,label\n"
    for name in ["cat", "dog"] {
      for file in try FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/\(name)") {
        try FileManager.default.moveItem(
          atPath: "\(folder.path)/\(name)/\(file)", toPath: "\(folder.path)/\(file)")
        list += "\(file),\(name)\n"
      }
    }
    try folder.write(Array(list.utf8), to: "all.csv")
    let trained = try Tool.run(["train", "all.csv", "--epochs", "1"] + Tool.tiny, in: folder)
    #expect(trained.code == 0, "\(trained.errors)")
  }

  // MARK: Scans

  @Test func `a scan warns of more than four times as many images of a class`() throws {
    try copySketches(9, to: ["data/cat", "data/dog", "data/fox"])
    for file in try FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/data/fox")
      .sorted().dropFirst(2)
    {
      try FileManager.default.removeItem(atPath: "\(folder.path)/data/fox/\(file)")
    }
    let outcome = try scan("data")
    #expect(outcome.code == 0)
    #expect(outcome.output.contains("4.5 times the images of fox"))
    #expect(outcome.output.split(separator: "\n").allSatisfy { $0.count <= 80 })
    #expect(try !scan(Tool.sketches).output.contains("balance"))
  }

  @Test func `no line of a scan is longer than 80 columns, whatever was found`() throws {
    let forms = try FileManager.default.contentsOfDirectory(
      atPath: "\(Tool.sketches)/cat")
    try copySketches(3, to: ["data/cat", "data/dog"])
    // An Exif block for each orientation makes as many harmless remarks.
    let jpeg = try Data(
      contentsOf: URL(
        filePath: "\(Tool.sketches)/cat/\(forms.sorted().first { $0.hasSuffix(".jpg") } ?? "")"))
    for orientation in 2...8 {
      let exif: [UInt8] =
        [0xFF, 0xE1, 0, 34] + Array("Exif".utf8) + [0, 0]
        + [0x4D, 0x4D, 0, 42, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0]
        + [UInt8(orientation), 0, 0, 0, 0, 0, 0]
      try folder.write(
        [0xFF, 0xD8] + exif + jpeg.dropFirst(2), to: "data/cat/turned \(orientation).jpg")
    }
    let lines = try scan("data").output.split(separator: "\n")
    let first = try #require(lines.firstIndex { $0.hasPrefix("harmless") })
    #expect(lines[first + 1].hasPrefix("           1 Exif orientation"))
    #expect(lines.allSatisfy { $0.count <= 80 })
  }

  @Test func `names with line breaks and codes are listed on one line`() throws {
    try copySketches(3, to: ["data/cat", "data/dog"])
    try folder.write([1, 2], to: "data/cat/two\nlines \u{1B}[31mred\u{7F}.jpg")
    let outcome = try scan("data")
    #expect(outcome.output.contains("cat/two?lines ?[31mred?"))
    #expect(!outcome.output.contains("\u{1B}") && !outcome.output.contains("two\n"))
  }

  @Test func `a name that is not UTF-8 is listed and does not stop the scan`() throws {
    try copySketches(3, to: ["data/cat", "data/dog"])
    let name = Array("\(folder.path)/data/cat/caf".utf8) + [0xE9] + Array(".jpg".utf8) + [0]
    let file = unsafe name.map { CChar(bitPattern: $0) }.withUnsafeBufferPointer {
      unsafe $0.baseAddress.flatMap { unsafe fopen($0, "w") }
    }
    if let file = unsafe file { unsafe fclose(file) }
    let outcome = try scan("data", "--json")
    #expect(outcome.code == 0, "\(outcome.errors)")
    let skipped = try #require(Tool.json(outcome)["skipped"] as? [[String: Any]])
    #expect(skipped.count == 1)
    #expect((skipped.first?["path"] as? String)?.hasPrefix("cat/caf") == true)
  }

  @Test func `a scan tells what a single class holds before it says that it is not enough`() throws
  {
    try copySketches(3, to: ["data/cat"])
    let single = try scan("data")
    #expect(single.code == 65 && single.complaints.count == 1)
    #expect(single.output.contains("3 usable") && single.errors.contains("only one class"))
    try FileManager.default.createDirectory(
      atPath: "\(folder.path)/data/dog", withIntermediateDirectories: true)
    let empty = try scan("data")
    #expect(empty.code == 65)
    #expect(empty.output.contains("0 usable") && empty.errors.contains("'dog' has no readable"))
    try folder.write([1], to: "data/dog/a.jpg")
    let unreadable = try scan("data")
    #expect(unreadable.code == 65 && unreadable.output.contains("0 usable of 1 file"))
  }
}
