import Foundation
import TestSupport
import Testing

/// `marbles backprop`: what it prints, draws and refuses.
@Suite struct BackpropCommandTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func backprop(_ words: [String]) throws -> Tool.Outcome {
    try Tool.run(["backprop"] + words, in: folder)
  }

  /// The network of whole numbers of BackpropagationTests.
  private static let whole = [
    "--architecture", "dense 2, relu, dense", "--input", "1,2", "--target", "5,3", "--objective",
    "mse", "--parameters", "1,-1,2,1,0,-1,1,2,0,1,0,0", "--learning-rate", "0.25",
  ]

  @Test func `every step is printed with names and numbers`() throws {
    let outcome = try backprop(Self.whole)
    #expect(outcome.code == 0, "\(outcome.errors)")
    let lines = outcome.output.split(separator: "\n").map(String.init)
    for line in [
      "   h₁ = w₁₁·x₁ + w₁₂·x₂ + b₁ = 1·1 + (−1)·2 + 0 = −1", "   a₁ = max(0, h₁) = max(0, −1) = 0",
      "   z₁ = v₁₁·a₁ + v₁₂·a₂ + c₁ = 1·0 + 2·3 + 0 = 6",
      "   L = ((z₁ − 5)² + (z₂ − 3)²)/2 = ((6 − 5)² + (3 − 3)²)/2 = 0.5",
      "   ∂L/∂z₁ = 2·(z₁ − 5)/2 = 2·(6 − 5)/2 = 1",
      "   ∂L/∂w₂₂ = ∂L/∂h₂·∂h₂/∂w₂₂ = ∂L/∂h₂·x₂ = 2·2 = 4",
      "   ∂L/∂h₁ = ∂L/∂a₁·∂a₁/∂h₁ = ∂L/∂a₁·0 = 1·0 = 0",
      "   The loss goes from 0.5 to 18.28.",
    ] { #expect(lines.contains(line), "\(line)") }
    let row = try #require(lines.first { $0.hasPrefix("   w₂₂ ") })
    #expect(row.split(separator: " ").prefix(4) == ["w₂₂", "1", "4", "4"])
    #expect(row.split(separator: " ").last == "0")
    #expect(lines.last?.hasPrefix("gradients are right: 1") == true)
  }

  @Test(arguments: [
    [], ["--architecture", "dense 7, relu, dense"],
    ["--objective", "focal", "--optimizer", "adam"],
    [
      "--architecture", "conv 2 2x2 padding valid, batchnorm, gelu, pool 2, flatten, dense",
      "--shape", "3x3",
    ],
    ["--architecture", "dense 1, tanh, dense 1, silu, dense 1, dense", "--input=-3"],
    ["--architecture", "conv 1 3x3, prelu, global-pool, flatten, dense", "--shape", "4x4x2"],
  ])
  func `lines have 80 columns, and gradients are right`(words: [String]) throws {
    let outcome = try backprop(words)
    #expect(outcome.code == 0, "\(outcome.errors)")
    for line in outcome.output.split(separator: "\n") {
      #expect(line.count <= 80 && line.last != " ", "\(line)")
    }
    #expect(outcome.errors.isEmpty)
  }

  @Test func `figures of the whole and of all steps, an animation and a table are written`() throws
  {
    let outcome = try backprop(["--out", "b"])
    #expect(outcome.code == 0, "\(outcome.errors)")
    let steps = (1...11).map { "step-\($0 < 10 ? "0" : "")\($0).png" }
    #expect(
      Set(try FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/b"))
        == Set(steps + ["backprop.png", "backprop-moving.png", "backprop.csv"]))
    let table = String(decoding: try folder.read("b/backprop.csv"), as: UTF8.self)
    let rows = table.split(separator: "\n").map { $0.split(separator: ",").map(String.init) }
    #expect(rows[0].joined(separator: ",") == "from,to,value,derivative,gradient_of_target,product")
    // 5 into each weighted sum, 1 into each sigmoid, 2 into each probability and the loss.
    #expect(rows.count == 1 + 28)
    for row in rows.dropFirst() {
      let (a, b, product) = (Double(row[3]), Double(row[4]), Double(row[5]))
      #expect(try #require(a) * #require(b) == product)
    }
    #expect(outcome.errors.split(separator: "\n").count == 14)
    #expect(try backprop(["--out", "b", "--quiet"]).errors.isEmpty)
    let moving = try folder.read("b/backprop-moving.png")
    #expect(moving.count > 50_000)
  }

  @Test(arguments: ["light", "synthwave", "print"], ["svg", "pdf"])
  func `figures have every theme and format`(theme: String, format: String) throws {
    let outcome = try backprop(["--out", "b", "--theme", theme, "--format", format])
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(try folder.read("b/step-11.\(format)").count > 1000)
  }

  @Test func `a figure says how many equations of its step have no room`() throws {
    #expect(try backprop(["--out", "b", "--format", "svg"]).code == 0)
    func words(_ step: String) throws -> String {
      String(decoding: try folder.read("b/step-\(step).svg"), as: UTF8.self)
    }
    // Of four weights, two biases and two inputs.
    #expect(try words("08").firstMatch(of: /and [67] more</) != nil)
    #expect(try words("06").firstMatch(of: /and \d more</) == nil)
  }

  @Test func `JSON has every number with its gradient in three ways`() throws {
    let report = try Tool.json(backprop(Self.whole + ["--json"]))
    let numbers = try #require(report["numbers"] as? [[String: Any]])
    #expect(numbers.count == 21 && report["passes"] as? Bool == true)
    let weight = try #require(numbers.first { $0["name"] as? String == "w22" })
    #expect(weight["value"] as? Double == 1 && weight["gradient"] as? Double == 4)
    #expect(weight["along_arrows"] as? Double == 4 && weight["after"] as? Double == 0)
    #expect(abs(try #require(weight["finite_difference"] as? Double) - 4) < 1e-3)
    // 5 into each weighted sum, 1 into each relu, 2 into the loss.
    let arrows = try #require(report["arrows"] as? [[String: Any]])
    #expect(arrows.count == 24)
    #expect(report["loss_after"] as? Double == 18.28125)
  }

  @Test func `the ways of one number to the loss are listed with their factors`() throws {
    let outcome = try backprop(Self.whole + ["--path", "x1"])
    #expect(outcome.output.contains("   x₁ → h₂ → a₂ → z₁ → L   2·1·2·1 = 4\n"))
    #expect(outcome.output.contains("   together ∂L/∂x₁ = 4\n"))
    let none = try backprop(Self.whole + ["--path", "w11"])
    #expect(none.output.contains("No way leads from w₁₁ to the loss without a factor of 0."))
  }

  @Test(arguments: [
    (["--architecture", "dense 8, relu, dense"], "has 42 parameters, and at most 40"),
    (["--architecture", "residual (dense 2), dense"], "'residual (dense 2)' is not known"),
    (["--architecture", "conv 1 3x3, flatten, dense", "--shape", "9x9"], "parameters"),
    (["--architecture", "dense 2, cake, dense"], "no layer is called 'cake'"),
    (["--input", "1,x"], "--input is '1,x', expected numbers"),
    (["--input", "1,2,3", "--shape", "1x2"], "--input has 3 numbers, expected 2"),
    (["--shape", "2"], "--shape is '2', expected rows x columns"),
    (["--target", "1,1"], "--target is '1,1', expected the probabilities"),
    (["--target", "1"], "--target is '1', expected the probabilities of two"),
    (["--parameters", "1,2"], "--parameters has 2 numbers, expected 12: 0.weight 2×2, 0.bias 2"),
    (["--learning-rate", "0"], "--learning-rate is 0.0, expected a number above 0"),
    (["--path", "w13"], "no number is called 'w13'"),
    (["--theme", "print"], "--theme cannot be used without --out"),
    (["--seed", "3", "--parameters", "1,2,3,4,5,6,7,8,9,1,2,3"], "--seed cannot be used"),
    (
      [
        "--architecture", "dense 2, relu, dense 2, relu, dense", "--objective", "mse", "--input",
        "1e6,1e6", "--parameters", Self.huge,
      ], "is not finite"
    ),
  ])
  func `what cannot be followed is refused`(words: [String], message: String) throws {
    let outcome = try backprop(words)
    #expect(outcome.code == 64, "\(outcome.errors)")
    #expect(outcome.errors.contains(message), "\(outcome.errors)")
    #expect(outcome.output.isEmpty && outcome.complaints.count == 1)
  }

  private static let huge = [String](repeating: "1e6", count: 18).joined(separator: ",")

  @Test func `a file of the user is not replaced`() throws {
    try folder.write(Array("mine".utf8), to: "b/step-03.png")
    let outcome = try backprop(["--out", "b"])
    #expect(outcome.code == 73 && outcome.errors.contains("step-03.png: exists"))
    #expect(try folder.read("b/step-03.png") == Array("mine".utf8))
    #expect(!folder.contents.contains("b/backprop.png"))
  }
}
