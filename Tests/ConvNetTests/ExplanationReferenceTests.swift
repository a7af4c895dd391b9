import ConvNet
import ImageLoading
import Tensors
import TestSupport
import Testing
import Training

/// Maps by captum and PyTorch; made by Tools/reference/explanations.py.
struct ExplanationReference: Decodable {
  struct Described: Decodable {
    struct Case: Decodable {
      let number: Int, target: Int
      let scores: [Float]
      let gradCam: [Float], gradCamResized: [Float], gradCamOfLogOdds: [Float]
      let layerCam: [Float], layerCamResized: [Float]
      let integratedGradients: [Float], occlusion: [Float]
    }
    let architecture: String
    let layer: Int
    let cases: [Case]
  }
  let size: Int, classes: Int, patch: Int, stride: Int, steps: Int
  let networks: [Described]

  static func loaded() throws -> ExplanationReference {
    try fixture(ExplanationReference.self, "explanations.json", in: .module)
  }
}

@Suite struct ExplanationReferenceTests {
  let reference: ExplanationReference

  init() throws { reference = try ExplanationReference.loaded() }

  private func explainer(_ described: ExplanationReference.Described) throws -> Explainer {
    let network = try Network(
      Architecture(described.architecture), imageSize: reference.size,
      classCount: reference.classes)
    let (parameters, statistics) = try hashedValues(of: network)
    let description = ModelDescription(
      architecture: described.architecture, model: nil,
      classes: (0..<reference.classes).map { "class \($0)" }, imageSize: reference.size,
      fit: .crop,
      normalization: Normalization(
        mean: [0.5, 0.5, 0.5], standardDeviation: [0.25, 0.25, 0.25]),
      epoch: 1, step: 1, run: "reference")
    let explainer = try Explainer(
      Checkpoint(description: description, parameters: parameters, statistics: statistics),
      workers: Workers(count: 2))
    explainer.options.layer = described.layer
    explainer.options.patch = reference.patch
    explainer.options.stride = reference.stride
    explainer.options.steps = reference.steps
    return explainer
  }

  /// The image of the script: blocks of four pixels with some noise.
  private func image(_ number: Int) -> [Float] {
    let (size, side) = (reference.size, reference.size / 4)
    let blocks = hashedNumbers(stream: 500 + number, count: 3 * side * side)
    let noise = hashedNumbers(stream: 600 + number, count: 3 * size * size)
    let values = noise.enumerated().map { index, noise in
      let (y, x) = (index / size % size, index % size)
      return blocks[(index / (size * size) * side + y / 4) * side + x / 4] + 0.25 * noise
    }
    return channelsLast(values, Shape(height: size, width: size, channels: 3))
  }

  /// Every network with every image.
  private func forEach(
    _ body: (Explainer, [Float], ExplanationTarget, ExplanationReference.Described.Case) throws
      -> Void
  ) throws {
    #expect(reference.networks.count == 2 && reference.networks.allSatisfy { $0.cases.count == 3 })
    for described in reference.networks {
      let explainer = try explainer(described)
      for expected in described.cases {
        try body(
          explainer, image(expected.number), ExplanationTarget(classIndex: expected.target),
          expected)
      }
    }
  }

  /// The largest difference as a fraction of the largest value.
  private func difference(_ map: AttributionMap, _ expected: [Float]) -> Float {
    largestDifference(map.values, expected) / (expected.map(abs).max() ?? 0)
  }

  private func resized(_ map: AttributionMap) -> AttributionMap {
    map.resized(height: reference.size, width: reference.size)
  }

  @Test func `Grad-CAM and LayerCAM are those of PyTorch, also at the size of the image`() throws {
    try forEach { explainer, image, target, expected in
      let gradCAM = explainer.explain(image, target, by: .gradCAM).map
      #expect(difference(gradCAM, expected.gradCam) < 1e-4)
      #expect(difference(resized(gradCAM), expected.gradCamResized) < 1e-4)
      let layerCAM = explainer.explain(image, target, by: .layerCAM).map
      #expect(difference(layerCAM, expected.layerCam) < 1e-4)
      #expect(difference(resized(layerCAM), expected.layerCamResized) < 1e-4)
    }
  }

  @Test func `the gradient of log odds is that of PyTorch`() throws {
    try forEach { explainer, image, target, expected in
      let odds = ExplanationTarget(classIndex: target.classIndex, score: .logOdds)
      let map = explainer.explain(image, odds, by: .gradCAM).map
      #expect(difference(map, expected.gradCamOfLogOdds) < 1e-4)
    }
  }

  @Test func `integrated gradients are those of PyTorch with as many steps`() throws {
    try forEach { explainer, image, target, expected in
      let explanation = explainer.explain(image, target, by: .integratedGradients)
      #expect(difference(explanation.map, expected.integratedGradients) < 2e-3)
      let completeness = try #require(explanation.completeness)
      #expect(completeness.steps == reference.steps)
      #expect(abs(Float(completeness.score) - expected.scores[0]) < 1e-4)
      #expect(abs(Float(completeness.baselineScore) - expected.scores[1]) < 1e-4)
    }
  }

  @Test func `integrated gradients take steps until they add up`() throws {
    try forEach { explainer, image, target, _ in
      explainer.options.steps = nil
      let completeness = try #require(
        explainer.explain(image, target, by: .integratedGradients).completeness)
      #expect(completeness.error < 0.01, "\(completeness)")
    }
  }

  @Test func `occlusion is that of PyTorch, also where a patch reaches beyond the edge`() throws {
    try forEach { explainer, image, target, expected in
      let map = explainer.explain(image, target, by: .occlusion).map
      #expect(difference(map, expected.occlusion) < 1e-4)
    }
  }
}
