import Foundation
import TestSupport
import Testing

/// The folder of images belongs to the user: nothing in it is written, moved, removed or touched.
@Suite struct UntouchedDataTests {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    for name in ["cat", "dog"] {
      for file in try FileManager.default.contentsOfDirectory(atPath: "\(Tool.sketches)/\(name)") {
        try folder.write(
          Data(contentsOf: URL(filePath: "\(Tool.sketches)/\(name)/\(file)")),
          to: "data/\(name)/\(file)")
      }
    }
    try folder.write(folder.read("data/cat/cat-0001.jpg").dropLast(900), to: "data/cat/cut.jpg")
    try folder.write(Array("hello".utf8), to: "data/dog/text.jpg")
    try folder.write(folder.read("data/dog/dog-0001.jpg"), to: "data/dog/copy.jpg")
    let list =
      "path,label\n"
      + folder.contents.filter { $0.hasSuffix("1.jpg") }
      .map { "\($0.dropFirst(5)),\($0.dropFirst(5).prefix(3))\n" }.joined()
    try folder.write(Array(list.utf8), to: "data/list.csv")
  }

  /// Names, bytes and times of everything in the folder of images.
  func state() throws -> [String: [String]] {
    let names =
      [""] + folder.contents.filter { $0.hasPrefix("data/") }.map { String($0.dropFirst(4)) }
    var state: [String: [String]] = [:]
    for name in names {
      let path = "\(folder.path)/data\(name)"
      let facts = try FileManager.default.attributesOfItem(atPath: path)
      let bytes = try? Data(contentsOf: URL(filePath: path))
      state[name] = [
        "\(facts[.modificationDate] as? Date ?? .distantPast)",
        "\(facts[.posixPermissions] as? Int ?? 0)", bytes?.base64EncodedString() ?? "folder",
      ]
    }
    return state
  }

  @Test func `no command changes anything among the images`() throws {
    let before = try state()
    #expect(before.count > 28)
    let train = ["--epochs", "1"] + Tool.tiny
    let commands = [
      ["data", "scan", "data"], ["data", "scan", "data", "--strict"],
      ["data", "split", "data", "--out", "split.json"],
      ["data", "view", "data/cat/cat-0001.jpg", "--out", "view.png"],
      ["data", "show", "data", "--out", "show.png"],
      ["data", "show", "data", "--out", "show.png", "--augmented", "--augmentation", "strong"],
      ["data", "mean", "data", "--out", "mean.png"],
      ["data", "stats", "data", "--out", "stats.png"],
      ["train", "data", "--name", "a"] + train,
      ["train", "data", "--name", "b", "--cache", "none", "--split-file", "split.json"] + train,
      ["train", "data", "--name", "c", "--cache", "disk", "--cache-folder", "cache"] + train,
      ["evaluate", "runs/a"], ["evaluate", "runs/a", "data", "--predictions", "all.csv"],
      ["predict", "runs/a", "data"], ["inspect", "data/cat/cat-0001.jpg"], ["plot", "runs/a"],
    ]
    for command in commands {
      let outcome = try Tool.run(command, in: folder)
      #expect([0, 65].contains(outcome.code), "\(command): \(outcome.errors)")
      #expect(try state() == before, "\(command)")
    }
  }

  @Test func `no output is accepted among the images, however it is named`() throws {
    let before = try state()
    try FileManager.default.createSymbolicLink(
      atPath: "\(folder.path)/link", withDestinationPath: "\(folder.path)/data")
    try Tool.train("a", epochs: 1, in: folder)
    let commands = [
      ["data", "split", "data", "--out", "data/split.json"],
      ["data", "split", "data", "--out", "link/split.json"],
      ["data", "show", "data", "--out", "./data/../data/cat/show.png"],
      ["data", "mean", "link", "--out", "data/mean.png"],
      ["data", "stats", "data", "--out", "data/stats.png"],
      ["train", "data", "--out", "data/runs"],
      ["train", "data/list.csv", "--out", "data/cat/runs"],
      ["evaluate", "runs/a", "data", "--predictions", "data/all.csv"],
      ["train", "data", "--cache", "disk", "--cache-folder", "data/cache"],
    ]
    for command in commands {
      let outcome = try Tool.run(command, in: folder)
      #expect(outcome.code == 64, "\(command): \(outcome.errors)")
      #expect(outcome.complaints.count == 1, "\(command)")
      #expect(try state() == before, "\(command)")
    }
  }
}
