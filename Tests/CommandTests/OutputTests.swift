import Foundation
import TestSupport
import Testing

/// No output replaces an input, nor a file that another program made, whatever name or link leads
/// to it.
@Suite struct OutputTests {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    for name in ["cat", "dog"] {
      try FileManager.default.createDirectory(
        atPath: "\(folder.path)/photos", withIntermediateDirectories: true)
      try FileManager.default.copyItem(
        atPath: "\(Tool.sketches)/\(name)", toPath: "\(folder.path)/photos/\(name)")
    }
    let rows = try ["cat", "dog"].flatMap { name in
      try FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/photos/\(name)")
        .map { "photos/\(name)/\($0),\(name)\n" }
    }
    try folder.write(Array("path,label\n\(rows.joined())".utf8), to: "list.csv")
  }

  func link(_ name: String, to target: String) throws {
    try FileManager.default.createSymbolicLink(
      atPath: "\(folder.path)/\(name)", withDestinationPath: target)
  }

  /// Runs a command that must be refused and must change nothing.
  func refuse(
    _ command: [String], code: Int32 = 64, _ words: String...,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    func state() throws -> [String: [UInt8]] {
      var state: [String: [UInt8]] = [:]
      for name in folder.contents where ![".out", ".err", ".in"].contains(name) {
        state[name] = (try? folder.read(name)) ?? []
      }
      return state
    }
    let before = try state()
    let outcome = try Tool.run(command, in: folder)
    #expect(outcome.code == code, "\(command): \(outcome.errors)", sourceLocation: sourceLocation)
    #expect(outcome.complaints.count == 1, "\(command)", sourceLocation: sourceLocation)
    for word in words {
      #expect(outcome.errors.contains(word), "\(outcome.errors)", sourceLocation: sourceLocation)
    }
    let after = try state()
    #expect(before == after, "\(command)", sourceLocation: sourceLocation)
  }

  @Test func `a table named after a figure replaces no other command's`() throws {
    #expect(
      try Tool.run(["roll", "bowl", "--csv", "race.csv"], in: folder).code == 0)
    try refuse(
      ["objective", "plot", "mse", "--out", "race.png"], code: 73, "race.csv: exists",
      "--overwrite")
    for _ in 1...2 {
      #expect(
        try Tool.run(["objective", "plot", "mse", "--out", "twin.png"], in: folder).code == 0)
    }
  }

  // MARK: Inputs

  @Test func `a path through /proc leads to the file that it names`() throws {
    let photo = "photos/cat/cat-0001.jpg"
    try refuse(["data", "view", photo, "--out", "/proc/self/cwd/\(photo)"], "expected a name")
    try refuse(
      ["data", "stats", "list.csv", "--out", "/proc/self/cwd/list.png"], "list.csv")
  }

  @Test(arguments: [[], ["--overwrite"]])
  func `the list of images is not replaced, not even beside a figure`(option: [String]) throws {
    try link("alias.csv", to: "list.csv")
    unsafe #expect(Foundation.link("\(folder.path)/list.csv", "\(folder.path)/hard.csv") == 0)
    try refuse(["data", "stats", "list.csv", "--out", "list.png"] + option, "list.csv")
    try refuse(["data", "stats", "list.csv", "--out", "alias.svg"] + option, "alias.csv")
    try refuse(["data", "stats", "list.csv", "--out", "hard.pdf"] + option, "hard.csv")
    for command in ["split", "show", "mean", "stats"] {
      try refuse(["data", command, "list.csv", "--out", "list.csv"] + option, "list.csv")
    }
    try Tool.train("a", epochs: 1, in: folder)
    for name in ["list.csv", "./alias.csv", "photos/../hard.csv"] {
      try refuse(["evaluate", "runs/a", "list.csv", "--predictions", name] + option, "list.csv")
    }
  }

  @Test(arguments: [[], ["--overwrite"]])
  func `a run's images, checkpoint, split and tables are not replaced`(option: [String]) throws {
    let command = ["train", "list.csv", "--name", "a", "--epochs", "1"] + Tool.tiny
    #expect(try Tool.run(command, in: folder).code == 0)
    try link("photos/cat/table.csv", to: "cat-0001.jpg")
    for name in ["list.csv", "photos/cat/new.csv", "photos/cat/table.csv", "runs/a/metrics.csv"] {
      try refuse(["evaluate", "runs/a", "--predictions", name] + option, name)
    }
    for name in ["split.json", "run.json", "data-report.json"] {
      try refuse(["data", "split", "photos", "--out", "runs/a/\(name)"] + option, "run")
    }
    for name in ["best", "last", "last.state"] {
      let file = "runs/latest/checkpoints/\(name).safetensors"
      try refuse(["bench", "step", "--save", file] + option, "run")
    }
    try folder.write(
      folder.read("runs/a/checkpoints/best.safetensors"), to: "alone.safetensors")
    try refuse(
      ["bench", "step", "--save", "alone.safetensors"], code: 73, "alone.safetensors")
  }

  @Test(arguments: [[], ["--overwrite"]])
  func `an image is not replaced by what is seen of it`(option: [String]) throws {
    #expect(
      try Tool.run(
        ["data", "view", "photos/cat/cat-0001.jpg", "--out", "a.png"], in: folder
      ).code == 0)
    try link("b.png", to: "a.png")
    try refuse(["data", "view", "a.png", "--out", "a.png"] + option, "a.png")
    try refuse(["data", "view", "a.png", "--out", "b.png"] + option, "b.png")
    try refuse(["data", "view", "b.png", "--out", "a.png"] + option, "a.png")
    try refuse(
      ["data", "view", "photos/cat/cat-0001.jpg", "--out", "photos/cat/cat-0001.jpg"] + option,
      ".png")
  }

  @Test func `nothing is written where the links of a class folder lead`() throws {
    for name in ["cat", "dog"] {
      try FileManager.default.moveItem(
        atPath: "\(folder.path)/photos/\(name)", toPath: "\(folder.path)/store-\(name)")
    }
    try link("photos/cat", to: "../store-cat")
    try link("photos/dog", to: "../store-dog")
    try link("way", to: "store-cat")
    for place in ["store-cat", "store-cat/new", "way/plots", "photos/cat/x"] {
      try refuse(["train", "photos", "--out", place] + Tool.briefly, "among the images")
    }
    try refuse(["data", "mean", "photos", "--out", "way/m.png"], "among the images")
    try refuse(
      ["train", "photos", "--cache", "disk", "--cache-folder", "store-dog/c"] + Tool.briefly,
      "--cache-folder")
    let command = ["train", "photos", "--name", "a", "--epochs", "1"] + Tool.tiny
    #expect(try Tool.run(command, in: folder).code == 0)
    try refuse(["plot", "runs/a", "--out", "store-cat/plots"], "among the images")
    try refuse(["evaluate", "runs/a", "--predictions", "way/p.csv"], "among the images")
  }

  @Test func `an image that is reached by a link of its own is not replaced`() throws {
    try folder.write(folder.read("photos/cat/cat-0001.jpg"), to: "one.png")
    try link("photos/cat/one.jpg", to: "../../one.png")
    try refuse(["data", "mean", "photos", "--out", "one.png", "--overwrite"], "among the images")
  }

  // MARK: Files of others

  @Test func `a file of another program is replaced only when asked to`() throws {
    let notes = Array("step,my notes\n1,precious\n".utf8)
    try Tool.train("a", epochs: 1, in: folder)
    let commands = [
      (["data", "stats", "photos", "--out", "mine.png"], "mine.csv"),
      (["data", "split", "photos", "--out", "mine.json"], "mine.json"),
      (["data", "mean", "photos", "--out", "mine.png"], "mine.png"),
      (["data", "show", "photos", "--out", "mine.svg"], "mine.svg"),
      (["data", "view", "photos/cat/cat-0001.jpg", "--out", "mine.png"], "mine.png"),
      (["evaluate", "runs/a", "--predictions", "mine.csv"], "mine.csv"),
      (["evaluate", "runs/a", "--confusion", "mine.pdf"], "mine.pdf"),
      (["objective", "plot", "mse", "--out", "mine.pdf"], "mine.csv"),
      (["objective", "fit"], "fit.csv"), (["schedules", "--plot"], "schedules.csv"),
      (["schedules", "--plot", "--format", "svg"], "schedules.svg"),
      (["roll", "bowl", "--out", "mine.png"], "mine.png"),
      (["roll", "bowl", "--animation", "mine.png"], "mine.png"),
      (["roll", "bowl", "--csv", "mine.csv"], "mine.csv"),
      (["plot", "runs/a", "--out", "figures"], "figures/accuracy.png"),
    ]
    for (command, file) in commands {
      try folder.write(notes, to: file)
      try refuse(command, code: 73, file, "--overwrite")
      let replaced = try Tool.run(command + ["--overwrite"], in: folder)
      #expect(replaced.code == 0, "\(command): \(replaced.errors)")
      #expect(try folder.read(file) != notes, "\(command)")
      // Now it is Marbles' own.
      let again = try Tool.run(command, in: folder)
      #expect(again.code == 0, "\(command): \(again.errors)")
      for name in folder.contents where name.hasPrefix("mine") {
        try FileManager.default.removeItem(atPath: "\(folder.path)/\(name)")
      }
    }
  }

  @Test func `what was changed since it was written is replaced only when asked to`() throws {
    let commands = [
      (["data", "split", "photos", "--out", "own.json"], "own.json"),
      (["roll", "bowl", "--csv", "race.csv"], "race.csv"),
      (["data", "stats", "photos", "--out", "own.svg"], "own.csv"),
      (["data", "stats", "photos", "--out", "own.svg"], "own.svg"),
      (["data", "mean", "photos", "--out", "own.png"], "own.png"),
    ]
    for (command, file) in commands {
      #expect(try Tool.run(command, in: folder).code == 0)
      let written = try folder.read(file)
      // In place, as some editors do; a line end more changes nothing of what it is.
      let handle = try FileHandle(forUpdating: URL(filePath: "\(folder.path)/\(file)"))
      try handle.seekToEnd()
      try handle.write(contentsOf: Data("\n".utf8))
      try handle.close()
      try refuse(command, code: 73, file, "--overwrite")
      #expect(try Tool.run(command + ["--overwrite"], in: folder).code == 0)
      #expect(try folder.read(file) == written)
    }
  }

  @Test func `an empty file is replaced, a link to another's file is not`() throws {
    try folder.write([], to: "empty.csv")
    #expect(try Tool.run(["roll", "bowl", "--csv", "empty.csv"], in: folder).code == 0)
    try folder.write(Array("mine".utf8), to: "other.csv")
    try link("table.csv", to: "other.csv")
    for words in [[], ["--overwrite"]] {
      try refuse(
        ["roll", "bowl", "--csv", "table.csv"] + words, code: 73, "table.csv: leads to",
        "other.csv")
    }
    #expect(try folder.read("other.csv") == Array("mine".utf8))
  }

  @Test func `two outputs do not share a file`() throws {
    try link("b.png", to: "a.png")
    try refuse(["roll", "bowl", "--out", "a.png", "--animation", "./a.png"], "twice")
    try refuse(["roll", "saddle", "--out", "a.png", "--landscape", "b.png"], "twice")
  }

  @Test func `a file called latest among the runs stays`() throws {
    try folder.write(Array("mine".utf8), to: "runs/latest")
    #expect(try Tool.train("a", epochs: 1, in: folder).code == 0)
    #expect(try folder.read("runs/latest") == Array("mine".utf8))
  }

  // MARK: Names

  @Test(arguments: [
    (["objective", "plot", "mse", "--out"], "svg"), (["objective", "fit", "--out"], "pdf"),
    (["schedules", "--plot", "--out"], "pdf"), (["data", "stats", "photos", "--out"], "svg"),
    (["data", "mean", "photos", "--out"], "pdf"), (["data", "show", "photos", "--out"], "SVG"),
    (["roll", "bowl", "--out"], "svg"), (["roll", "bowl", "--out"], "PNG"),
  ])
  func `a figure is what its name says`(command: [String], ending: String) throws {
    let starts = ["svg": "<?xml", "pdf": "%PDF", "png": "\u{89}PNG"]
    let outcome = try Tool.run(command + ["a.b.\(ending)"], in: folder)
    #expect(outcome.code == 0, "\(outcome.errors)")
    let start = String(
      try folder.read("a.b.\(ending)").prefix(5).map { Character(Unicode.Scalar($0)) })
    #expect(start.hasPrefix(starts[ending.lowercased()] ?? "?"))
    if ["objective", "schedules"].contains(command[0]) {
      #expect(folder.contents.contains("a.b.csv"))
    }
  }

  @Test(arguments: [
    ["data", "stats", "photos", "--out", "a.jpg"], ["data", "mean", "photos", "--out", "a.jpeg"],
    ["data", "show", "photos", "--out", "a"], ["data", "split", "photos", "--out", "a.csv"],
    ["data", "view", "photos/cat/cat-0001.jpg", "--out", "a.svg"],
    ["objective", "plot", "mse", "--out", "a.gif"], ["objective", "fit", "--out", "a.csv"],
    ["schedules", "--plot", "--out", "a.png", "--format", "svg"],
    ["roll", "bowl", "--animation", "a.svg"], ["roll", "bowl", "--csv", "a.png"],
    ["bench", "step", "--save", "a.png"],
  ])
  func `a name that says something else is refused`(command: [String]) throws {
    try refuse(command, "expected a name ending in .")
  }

  @Test func `what cannot be written is said before the work`() throws {
    try refuse(["data", "mean", "photos", "--out", "no/mean.png"], code: 73, "no/mean.png")
    try refuse(["data", "mean", "photos", "--out", "list.csv/mean.png"], code: 73)
    try FileManager.default.createDirectory(
      atPath: "\(folder.path)/d.png", withIntermediateDirectories: true)
    try refuse(["data", "mean", "photos", "--out", "d.png"], code: 73, "it is a folder")
    let long = String(repeating: "a", count: 300) + ".png"
    try refuse(["data", "mean", "photos", "--out", long], code: 73, "too long")
    #expect(try Tool.run(["data", "mean", "photos", "--out", "/dev/null"], in: folder).code == 0)
    #expect(try Tool.run(["data", "stats", "photos", "--out", "/dev/null"], in: folder).code == 0)
  }
}
