import Foundation
import TestSupport
import Testing

/// `marbles surface`: what it measures, draws, goes on with and refuses.
@Suite struct SurfaceCommandTests {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    let outcome = try Tool.train("a", ["--record-path"], in: folder)
    #expect(outcome.code == 0, "\(outcome.errors)")
  }

  private func surface(_ words: [String], points: Int = 7) throws -> Tool.Outcome {
    try Tool.run(["surface"] + words + ["--points", "\(points)", "--images", "12"], in: folder)
  }

  private func rows(_ name: String) throws -> [[Double]] {
    String(decoding: try folder.read(name), as: UTF8.self).split(separator: "\n").dropFirst()
      .map { $0.split(separator: ",").compactMap { Double($0) } }
  }

  @Test func `a run rolls over the plane of its path`() throws {
    let outcome = try surface(["runs/a", "--out", "s.svg"])
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(outcome.errors.contains("plane  path\n"))
    #expect(outcome.errors.contains("cost   49 points on 12 images: about "))
    #expect(outcome.output.contains("The path leaves the plane by "))
    #expect(outcome.output.hasSuffix("s.svg\ns.csv\n"))
    #expect(outcome.output.split(separator: "\n").allSatisfy { $0.count <= 80 })
    #expect(try rows("s.csv").count == 49)
    let figure = String(decoding: try folder.read("s.svg"), as: UTF8.self)
    #expect(figure.contains("<title>The loss surface of a</title>"))
  }

  @Test func `a checkpoint is the middle of a random plane, where its loss is the true one`() throws
  {
    let outcome = try surface(
      ["runs/a/checkpoints/best.safetensors", "--plane", "random", "--json", "--out", "s.png"])
    #expect(outcome.code == 0, "\(outcome.errors)")
    let report = try Tool.json(outcome)
    let networks = try #require(report["networks"] as? [[String: Any]])
    let loss = try #require((networks[0]["losses"] as? [Double])?.first)
    #expect(try rows("s.csv").contains { $0[0] == 0 && $0[1] == 0 && $0[2] == loss })
    #expect(report["images"] as? Int == 12 && report["points"] as? Int == 7)
  }

  @Test func `a landscape and another folder of images are drawn as well`() throws {
    for theme in ["light", "synthwave", "print"] {
      let outcome = try surface([
        "runs/a", "--kind", "landscape", "--theme", theme, "--data", Tool.sketches, "--out",
        "\(theme).png",
      ])
      #expect(outcome.code == 0, "\(outcome.errors)")
      #expect(try folder.read("\(theme).png").count > 10_000)
    }
  }

  @Test func `three networks have a plane, two have the path of both`() throws {
    for (name, seed) in [("b", "2"), ("c", "3")] {
      try Tool.train(name, ["--record-path", "--seed", seed], in: folder)
    }
    let best = ["a", "b", "c"].map { "runs/\($0)/checkpoints/best.safetensors" }
    let plane = try surface(best + ["--json"])
    #expect(plane.code == 0, "\(plane.errors)")
    #expect(try Tool.json(plane)["plane"] as? String == "through")
    let paths = try surface(["runs/a", "runs/b", "--json", "--out", "both.png"])
    #expect(paths.code == 0, "\(paths.errors)")
    #expect(try Tool.json(paths)["plane"] as? String == "path")
    let reading = try #require(try Tool.json(paths)["reading"] as? String)
    let parts = /by (over )?\d+% \(a\) and (over )?\d+% \(b\) of their lengths\./
    #expect(reading.firstMatch(of: parts) != nil, "\(reading)")
  }

  @Test func `a cut between two networks has the loss of each at its place`() throws {
    try Tool.train("b", ["--seed", "2"], in: folder)
    let best = ["a", "b"].map { "runs/\($0)/checkpoints/best.safetensors" }
    let outcome = try surface(
      best + ["--kind", "cut", "--json", "--out", "c.svg"], points: 17)
    #expect(outcome.code == 0, "\(outcome.errors)")
    let report = try Tool.json(outcome)
    #expect(report["line"] as? String == "through")
    let networks = try #require(report["networks"] as? [[String: Any]])
    let rows = try rows("c.csv")
    #expect(rows.count == 17 && rows[0].count == 3)
    // The window reaches 0.3 beyond both, so that each lies on a place.
    for (index, network) in networks.enumerated() {
      let loss = try #require((network["losses"] as? [Double])?.first)
      let nearest = try #require(
        rows.min { abs($0[0] - Double(index)) < abs($1[0] - Double(index)) })
      #expect(abs(nearest[0] - Double(index)) < 0.02)
      #expect(abs(nearest[1] - loss) < 0.1 * loss)
      #expect((0...1).contains(nearest[2]))
    }
    let reading = try #require(report["reading"] as? String)
    #expect(reading.contains("barrier"))
    #expect(String(decoding: try folder.read("c.svg"), as: UTF8.self).contains("<title>A cut"))
  }

  @Test func `a cut goes along the path of a run, or a random direction`() throws {
    let path = try surface(["runs/a", "--kind", "cut", "--json"])
    #expect(path.code == 0, "\(path.errors)")
    #expect(try Tool.json(path)["line"] as? String == "path")
    let random = try surface(
      ["runs/a", "--kind", "cut", "--plane", "random", "--reach", "0.5", "--overwrite"])
    #expect(random.code == 0, "\(random.errors)")
    #expect(random.output.contains("The loss"))
    #expect(try rows("surface-a.csv").map { $0[0] }.first == -0.5)
    #expect(try rows("surface-a.csv").contains { $0[0] == 0 })
  }

  @Test(arguments: ["map", "landscape"])
  func `marbles move along their paths, a frame for every snapshot`(kind: String) throws {
    let words = ["--kind", kind, "--animation", "moving.png", "--frames", "frames"]
    let outcome = try surface(["runs/a", "--out", "s.png"] + words)
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(outcome.output.hasSuffix("s.png\ns.csv\nmoving.png\nframes\n"))
    let animation = try folder.read("moving.png")
    #expect(Data(animation).range(of: Data("acTL".utf8)) != nil)
    let snapshots = folder.contents.filter { $0.hasPrefix("runs/a/path/step-") }
    let frames = folder.contents.filter { $0.hasPrefix("frames/frame-") }
    #expect(snapshots.count > 2 && frames.count == snapshots.count)
    #expect(try folder.read(frames.min() ?? "") != folder.read(frames.max() ?? ""))
  }

  @Test func `what a table has is not measured again, and another surface's table is refused`()
    throws
  {
    #expect(try surface(["runs/a", "--plane", "random"]).code == 0)
    let whole = try folder.read("surface-a.csv")
    let lines = String(decoding: whole, as: UTF8.self).split(separator: "\n")
    try folder.write(
      Array(lines.prefix(20).joined(separator: "\n").utf8) + [10], to: "surface-a.csv")
    let resumed = try surface(["runs/a", "--plane", "random", "--resume", "--overwrite"])
    #expect(resumed.code == 0, "\(resumed.errors)")
    #expect(resumed.errors.contains("table  19 points of surface-a.csv"))
    #expect(resumed.errors.contains("cost   30 points"))
    #expect(try folder.read("surface-a.csv") == whole)
    let other = try surface(["runs/a", "--plane", "random", "--seed", "2", "--resume"])
    #expect(other.code == 65 && other.errors.contains("is of another surface"), "\(other.errors)")
    #expect(try folder.read("surface-a.csv") == whole)
  }

  @Test func `networks and options that do not fit are refused`() throws {
    #expect(try surface(["runs/none"]).code == 66)
    #expect(try surface(["runs/a", "--resume", "--out", "no.png"]).code == 66)
    let same = try surface(["runs/a", "runs/a", "runs/a", "--plane", "through"])
    #expect(same.code == 65 && same.errors.contains("lie on a line"), "\(same.errors)")
    #expect(try surface(["runs/a"], points: 3).code == 64)
    #expect(try surface(["runs/a", "--plane", "through"]).code == 64)
    #expect(try surface(["runs/a", "--plane", "through", "--kind", "cut"]).code == 64)
    #expect(try surface(["runs/a", "--kind", "cut", "--resume"]).code == 64)
    #expect(try surface(["runs/a", "--kind", "cut", "--animation", "m.png"]).code == 64)
    let still = try surface(
      ["runs/a/checkpoints/best.safetensors", "--animation", "m.png", "--out", "n.png"])
    #expect(still.code == 65 && still.errors.contains("no path to move along"), "\(still.errors)")
    let twice = try surface(["runs/a", "runs/a", "--plane", "through", "--kind", "cut"])
    #expect(twice.code == 65 && twice.errors.contains("are equal"), "\(twice.errors)")
    #expect(try surface(["runs/a", "--plane", "path", "--reach", "2"]).code == 64)
    _ = try Tool.run(
      ["train", Tool.sketches, "--name", "other", "--epochs", "1", "--image-size", "16"]
        + ["--architecture", "conv 5 3x3, relu, global-pool, flatten, dense"], in: folder)
    let other = try surface(["runs/a", "runs/other"])
    #expect(other.code == 65 && other.errors.contains("another network"), "\(other.errors)")
    try Tool.train("plain", in: folder)
    let plain = try surface(["runs/plain", "--plane", "path"])
    #expect(plain.code == 65 && plain.errors.contains("--record-path"), "\(plain.errors)")
  }

  @Test func `snapshots that are gone or of another run are said, not drawn`() throws {
    try Tool.train("b", ["--record-path", "--seed", "2"], in: folder)
    let path = "\(folder.path)/runs/b/path"
    let other = try folder.read("runs/a/path/step-000002.safetensors")
    try folder.write(other, to: "runs/b/path/step-000002.safetensors")
    let foreign = try surface(["runs/b"])
    #expect(
      foreign.code == 65 && foreign.errors.contains("is not of this run"), "\(foreign.errors)")
    try FileManager.default.removeItem(atPath: path)
    let gone = try surface(["runs/b"])
    #expect(gone.code == 66 && gone.errors.contains("snapshots of the run are gone"))
    #expect(try surface(["runs/b", "--plane", "random"]).code == 0)
  }
}
