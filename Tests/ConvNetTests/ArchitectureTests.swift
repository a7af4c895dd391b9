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

  /// What somebody may write, and how checkpoints have it.
  @Test(arguments: [
    ("conv 32", "conv 32 3x3"), ("conv 8 5 bias", nil), ("conv 8 5", "conv 8 5x5"),
    ("conv 8 no-bias stride 2", "conv 8 3x3 stride 2 no-bias"),
    ("conv 8 1x3 padding 0 initial glorot", "conv 8 1x3 padding valid initial glorot"),
    ("conv 8 padding same groups 2 frozen", "conv 8 3x3 groups 2 frozen"),
    ("conv 8 groups 3", nil), ("depthwise 5 stride 2", "depthwise 5x5 stride 2"),
    ("  pool   2x2 stride 2 ", "pool 2"),
    ("pool 3 padding 1 stride 2", "pool 3 stride 2 padding 1"),
    ("pool 3 padding 2", nil), ("average-pool 3x2", "average-pool 3x2"), ("pool", nil),
    ("batchnorm momentum 0.1 epsilon 0.001", "batchnorm epsilon 0.001"),
    ("leaky-relu 0.01", "leaky-relu"), ("gelu tanh", "gelu tanh"), ("relu frozen", nil),
    ("residual(conv 3)shortcut(conv 3 1)", "residual (conv 3 3x3) shortcut (conv 3 1x1)"),
    ("residual (conv 3) frozen", "residual (conv 3 3x3) frozen"), ("residual conv 3", nil),
    ("residual (conv 3", nil), ("relu,, relu", nil), ("relu) relu", nil),
    ("dense 9 no-bias", "dense 9 no-bias"),
  ])
  func `a layer has one canonical form`(text: String, canonical: String?) throws {
    let description = try? Architecture("\(text), dense").description
    #expect(description == canonical.map { "\($0), dense" })
    if let description { #expect(try Architecture(description).description == description) }
  }

  @Test func `carets stand under the wrong word, in a text of any length`() throws {
    for layers in [0, 1, 40] {
      let start = String(repeating: "relu, ", count: layers)
      let error = try #require(throws: ArchitectureError.self) {
        _ = try Architecture("\(start)konv 3, \(start)dense")
      }
      let lines = error.excerpt(width: 60)
      #expect(lines.count == 2 && lines.allSatisfy { $0.count <= 60 })
      let carets = try #require(lines[1].firstRange(of: "^^^^"))
      let place = lines[1].distance(from: lines[1].startIndex, to: carets.lowerBound)
      #expect(Array(lines[0])[place..<place + 4] == ["k", "o", "n", "v"])
    }
  }

  /// Multiply-adds of the research, in millions, at 64, 96 and 128 pixels.
  @Test(arguments: [
    (NamedModel.kitten, [24, 54, 96]), (.tabby, [81, 181, 322]), (.panther, [123, 277, 492]),
  ])
  func `a summary counts the work the research counted`(model: NamedModel, millions: [Int]) throws {
    for (size, expected) in zip([64, 96, 128], millions) {
      let network = try Network(
        Architecture(model.architectureText), imageSize: size, classCount: 2)
      let summary = NetworkSummary(network)
      #expect((summary.multiplyAdds + 500_000) / 1_000_000 == expected)
      #expect(summary.parameters == network.parameterLayout.count)
      #expect(summary.rows.reduce(0) { $0 + $1.parameters } == summary.parameters)
      #expect(summary.rows.reduce(0) { $0 + $1.statistics } == summary.statistics)
    }
  }

  @Test func `a summary tells frozen parameters from learned ones`() throws {
    let summary = NetworkSummary(
      try Network(
        Architecture("conv 4 3x3 groups 1 frozen, residual (depthwise 3x3) frozen, flatten, dense"),
        imageSize: 8, classCount: 2))
    #expect(summary.parameters == 8 * 8 * 4 * 2 + 2)
    #expect(summary.statistics == 9 * 3 * 4 + 4 + 9 * 4 + 4)
    #expect(summary.rows.map(\.place) == ["0", "1.body.0", "1", "2", "3"])
    #expect(summary.multiplyAdds == 64 * (27 * 4 + 9 * 4) + 512)
    #expect(summary.rows.reduce(0) { $0 + $1.statistics } == summary.statistics)
  }

  static let known = LayerCatalogue.standard.entries.map(\.name)

  /// A text, the word it is refused at, and why.
  static let refused: [(String, String, ArchitectureError.Problem)] = [
    ("", "", .expected("a layer")),
    ("conv 32, dense 512", "512", .notTheHead),
    ("dense, dense", "dense", .notTheHead),
    ("residual (dense), dense", "dense", .notTheHead),
    ("konv 32, flatten, dense", "konv", .unknownLayer(nearest: "conv", known: known)),
    ("elephant, dense", "elephant", .unknownLayer(nearest: nil, known: known)),
    ("relu 6, dense", "6", .unknownOption(layer: "relu", takes: "nothing more")),
    ("conv 0, dense", "0", .expected("a number from 1 to 65536")),
    ("conv 8 3y3, dense", "3y3", .expected("a size like 3x3, from 1x1 to 64x64")),
    ("conv 8 stride 0, dense", "0", .expected("a number from 1 to 64")),
    ("dropout 1, dense", "1", .expected("a rate from 0 to below 1")),
    ("conv 8 groups 3, dense", "3", .expected("a divisor of the 8 output channels")),
    ("pool 3 padding 2, dense", "2", .expected("a padding of at most half the window")),
    ("conv 8 stride 1 stride 2, dense", "stride", .expected("'stride' once")),
    ("batchnorm momentum 0, dense", "0", .expected("a number above 0, at most 1")),
    (
      "conv 8 bias, dense", "bias",
      .unknownOption(
        layer: "conv",
        takes:
          "a number from 1 to 65536, a size like 3x3, groups, stride, padding, no-bias, initial "
          + "and frozen")
    ),
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

  @Test func `two branches that end in other shapes cannot be added`() throws {
    let architecture = try Architecture("residual (conv 8), global-pool, flatten, dense")
    #expect(
      throws: ArchitectureError.branchesDiffer(
        layer: "residual (conv 8 3x3)", body: Shape(height: 8, width: 8, channels: 8),
        shortcut: Shape(height: 8, width: 8, channels: 3))
    ) { _ = try Network(architecture, imageSize: 8, classCount: 2) }
  }
}
