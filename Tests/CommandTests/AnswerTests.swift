import Foundation
import ImageLoading
import Support
import TestSupport
import Testing

/// What a network says of images that are none of its classes: `predict`, `calibrate`.
@Suite struct AnswerTests {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    let drawn = try Tool.run(
      ["data", "sketch", "photos", "--count", "240", "--bias", "background=1"], in: folder)
    #expect(drawn.code == 0, "\(drawn.errors)")
    let trained = try Tool.run(
      [
        "train", "photos", "--name", "a", "--model", "kitten", "--image-size", "32", "--epochs",
        "6", "--validation-split", "0.3",
      ], in: folder)
    #expect(trained.code == 0, "\(trained.errors)")
    // Noise, which nobody has drawn.
    for index in 0..<8 {
      var state = UInt64(index + 1)
      let bytes = (0..<64 * 64 * 3).map { _ in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return UInt8(truncatingIfNeeded: state >> 56)
      }
      let image = PixelBuffer(width: 64, height: 64, bytes: bytes)
      try folder.write(ImageEncoder.png(image, level: 1), to: "noise/\(index).png")
    }
  }

  private func predict(_ words: String...) throws -> Tool.Outcome {
    try Tool.run(["predict"] + words, in: folder)
  }

  private func predictions(_ outcome: Tool.Outcome) throws -> [[String: Any]] {
    try #require(try Tool.json(outcome)["predictions"] as? [[String: Any]])
  }

  @Test func `noise is none of these, and an animal again with --always-answer`() throws {
    let noise = try predictions(predict("cats-and-dogs", "noise", "--json"))
    #expect(noise.count { $0["verdict"] as? String == "none" } >= 6, "\(noise)")
    #expect(
      noise.allSatisfy {
        ($0["verdict"] as? String == "none") == ($0["prediction"] as? String == "none of these")
      })
    let table = try predict("cats-and-dogs", "noise")
    #expect(table.output.contains("none of these"))
    #expect(table.output.split(separator: "\n").allSatisfy { $0.count <= 80 })
    let csv = try predict("cats-and-dogs", "noise", "--csv")
    #expect(csv.output.contains(",none of these,"))
    let forced = try predictions(
      predict("cats-and-dogs", "noise", "--json", "--always-answer"))
    #expect(forced.allSatisfy { ["cat", "dog"].contains($0["prediction"] as? String) })
    #expect(forced.allSatisfy { $0["verdict"] as? String == "answered" })
    for (own, other) in zip(noise, forced) {
      #expect(own["logits"] as? [Double] == other["logits"] as? [Double])
    }
    let known = try predictions(predict("runs/a", "photos", "--json"))
    #expect((200..<240).contains(known.count { $0["verdict"] as? String == "answered" }))
  }

  @Test func `calibrate writes a checkpoint that answers as often as asked`() throws {
    let outcome = try Tool.run(
      ["calibrate", "runs/a", "--coverage", "0.7", "--out", "careful.safetensors"], in: folder)
    #expect(outcome.code == 0, "\(outcome.errors)")
    let lines = outcome.output.split(separator: "\n")
    #expect(
      lines[1].hasPrefix("answers   70.8% of 72 images") && lines.last == "careful.safetensors",
      "\(lines)")
    #expect(lines.allSatisfy { $0.count <= 80 })
    let known = try predictions(predict("careful.safetensors", "photos", "--json"))
    #expect((130...210).contains(known.count { $0["verdict"] as? String == "answered" }))
    #expect(!outcome.errors.contains("trained on"))
    let seen = try Tool.run(
      ["calibrate", "runs/a", "photos", "--out", "seen.safetensors"], in: folder)
    #expect(seen.code == 0 && seen.errors.contains("the run was trained on"), "\(seen.errors)")
    // The new checkpoint lies in no run, and its own is known all the same.
    let measured = try Tool.run(["evaluate", "careful.safetensors", "photos"], in: folder)
    #expect(measured.errors.contains("the run was trained on"), "\(measured.errors)")
    #expect(measured.output.contains("\nunseen    "), "\(measured.output)")
    let compared = try Tool.run(
      ["compare", "runs/a", "careful.safetensors", "--data", "photos", "--json"], in: folder)
    let comparison = try Tool.json(compared)
    #expect((comparison["unknown"] as? [Any])?.isEmpty == true)
    #expect(comparison["seen"] as? Int == 240 - (try #require(comparison["images"] as? Int)))
    try FileManager.default.moveItem(
      atPath: "\(folder.path)/runs", toPath: "\(folder.path)/elsewhere")
    let alone = try Tool.run(["evaluate", "careful.safetensors", "photos"], in: folder)
    #expect(alone.output.contains("\nseen      not known: these may be images it was"))
    let inspected = try Tool.run(["inspect", "careful.safetensors"], in: folder)
    #expect(inspected.output.contains("of the 72 images it was calibrated on"))
  }

  @Test func `what cannot be calibrated is said in one line, and nothing is replaced`() throws {
    func calibrate(_ words: String...) throws -> Tool.Outcome {
      try Tool.run(["calibrate"] + words, in: folder)
    }
    expect(
      try calibrate("runs/a", Tool.sketches, "--out", "b.safetensors"), code: 65,
      "24 images do not tell")
    expect(
      try calibrate("runs/a", "--out", "runs/a/checkpoints/best.safetensors"), code: 64,
      "best.safetensors")
    expect(try calibrate("runs/a", "--out", "b.txt"), code: 64, "ending in .safetensors")
    expect(
      try calibrate("runs/a", "--coverage", "1", "--out", "b.safetensors"), code: 64, "--coverage")
    #expect(!folder.contents.contains("b.safetensors"))
  }
}
