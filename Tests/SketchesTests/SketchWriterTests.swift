import Foundation
import ImageLoading
import Sketches
import Tensors
import Testing

@Suite struct SketchWriterTests {
  let artist = SketchArtist(
    configuration: SketchConfiguration(imageSize: 40...60, seed: 4))

  private func writer(workers: Int = 2) -> SketchWriter {
    SketchWriter(artist: artist, workers: Workers(count: workers))
  }

  private func inFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "sketches-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder.path)
  }

  /// Every file below a folder with its content.
  private func contents(of folder: String) throws -> [String: Data] {
    var files: [String: Data] = [:]
    for case let name as String in FileManager.default.enumerator(atPath: folder) ?? .init() {
      files[name] = FileManager.default.contents(atPath: "\(folder)/\(name)")
    }
    return files
  }

  @Test(arguments: [2, 40])
  func `both classes get equally many files and nothing else is left`(count: Int) throws {
    try inFolder { folder in
      try writer().write(count: count, to: folder)
      let names = try contents(of: folder).keys
      #expect(names.count { $0.hasPrefix("cat/cat-") } == count / 2)
      #expect(names.count { $0.hasPrefix("dog/dog-") } == count / 2)
      #expect(!names.contains { $0.hasSuffix(".part") })
    }
  }

  @Test(arguments: [1, 3, 8])
  func `the files do not depend on the number of workers`(workers: Int) throws {
    try inFolder { one in
      try inFolder { other in
        try writer(workers: 2).write(count: 12, to: one)
        try writer(workers: workers).write(count: 12, to: other)
        #expect(try contents(of: one) == contents(of: other))
      }
    }
  }

  @Test func `a file's name tells its format`() throws {
    try inFolder { folder in
      try writer().write(count: 60, to: folder)
      let files = try contents(of: folder).filter { $0.key.contains(".") }
      #expect(files.count == 60)
      for (name, data) in files {
        let start: [UInt8] =
          name.hasSuffix(".png") ? [0x89, 0x50, 0x4E, 0x47] : [0xFF, 0xD8, 0xFF]
        #expect(data.starts(with: start), "\(name)")
      }
    }
  }

  @Test func `a PNG holds the very pixels that were drawn, a JPEG nearly`() throws {
    try inFolder { folder in
      try writer().write(count: 60, to: folder)
      for index in 0..<60 {
        let file = SketchFile(index: index, seed: artist.configuration.seed)
        let bytes = try contents(of: folder)["\(file.animal.rawValue)/\(file.name)"]
        let decoded = try ImageDecoder().decode([UInt8](try #require(bytes))).pixels
        let drawn = artist.draw(file.animal, number: file.number)
        let difference = zip(decoded.bytes, drawn.bytes).reduce(0) {
          $0 + abs(Int($1.0) - Int($1.1))
        }
        #expect(decoded.width == drawn.width && decoded.height == drawn.height)
        #expect(difference <= (file.format == .png ? 0 : 12 * drawn.bytes.count), "\(file.name)")
      }
    }
  }

  @Test func `one file in five is a PNG and the rest are JPEGs of quality 70 to 95`() {
    let formats = (0..<2000).map { SketchFile(index: $0, seed: 9).format }
    #expect((340...460).contains(formats.count { $0 == .png }))
    let qualities = formats.compactMap { if case .jpeg(let quality) = $0 { quality } else { nil } }
    #expect(qualities.min() == 70 && qualities.max() == 95)
  }

  @Test(arguments: [(0, "cat-0001"), (1, "dog-0001"), (19_998, "cat-10000")])
  func `files are numbered within their class`(index: Int, name: String) {
    #expect(SketchFile(index: index, seed: 1).name.hasPrefix(name + "."))
  }

  @Test(arguments: ["notes.txt", "cat/holiday.jpg", "cat/cat-9999.jpg", ".hidden"])
  func `a folder with anything foreign in it is refused and left untouched`(foreign: String) throws
  {
    try inFolder { folder in
      try FileManager.default.createDirectory(
        atPath: folder + "/cat", withIntermediateDirectories: true)
      try Data("mine".utf8).write(to: URL(fileURLWithPath: "\(folder)/\(foreign)"))
      let before = try contents(of: folder)
      #expect(throws: SketchError.folderInUse(path: folder, found: foreign)) {
        try writer().write(count: 10, to: folder)
      }
      #expect(try contents(of: folder) == before)
    }
  }

  @Test func `a set can be written again over itself, even after an interruption`() throws {
    try inFolder { folder in
      try writer().write(count: 10, to: folder)
      let before = try contents(of: folder)
      let name = try #require(before.keys.first { $0.hasPrefix("cat/") })
      try FileManager.default.moveItem(
        atPath: "\(folder)/\(name)", toPath: "\(folder)/\(name).0123456789abcdef.part")
      try writer().write(count: 10, to: folder)
      #expect(try contents(of: folder) == before)
    }
  }

  @Test func `a user's file with a sketch's name stays, unless it may be replaced`() throws {
    try inFolder { folder in
      try writer().write(count: 10, to: folder)
      let drawn = try contents(of: folder)
      let name = try #require(drawn.keys.filter { $0.hasPrefix("cat/") }.min())
      let missing = try #require(drawn.keys.filter { $0.hasPrefix("dog/") }.min())
      try Data("mine".utf8).write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
      try FileManager.default.removeItem(atPath: "\(folder)/\(missing)")
      let before = try contents(of: folder)
      #expect(throws: SketchError.folderInUse(path: folder, found: name)) {
        try writer().write(count: 10, to: folder)
      }
      #expect(try contents(of: folder) == before)
      try writer().write(count: 10, to: folder, replacing: true)
      #expect(try contents(of: folder) == drawn)
    }
  }

  @Test(arguments: [false, true])
  func `nothing is drawn through a link to another folder or file`(replaces: Bool) throws {
    try inFolder { folder in
      try inFolder { elsewhere in
        try writer().write(count: 2, to: elsewhere)
        let name = try #require(contents(of: elsewhere).keys.filter { $0.contains("cat-") }.min())
        try Data("mine".utf8).write(to: URL(fileURLWithPath: "\(elsewhere)/\(name)"))
        for link in ["cat", name] {
          try FileManager.default.createDirectory(
            atPath: "\(folder)/cat", withIntermediateDirectories: true)
          try? FileManager.default.removeItem(atPath: "\(folder)/\(link)")
          try FileManager.default.createSymbolicLink(
            atPath: "\(folder)/\(link)", withDestinationPath: "\(elsewhere)/\(link)")
          #expect(throws: SketchError.folderInUse(path: folder, found: link)) {
            try writer().write(count: 2, to: folder, replacing: replaces)
          }
          try FileManager.default.removeItem(atPath: folder)
        }
        #expect(
          FileManager.default.contents(atPath: "\(elsewhere)/\(name)") == Data("mine".utf8))
      }
    }
  }

  @Test func `a place that cannot be written to is named in one line`() throws {
    let error = #expect(throws: SketchError.self) {
      try writer().write(count: 2, to: "/dev/null/sketches")
    }
    let line = try #require(error).description
    #expect(line.hasPrefix("/dev/null/sketches") && !line.contains("\n"))
  }

  @Test func `a file in the place of the folder is refused`() throws {
    try inFolder { path in
      try Data().write(to: URL(fileURLWithPath: path))
      #expect(throws: SketchError.folderInUse(path: path, found: "a file of this name")) {
        try writer().write(count: 2, to: path)
      }
    }
  }
}
