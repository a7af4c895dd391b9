import ConvNet
import Foundation
import ImageLoading
import Support
import Tensors
import TestSupport
import Testing
import Training

/// Maps of photographs by captum and PyTorch; made by Tools/reference/photo_explanations.py.
private struct PhotoReference: Decodable, Sendable {
  struct Photo: Decodable { let path: String, sha256: String }
  struct Model: Decodable {
    struct Case: Decodable {
      let target: Int
      let scores: [Float]
      let gradCam: [Float], gradCamOfLogOdds: [Float], layerCam: [Float]
      let integratedGradients: [Float], occlusion: [Float]
    }
    let name: String
    let cases: [Case]
  }
  let photos: [Photo], models: [Model]
  let layer: Int, patch: Int, stride: Int, steps: Int, block: Int
}

/// The networks that come with Marbles, on three photographs that do not.
@Suite(.enabled(if: SharedData.has("pets"), "../shared/data/pets is not there"))
struct PhotoExplanationTests {
  private let reference: PhotoReference

  init() throws {
    reference = try fixture(PhotoReference.self, "photo-explanations.json", in: .module)
    #expect(reference.photos.count == 3 && reference.models.count == 2)
  }

  /// The pixels in the middle of a photo, which both sides see.
  private func middle(of photo: PhotoReference.Photo, size: Int) throws -> [UInt8] {
    let file = SharedData.url("pets/\(photo.path)")
    let pixels = try ImageDecoder().decode([UInt8](Data(contentsOf: file))).pixels
    try #require(
      ContentHash.sha256(pixels.bytes) == photo.sha256,
      "\(photo.path) is decoded otherwise than by Pillow, so its maps cannot be compared")
    let (top, left) = ((pixels.height - size) / 2, (pixels.width - size) / 2)
    return (top..<top + size).flatMap { row in
      let start = (row * pixels.width + left) * 3
      return pixels.bytes[start..<start + size * 3]
    }
  }

  /// Both networks with every photo.
  private func forEach(
    _ body: (Explainer, [Float], PhotoReference.Model.Case) throws -> Void
  ) throws {
    for model in reference.models {
      let file = SharedData.package.appending(path: "models/\(model.name).safetensors")
      let explainer = try Explainer(
        Checkpoint(contentsOf: file.path(percentEncoded: false)), workers: Workers())
      explainer.options.layer = reference.layer
      explainer.options.patch = reference.patch
      explainer.options.stride = reference.stride
      try #require(model.cases.count == reference.photos.count)
      for (photo, expected) in zip(reference.photos, model.cases) {
        let pixels = try middle(of: photo, size: explainer.network.inputShape.width)
        try body(explainer, explainer.input(of: pixels), expected)
      }
    }
  }

  /// The means of a map over square blocks, row by row.
  private func blocks(_ map: AttributionMap) -> [Float] {
    let (side, columns) = (reference.block, map.width / reference.block)
    var sums = [Float](repeating: 0, count: map.height / side * columns)
    for (index, value) in map.values.enumerated() {
      sums[index / map.width / side * columns + index % map.width / side] += value
    }
    return sums.map { $0 / Float(side * side) }
  }

  /// The largest difference as a fraction of the largest value.
  private func difference(_ values: [Float], _ expected: [Float]) -> Float {
    largestDifference(values, expected) / (expected.map(abs).max() ?? 0)
  }

  @Test func `class activation maps of photographs are those of captum and PyTorch`() throws {
    try forEach { explainer, image, expected in
      let logit = ExplanationTarget(classIndex: expected.target)
      let odds = ExplanationTarget(classIndex: expected.target, score: .logOdds)
      #expect(explainer.prediction(for: image).index == expected.target)
      for (target, method, values) in [
        (logit, ExplanationMethod.gradCAM, expected.gradCam),
        (odds, .gradCAM, expected.gradCamOfLogOdds), (logit, .layerCAM, expected.layerCam),
      ] {
        let map = explainer.explain(image, target, by: method).map
        #expect(difference(map.values, values) < 1e-3, "\(method) of \(target.score)")
      }
    }
  }

  @Test func `integrated gradients of photographs are captum's, on average over blocks`() throws {
    try forEach { explainer, image, expected in
      explainer.options.steps = reference.steps
      let explanation = explainer.explain(
        image, ExplanationTarget(classIndex: expected.target), by: .integratedGradients)
      #expect(difference(blocks(explanation.map), expected.integratedGradients) < 5e-3)
      let completeness = try #require(explanation.completeness)
      #expect(abs(Float(completeness.score) - expected.scores[0]) < 1e-4)
      #expect(abs(Float(completeness.baselineScore) - expected.scores[1]) < 1e-4)
    }
  }

  @Test func `integrated gradients of photographs add up within 1%`() throws {
    try forEach { explainer, image, expected in
      let completeness = try #require(
        explainer.explain(
          image, ExplanationTarget(classIndex: expected.target), by: .integratedGradients
        ).completeness)
      #expect(completeness.error < 0.01, "\(completeness)")
      // Both scores are PyTorch's; so is the difference that they add up to.
      let difference = Double(expected.scores[0] - expected.scores[1])
      #expect(abs(completeness.sum - difference) < 0.01 * abs(difference) + 1e-3)
    }
  }

  @Test func `occlusion of photographs is captum's, on average over blocks`() throws {
    try forEach { explainer, image, expected in
      let map = explainer.explain(
        image, ExplanationTarget(classIndex: expected.target), by: .occlusion
      ).map
      #expect(difference(blocks(map), expected.occlusion) < 1e-3)
    }
  }
}
