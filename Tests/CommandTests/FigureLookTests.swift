import Foundation
import TestSupport
import Testing

/// Title, size and names of figures, and the frames of an animation.
@Suite struct FigureLookTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func size(_ file: String) throws -> [Int] {
    let png = try folder.read(file)
    return [16, 20].map { place in png[place..<place + 4].reduce(0) { $0 << 8 | Int($1) } }
  }

  private func run(_ arguments: [String]) throws {
    let outcome = try Tool.run(arguments, in: folder)
    #expect(outcome.code == 0, "\(outcome.errors)")
  }

  /// Commands that draw, each with `--out`.
  static let commands = [
    ["roll", "bowl"], ["schedules", "--plot"], ["objective", "plot", "mse"],
    ["objective", "fit", "mse"], ["data", "stats", Tool.sketches], ["data", "mean", Tool.sketches],
    ["data", "show", Tool.sketches],
  ]

  @Test(arguments: commands)
  func `a figure has the size and the title that were asked for`(command: [String]) throws {
    try run(command + ["--out", "a.png", "--width", "1920", "--height", "1080"])
    #expect(try size("a.png") == [1920, 1080])
    try run(command + ["--out", "b.svg", "--width", "500", "--title", "Cats & dogs, 猫"])
    let svg = String(decoding: try folder.read("b.svg"), as: UTF8.self)
    #expect(svg.contains("<svg") && svg.contains(" width=\"500\" "))
    #expect(svg.contains("<title>Cats &amp; dogs, 猫</title>"))
    #expect(svg.contains(">Cats &amp; dogs, 猫</text>"))
  }

  @Test(arguments: [
    (["roll", "bowl", "--optimizers", "sgd,adam"], "--out"),
    (["roll", "saddle", "--optimizers", "sgd,adam"], "--landscape"),
    (["roll", "bowl", "--optimizers", "sgd,adam"], "--rate-map"),
    (["schedules", "--plot", "cosine", "step"], "--out"),
    (["objective", "plot", "mse", "mae"], "--out"), (["objective", "fit", "mse", "mae"], "--out"),
  ])
  func `lines and marbles have the names that they were given`(
    command: [String], option: String
  ) throws {
    try run(command + [option, "a.svg", "--label", "mine, yours"])
    let svg = String(decoding: try folder.read("a.svg"), as: UTF8.self)
    #expect(svg.contains(">mine") && svg.contains(">yours"))
    expect(
      try Tool.run(command + [option, "b.svg", "--label", "mine"], in: folder), code: 64,
      ["--label has 1 name for 2"])
    #expect(!folder.contents.contains("b.svg"))
  }

  @Test(arguments: [["--title", "x"], ["--width=500"], ["--height", "500"], ["--label", "x"]])
  func `how a figure looks is refused where none is drawn`(option: [String]) throws {
    expect(try Tool.run(["roll", "bowl"] + option, in: folder), code: 64, ["without a figure"])
    expect(try Tool.run(["schedules"] + option, in: folder), code: 64, ["without --plot"])
    if option[0] != "--label" {
      expect(
        try Tool.run(["evaluate", "runs/a"] + option, in: folder), code: 64,
        ["without --confusion"])
    }
  }

  @Test(arguments: ["99", "10001", "0", "x"])
  func `a size that no figure can have is wrong usage`(width: String) throws {
    expect(
      try Tool.run(["roll", "bowl", "--out", "a.png", "--width", width], in: folder), code: 64,
      ["--width"])
  }

  @Test func `the frames of an animation are numbered files of its size`() throws {
    try run(["roll", "bowl", "--steps", "12", "--frames", "film", "--width", "480"])
    let files = try FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/film").sorted()
    #expect(files.count == 13 && files[0] == "frame-0001.png" && files[12] == "frame-0013.png")
    #expect(try size("film/frame-0001.png") == [480, 300])
    #expect(try folder.read("film/frame-0001.png") != folder.read("film/frame-0013.png"))
    // The same again replaces them; fewer would leave some of the old among the new.
    try run(["roll", "bowl", "--steps", "12", "--frames", "film"])
    #expect(try size("film/frame-0001.png") == [960, 600])
    expect(
      try Tool.run(["roll", "bowl", "--steps", "5", "--frames", "film"], in: folder), code: 73,
      ["film/frame-0007.png", "another animation"])
  }

  @Test func `frames replace no file of the user`() throws {
    try folder.write(Array("mine".utf8), to: "film/frame-0002.png")
    expect(
      try Tool.run(["roll", "bowl", "--steps", "5", "--frames", "film"], in: folder), code: 73,
      ["film/frame-0002.png", "--overwrite"])
    #expect(try folder.read("film/frame-0002.png") == Array("mine".utf8))
    #expect(!folder.contents.contains("film/frame-0001.png"))
  }
}
