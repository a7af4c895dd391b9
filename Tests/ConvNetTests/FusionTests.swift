import ConvNet
import Tensors
import Testing

/// The operations that layers are compiled into.
@Suite struct FusionTests {
  func operations(
    _ text: String, trains: Bool, _ algorithm: ConvolutionAlgorithm = .automatic,
    precision: Precision = .float32
  ) throws -> [String] {
    Execution(
      network: try Network(Architecture(text), imageSize: 64, classCount: 2), batchSize: 2,
      workers: Workers(count: 2), trains: trains, convolution: algorithm, precision: precision
    ).operations
  }

  static let plainInference = "winograd conv + batchnorm + relu"
  static let pooledInference = "winograd conv + pool 2 + batchnorm + relu"
  static let plainTraining = ["winograd conv", "batchnorm + relu"]
  static let pooledTraining = ["winograd conv + pool 2", "batchnorm + relu"]
  static let stemTraining = ["indirect conv", "batchnorm + relu"]
  static let end = ["global-pool", "flatten", "dense"]
  static let blockTraining = "residual (\((plainTraining + plainTraining).joined(separator: ", ")))"
  static let blockInference = "residual (\(plainInference), \(plainInference))"

  /// What is to run for every named model.
  static func expected(_ model: NamedModel, trains: Bool) -> [String] {
    func groups(_ training: [String], _ inference: [String]) -> [String] {
      [[String]](repeating: trains ? training : inference, count: 3).flatMap(\.self)
    }
    let stem = trains ? stemTraining : ["indirect conv + batchnorm + relu"]
    let plain = trains ? plainTraining : [plainInference]
    let block = trains ? blockTraining : blockInference
    switch model {
    case .kitten, .tabby:
      return stem + groups(pooledTraining + plainTraining, [pooledInference, plainInference]) + end
    case .panther:
      return stem + groups(pooledTraining + [blockTraining], [pooledInference, blockInference])
        + plain + end
    case .lecture:
      // Both orders give the same values.
      let pooled = trains ? " conv + relu + pool 2" : " conv + pool 2 + relu"
      return ["indirect" + pooled] + [String](repeating: "winograd" + pooled, count: 3)
        + ["flatten", "dropout 0.5", "dense", "relu", "dense"]
    case .resnet9:
      let pooled =
        trains
        ? ["winograd conv", "batchnorm + relu + pool 2"]
        : ["winograd conv + batchnorm + relu + pool 2"]
      return (trains ? stemTraining : ["indirect conv + batchnorm + relu"]) + pooled + [block]
        + pooled + pooled + [block] + ["global-max-pool", "flatten", "dense"]
    case .linear: return ["flatten", "dense"]
    case .lenet:
      let convolution = ["indirect conv", "tanh", "average-pool 2"]
      return convolution + convolution + ["flatten", "dense", "tanh", "dense", "tanh", "dense"]
    }
  }

