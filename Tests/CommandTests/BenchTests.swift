import Foundation
import TestSupport
import Testing

/// `marbles bench` measures; these hold what does not depend on the machine's speed.
@Suite struct BenchTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  func step(_ options: String...) throws -> [String: Any] {
    try Tool.json(
      Tool.run(["bench", "step", "--json", "--seconds", "0"] + Tool.tiny + options, in: folder))
  }

  @Test func `one and two threads take the same steps, and other rates take others`() throws {
    let losses = try [["--threads", "1"], ["--threads", "2"], ["--learning-rate", "0.5"]].map {
      let report = try Tool.json(
        Tool.run(
          ["bench", "step", "--json", "--seconds", "0", "--losses", "4"] + Tool.tiny + $0,
          in: folder))
      return try #require(report["losses"] as? [Double])
    }
    #expect(losses[0].count == 4)
    #expect(losses[0] == losses[1])
    // The first loss comes before the first step.
    #expect(losses[0][0] == losses[2][0])
    #expect(losses[0][1...] != losses[2][1...])
  }

  @Test func `the parts of a step are told for every layer and add up to less than the step`()
    throws
  {
    let report = try step()
    for (name, hasBackward) in [("training", true), ("inference", false)] {
      let work = try #require(report[name] as? [String: Any])
      let layers = try #require(work["layers"] as? [[String: Any]])
      #expect(layers.map { $0["index"] as? Int } == Array(0..<7))
      #expect(layers[0]["layer"] as? String == "conv 4 3x3")
      let seconds = try #require(work["seconds"] as? [String: Any])
      #expect(seconds["count"] as? Int == 3)
      var sum = 0.0
      for layer in layers {
        #expect((layer["backward"] != nil) == hasBackward)
        sum += (layer["forward"] as? Double ?? 0) + (layer["backward"] as? Double ?? 0)
      }
      #expect(sum > 0)
      #expect(try #require(work["operations_per_second"] as? Double) > 0)
    }
    #expect(try #require(report["peak_memory"] as? Int) > 1 << 20)
    // 4 kernels of 27 weights at 16×16 places, and 4 numbers for 2 classes.
    #expect(report["multiply_adds"] as? Int == 4 * 27 * 256 + 8)
  }

  @Test(arguments: [
    "lecture", "kitten", "tabby", "panther", "resnet9",
    "average-pool 2, gelu, dropout 0.5, flatten, dense",
  ])
  func `a step and a batch allocate nothing`(network: String) throws {
    let model =
      network.contains(",") ? ["--architecture", "conv 4, " + network] : ["--model", network]
    let report = try Tool.json(
      Tool.run(
        ["bench", "step", "--json", "--seconds", "0", "--batch-size", "3", "--image-size", "32"]
          + model, in: folder))
    for name in ["training", "inference"] {
      let work = try #require(report[name] as? [String: Any])
      #expect(work["allocations_per_step"] as? Int == 0, "\(name)")
    }
    // What is counted is there: the objective makes arrays.
    let training = try #require(report["training"] as? [String: Any])
    #expect(try #require(training["objective_allocations"] as? Int) > 0)
  }

  /// The losses of three steps of a small network.
  private func kittenLosses(_ options: String...) throws -> [Double] {
    let report = try Tool.json(
      Tool.run(
        [
          "bench", "step", "--json", "--seconds", "0", "--losses", "3", "--model", "kitten",
          "--image-size", "32", "--batch-size", "4",
        ] + options, in: folder))
    return try #require(report["losses"] as? [Double])
  }

  @Test(arguments: ["im2col", "indirect", "winograd"])
  func `every way to compute convolutions takes the same steps`(algorithm: String) throws {
    let losses = try ["automatic", algorithm].map { try kittenLosses("--convolution", $0) }
    #expect(zip(losses[0], losses[1]).allSatisfy { abs($0 - $1) < 1e-4 })
  }

  @Test func `bfloat16 takes nearly the same steps`() throws {
    let losses = try ["float32", "bfloat16"].map { try kittenLosses("--precision", $0) }
    #expect(zip(losses[0], losses[1]).allSatisfy { abs($0 - $1) < 0.01 })
    #expect(losses[0] != losses[1])
  }

  @Test func `bfloat16 is refused where float32 is multiplied`() throws {
    let outcome = try Tool.run(
      ["bench", "step", "--precision", "bfloat16", "--convolution", "im2col"], in: folder)
    expect(
      outcome, code: 64, "--convolution im2col multiplies float32; leave out --precision bfloat16")
  }

  @Test func `what is not asked for is not measured`() throws {
    let training = try step("--work", "training")
    #expect(training["training"] != nil && training["inference"] == nil)
    let inference = try step("--work", "inference")
    #expect(inference["training"] == nil && inference["inference"] != nil)
  }

  @Test func `saved weights are a checkpoint that predicts`() throws {
    _ = try step("--save", "first.safetensors", "--work", "inference")
    let predicted = try Tool.run(
      ["predict", "first.safetensors", "\(Tool.sketches)/cat/cat-0001.jpg", "--json"], in: folder)
    #expect(predicted.code == 0, "\(predicted.errors)")
  }

  @Test func `inference says what its layers compute and move`() throws {
    let report = try Tool.json(
      Tool.run(
        [
          "bench", "step", "--json", "--seconds", "0", "--work", "inference", "--batch-size", "3",
          "--image-size", "10", "--architecture",
          "conv 16 3x3, relu, conv 32 3x3, pool 2, relu, flatten, dense",
        ], in: folder))
    let work = try #require(report["inference"] as? [String: Any])
    let layers = try #require(work["layers"] as? [[String: Any]])
    func numbers(_ key: String) -> [Int?] { layers.map { $0[key] as? Int } }
    // 3×3 over three channels, then 36 products of 16 channels for each of 9 tiles.
    #expect(
      numbers("operations") == [
        3 * 2 * 100 * 27 * 16, 0, 3 * 2 * 9 * 36 * 16 * 32, nil, nil, 0, 3 * 2 * 800 * 2,
      ])
    // Input and output of three images, and the weights once.
    #expect(
      numbers("bytes") == [
        4 * (3 * (300 + 1600) + 27 * 16), 4 * 3 * 3200, 4 * (3 * (1600 + 800) + 36 * 16 * 32), nil,
        nil, 4 * 3 * 1600, 4 * (3 * 802 + 1600),
      ])
    let reading = try #require(report["read_bytes_per_second"] as? Double)
    let seconds = try #require(layers[0]["memory_seconds"] as? Double)
    #expect(abs(seconds * reading / (4 * (3 * 1900 + 432)) - 1) < 1e-9)
  }

  @Test func `the roofline is a figure with a table beside it`() throws {
    let drawn = try Tool.run(
      ["bench", "step", "--seconds", "0", "--roofline", "roof.svg", "--title", "Roof"]
        + Tool.tiny, in: folder)
    #expect(drawn.code == 0, "\(drawn.errors)")
    let figure = try String(contentsOfFile: "\(folder.path)/roof.svg", encoding: .utf8)
    #expect(figure.contains("Roof") && figure.contains("0 conv 4"))
    let table = try String(contentsOfFile: "\(folder.path)/roof.csv", encoding: .utf8)
    #expect(table.hasPrefix("layer,text,seconds,operations,bytes\n0,conv 4 3x3,"))
  }

  @Test func `tables fit 80 columns`() throws {
    let outputs = try [
      ["bench", "step", "--image-size", "16", "--batch-size", "2"],
      ["bench", "decode", "\(Tool.sketches)/cat", "--image-size", "16"],
    ].map { try Tool.run($0 + ["--seconds", "0"], in: folder) }
    for outcome in outputs {
      #expect(outcome.code == 0, "\(outcome.errors)")
      #expect(outcome.output.split(separator: "\n").allSatisfy { $0.count <= 80 })
    }
    #expect(outputs[0].output.contains("conv 24 2x2 stride 2 no-bias"))
    #expect(outputs[1].output.contains("12 images"))
  }

  @Test(arguments: [
    (["step", "--batch-size", "0"], Int32(64), "--batch-size is 0"),
    (["step", "--work", "rest"], 64, "rest"),
    (["step", "--work", "training", "--roofline", "a.png"], 64, "--roofline"),
    (["step", "--theme", "print"], 64, "--roofline"),
    (["kernels", "--seconds", "-1"], 64, "--seconds"),
    (["decode", "nowhere"], 66, "nowhere"),
    (["decode", "empty"], 65, "empty"),
  ])
  func `bad input is said on one line`(arguments: [String], code: Int32, words: String) throws {
    try FileManager.default.createDirectory(
      atPath: "\(folder.path)/empty", withIntermediateDirectories: true)
    let outcome = try Tool.run(["bench"] + arguments, in: folder)
    #expect(outcome.code == code)
    #expect(outcome.complaints.count == 1, "\(outcome.errors)")
    #expect(outcome.errors.contains(words), "\(outcome.errors)")
    #expect(outcome.output.isEmpty)
  }
}
