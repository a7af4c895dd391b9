import ConvNet
import Tensors
import Testing

@Suite struct ArchitectureTests {
  @Test(arguments: NamedModel.allCases)
  func `a named model is written in the canonical form`(model: NamedModel) throws {
    #expect(try Architecture(model.architectureText).description == model.architectureText)
  }

  /// Sizes as computed by hand from research and the models' papers.
  @Test(arguments: [
    // 2·2·3·24 + 9·(24·32 + 32·32 + 32·64 + 64·64 + 64·128 + 128·128) + norms + 258
    (NamedModel.kitten, 288 + 292_608 + 2 * (24 + 2 * 224) + 258),
    (.tabby, 288 + 9 * 128_512 + 2 * (24 + 2 * 448) + 514),
    (.panther, 288 + 9 * (128_512 + 86_016 + 98_304) + 2 * (24 + 3 * 448 + 384) + 770),
    // 9·(3·64 + 64·128 + 2·128² + 128·256 + 256·512 + 2·512²) + norms + 512·2 + 2
    (.resnet9, 9 * 729_280 + 2 * (64 + 3 * 128 + 256 + 3 * 512) + 1026),
    (.linear, 64 * 64 * 3 * 2 + 2),
  ])
  func `a named model has the size it is known for`(model: NamedModel, count: Int) throws {
    let network = try Network(Architecture(model.architectureText), imageSize: 64, classCount: 2)
    #expect(network.parameterLayout.count == count)
  }

  /// A text, the word it is refused at, and why.
  static let refused: [(String, String, ArchitectureError.Problem)] = [
    ("", "", .expected("a layer")),
    ("conv 32, dense 512", "512", .notTheHead),
    ("dense, dense", "dense", .notTheHead),
    ("residual (dense), dense", "dense", .notTheHead),
    ("konv 32, flatten, dense", "konv", .unknownLayer(nearest: "conv")),
    ("elephant, dense", "elephant", .unknownLayer(nearest: nil)),
    ("relu 6, dense", "6", .unknownOption(layer: "relu", takes: "nothing more")),
    ("conv 0, dense", "0", .expected("a number from 1 to 65536")),
    ("conv 8 3y3, dense", "3y3", .expected("a size like 3x3, from 1x1 to 64x64")),
    ("conv 8 stride 0, dense", "0", .expected("a number from 1 to 64")),
    ("dropout 1, dense", "1", .expected("a rate from 0 to below 1")),
  ]

  @Test(arguments: refused)
  func `a text that is no architecture is refused at the word`(
    text: String, word: String, problem: ArchitectureError.Problem
  ) throws {
    let error = try #require(throws: ArchitectureError.self) { _ = try Architecture(text) }
    guard case .unreadable(text, let place, let found) = error else {
      Issue.record("\(error)")
      return
    }
    #expect(found == problem)
    #expect(String(Array(text)[place]) == word)
  }

  @Test func `too many poolings do not fit and say so`() throws {
    let architecture = try Architecture("pool 2, pool 2, pool 2, pool 2, flatten, dense")
    #expect(
      throws: ArchitectureError.doesNotFit(
        layer: "pool 2", input: Shape(height: 1, width: 1, channels: 3))
    ) { _ = try Network(architecture, imageSize: 8, classCount: 2) }
  }

  @Test func `a dense layer on a map asks for flatten`() throws {
    let architecture = try Architecture("conv 8, dense")
    #expect(
      throws: ArchitectureError.notFlat(
        layer: "dense", input: Shape(height: 8, width: 8, channels: 8))
    ) { _ = try Network(architecture, imageSize: 8, classCount: 2) }
  }

  @Test func `two ways that end in other shapes cannot be added`() throws {
    let architecture = try Architecture("residual (conv 8), global-pool, flatten, dense")
    #expect(
      throws: ArchitectureError.branchesDiffer(
        layer: "residual (conv 8 3x3)", body: Shape(height: 8, width: 8, channels: 8),
        shortcut: Shape(height: 8, width: 8, channels: 3))
    ) { _ = try Network(architecture, imageSize: 8, classCount: 2) }
  }
}
