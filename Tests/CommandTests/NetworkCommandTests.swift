import Foundation
import TestSupport
import Testing

/// `models`, `gradcheck` and the table of layers.
@Suite struct NetworkCommandTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func `every named model is listed, and its text trains`() throws {
    let catalogue = try Tool.json(Tool.run(["models", "--json"], in: folder))
    let models = try #require(catalogue["models"] as? [[String: Any]])
    let names = models.compactMap { $0["name"] as? String }
    #expect(names.starts(with: ["kitten", "tabby", "panther", "lecture", "resnet9", "linear"]))
    let linear = try #require(models.first { $0["name"] as? String == "linear" })
    let text = try #require(linear["architecture"] as? String)
    let outcome = try Tool.train("own", ["--architecture", text], epochs: 1, in: folder)
    #expect(outcome.code == 0)
    let table = try Tool.run(["models"], in: folder).output.split(separator: "\n")
    #expect(table.count == names.count + 1 && table.allSatisfy { $0.count <= 80 })
  }

  @Test func `a model is described layer by layer within 80 columns`() throws {
    let outcome = try Tool.run(["models", "panther"], in: folder)
    let table = outcome.output.split(separator: "\n").dropFirst(2)
    #expect(table.count == 45 && table.allSatisfy { $0.count <= 80 })
    #expect(table.contains { $0.hasPrefix("total") && $0.contains("2,820,050") })
  }

  @Test func `the table of layers is in inspect, and one line of it before training`() throws {
    func hasTable(_ text: String) -> Bool {
      text.split(separator: "\n").contains { line in
        line.split(separator: " ") == ["0", "conv", "4", "3x3", "16×16×4", "112", "27.6", "k"]
          + line.split(separator: " ").suffix(2)
      }
    }
    let trained = try Tool.train("a", epochs: 1, in: folder).errors
    #expect(!hasTable(trained))
    #expect(trained.split(separator: "\n").allSatisfy { $0.count <= 80 })
    #expect(!hasTable(try Tool.train("b", ["--quiet"], epochs: 1, in: folder).errors))
    let file = "runs/a/checkpoints/best.safetensors"
    #expect(hasTable(try Tool.run(["inspect", file], in: folder).output))
  }

  @Test func `gradients of every kind of layer agree with differences`() throws {
    let text =
      "conv 4 3x3, batchnorm, gelu, pool 3 stride 2 padding 1, residual (depthwise "
      + "3x3, silu), flatten, dense"
    let options = ["gradcheck", "--architecture", text, "--image-size", "8"]
    let report = try Tool.json(Tool.run(options + ["--json"], in: folder))
    #expect(report["passes"] as? Bool == true)
    #expect((report["checks"] as? [[String: Any]])?.count == 19)
    let outcome = try Tool.run(options, in: folder)
    #expect(outcome.code == 0)
    let lines = outcome.output.split(separator: "\n")
    #expect(lines.count == 21 && lines.allSatisfy { $0.count <= 80 })
    let verdict = "gradients are right: 19 arrays, largest relative difference "
    #expect(lines.last?.hasPrefix(verdict) == true)
    #expect(report["verdict"] as? String == lines.last.map(String.init))
  }

  @Test(arguments: [
    (["models", "tiger"], "tiger"), (["models", "kitten", "--architecture", "dense"], "not both"),
    (["models", "--architecture", "konv 3, dense"], "did you mean 'conv'"),
    (["gradcheck", "--samples", "0"], "--samples is 0"),
    (["gradcheck", "--architecture", "conv 3, residual (conv 4), flatten, dense"], "shortcut"),
  ])
  func `a wrong option is refused in one line`(arguments: [String], words: String) throws {
    let outcome = try Tool.run(arguments, in: folder)
    #expect(outcome.code == 64)
    #expect(outcome.complaints.count == 1 && outcome.errors.contains(words))
  }
}