  @Test(arguments: NamedModel.allCases, [true, false])
  func `a named model runs the fused operations it is known for`(
    model: NamedModel, trains: Bool
  ) throws {
    #expect(
      try operations(model.architectureText, trains: trains)
        == Self.expected(model, trains: trains))
  }

  @Test(arguments: NamedModel.allCases, [true, false])
  func `wide convolutions multiply bfloat16, and dense layers of inference`(
    model: NamedModel, trains: Bool
  ) throws {
    var expected = Self.expected(model, trains: trains).map {
      $0.replacing("winograd", with: "winograd bfloat16")
    }
    if !trains {
      // The last has two outputs, fewer than a panel.
      for index in expected.indices.dropLast() where expected[index] == "dense" {
        expected[index] = "dense bfloat16"
      }
    }
    #expect(
      try operations(model.architectureText, trains: trains, precision: .bfloat16) == expected)
  }

  @Test func `with few or odd channels convolutions of other sizes multiply float32`() throws {
    let text = "conv 16 1x1, conv 32 1x1, conv 15 1x1, conv 16 1x1, conv 32 5x5 stride 2, flatten"
    #expect(
      try operations(text + ", dense", trains: true, precision: .bfloat16).dropLast(2) == [
        "indirect conv", "indirect bfloat16 conv", "columns conv", "indirect conv",
        "indirect bfloat16 conv",
      ])
  }

  @Test(arguments: [
    (NamedModel.panther.architectureText, true), ("flatten, dense 16, dense", true),
    (NamedModel.linear.architectureText, false), ("conv 8 3x3, conv 32 3x3, flatten, dense", false),
  ])
  func `a network knows whether a layer of it multiplies bfloat16`(
    text: String, expected: Bool
  ) throws {
    let network = try Network(Architecture(text), imageSize: 64, classCount: 2)
    #expect(network.multiplies(.bfloat16) == expected)
    #expect(network.multiplies(.float32))
  }

  @Test(arguments: NamedModel.allCases, [true, false])
  func `im2col runs every layer by itself`(model: NamedModel, trains: Bool) throws {
    let architecture = try Architecture(model.architectureText)
    let operations = try operations(model.architectureText, trains: trains, .im2col)
    #expect(operations.count == architecture.layers.count)
    #expect(operations.allSatisfy { !$0.contains("+") })
    #expect(!operations.contains { $0.contains("winograd") || $0.contains("indirect") })
  }

  /// A rule, layers it joins, and what they run as in training and in inference; nil for as many
  /// operations as there are layers.
  static let rules: [(rule: String, text: String, training: String?, inference: String?)] = [
    (
      "pooled convolution", "conv 16, pool 2", "indirect conv + pool 2", "indirect conv + pool 2"
    ),
    (
      "pooled convolution", "conv 16, relu, pool 2", "indirect conv + relu + pool 2",
      "indirect conv + pool 2 + relu"
    ),
    (
      "pooled convolution", "conv 16, pool 2, relu", "indirect conv + relu + pool 2",
      "indirect conv + pool 2 + relu"
    ),
    (
      "pooled normalization", "batchnorm, relu, pool 2", "batchnorm + relu + pool 2",
      "batchnorm + relu + pool 2"
    ),
    (
      "pooled normalization", "batchnorm, pool 2, relu", "batchnorm + relu + pool 2",
      "batchnorm + relu + pool 2"
    ),
    ("pooled normalization", "batchnorm, pool 2", "batchnorm + pool 2", "batchnorm + pool 2"),
    ("rectified normalization", "batchnorm, relu", "batchnorm + relu", "batchnorm + relu"),
    ("normalized convolution", "conv 16, batchnorm", nil, "indirect conv + batchnorm"),
    (
      "normalized convolution", "conv 16, batchnorm, pool 2", "indirect conv, batchnorm + pool 2",
      "indirect conv + batchnorm + pool 2"
    ),
    (
      "normalized convolution", "conv 16, batchnorm, relu, pool 2",
      "indirect conv, batchnorm + relu + pool 2", "indirect conv + batchnorm + relu + pool 2"
    ),
    (
      "normalized pooled convolution", "conv 16, pool 2, batchnorm",
      "indirect conv + pool 2, batchnorm", "indirect conv + pool 2 + batchnorm"
    ),
    (
      "normalized pooled convolution", "conv 16, pool 2, batchnorm, relu",
      "indirect conv + pool 2, batchnorm + relu", "indirect conv + pool 2 + batchnorm + relu"
    ),
    // Layers that look alike but are not what the rules join.
    ("none", "conv 16, pool 3", nil, nil), ("none", "conv 16, pool 2 stride 1", nil, nil),
    ("none", "conv 16, relu", nil, nil), ("none", "conv 16, average-pool 2", nil, nil),
    ("none", "conv 16 frozen, pool 2", nil, nil), ("none", "conv 16, batchnorm frozen", nil, nil),
    ("none", "batchnorm, gelu", nil, nil), ("none", "depthwise, batchnorm", nil, nil),
    ("none", "conv 300 3x3 stride 2, pool 2", nil, nil),
  ]

  @Test(arguments: rules, [true, false])
  func `a rule joins its layers, and nothing else`(
    rule: (rule: String, text: String, training: String?, inference: String?), trains: Bool
  ) throws {
    let operations = try operations("\(rule.text), flatten, dense", trains: trains)
    let own = operations.dropLast(2)
    if let expected = trains ? rule.training : rule.inference {
      #expect(own.joined(separator: ", ") == expected, "\(rule.rule)")
    } else {
      #expect(own.count == rule.text.split(separator: ",").count, "\(rule.rule)")
    }
  }
}
