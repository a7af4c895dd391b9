import ConvNet
import ImageLoading
import Tensors
import TestSupport
import Testing
import Training

@Suite struct ExplanationTests {
  private func makeExplainer(_ text: String, size: Int = 16) throws -> Explainer {
    let network = try Network(Architecture(text), imageSize: size, classCount: 2)
    let (parameters, statistics) = network.initialValues(seed: 5)
    let description = ModelDescription(
      architecture: text, model: nil, classes: ["cat", "dog"], imageSize: size, fit: .crop,
      normalization: Normalization(
        mean: [0.5, 0.25, 0.5], standardDeviation: [0.25, 0.25, 0.5]), epoch: 1, step: 1,
      run: "r")
    return try Explainer(
      Checkpoint(description: description, parameters: parameters, statistics: statistics),
      workers: Workers(count: 2))
  }

  private static let usual =
    "conv 6 3x3, relu, pool 2, conv 8 3x3, relu, global-pool, flatten, dense"

  @Test func `a map that is the same everywhere has half its weight in the middle`() throws {
    let map = AttributionMap(height: 80, width: 100, values: .init(repeating: 2, count: 8000))
    #expect(abs(try #require(map.centralFraction) - 0.5) < 0.02)
    let center = try #require(map.centerOfMass)
    #expect(abs(center.x - 0.5) < 1e-9 && abs(center.y - 0.5) < 1e-9)
  }

  @Test func `weight is positive weight, and lies where it lies`() throws {
    let map = AttributionMap(height: 2, width: 2, values: [3, -5, 0, 1])
    #expect(map.fraction(inside: [true, true, false, false]) == 0.75)
    let center = try #require(map.centerOfMass)
    #expect(abs(center.x - 0.375) < 1e-9 && abs(center.y - 0.375) < 1e-9)
    let negative = AttributionMap(height: 1, width: 2, values: [-1, 0])
    #expect(negative.centralFraction == nil && negative.centerOfMass == nil)
  }

  @Test func `ranks are correlated as Spearman's are`() throws {
    func map(_ values: [Float]) -> AttributionMap {
      AttributionMap(height: 1, width: values.count, values: values)
    }
    #expect(map([1, 2, 30, 4]).rankCorrelation(with: map([10, 20, 90, 30])) == 1)
    #expect(map([1, 2, 3]).rankCorrelation(with: map([3, 2, 1])) == -1)
    // scipy.stats.spearmanr([1, 2, 2, 4, 5], [2, 1, 3, 3, 9])
    let tied = try #require(
      map([1, 2, 2, 4, 5]).rankCorrelation(with: map([2, 1, 3, 3, 9])))
    #expect(abs(tied - 0.7631578947368423) < 1e-12)
    #expect(map([1, 1, 1]).rankCorrelation(with: map([3, 2, 1])) == nil)
  }

  @Test func `the usual layer is the last with a map of four by four or more`() throws {
    let explainer = try makeExplainer(Self.usual)
    #expect(explainer.options.layer == 4)
    #expect(explainer.mapLayers == [0, 1, 2, 3, 4])
    #expect(try makeExplainer(Self.usual, size: 8).options.layer == 4)
    #expect(try makeExplainer(Self.usual, size: 6).options.layer == 1)
    #expect(try makeExplainer("flatten, dense").mapLayers.isEmpty)
  }

  @Test func `an input is normalized, and its mean color is zero`() throws {
    let explainer = try makeExplainer("flatten, dense", size: 8)
    let input = explainer.input(of: (0..<192).map { UInt8([255, 0, 255][$0 % 3]) })
    #expect(largestDifference(Array(input[0..<3]), [2, -1, 1]) < 1e-6)
  }

  @Test
  func `integrated gradients and occlusion of a linear network are its weights times the image`()
    throws
  {
    let explainer = try makeExplainer("flatten, dense", size: 8)
    explainer.options.patch = 1
    explainer.options.stride = 1
    let image = hashedNumbers(stream: 3, count: 192)
    let target = ExplanationTarget(classIndex: 1)
    let trace = explainer.trace(image, target)
    let gradient = trace.gradients[0]
    let products = (0..<64).map { pixel in
      (0..<3).reduce(Float(0)) { $0 + image[pixel * 3 + $1] * gradient[pixel * 3 + $1] }
    }
    for method in [ExplanationMethod.integratedGradients, .occlusion] {
      let map = explainer.explain(image, target, by: method).map
      #expect(largestDifference(map.values, products) < 1e-5, "\(method)")
    }
  }

  @Test func `the value of a patch under a kernel is that of the feature map`() throws {
    for text in [
      "conv 5 3x3 stride 2, relu, flatten, dense", "conv 4 2x2 stride 2 no-bias, flatten, dense",
      "conv 4 5x3 padding valid frozen, flatten, dense",
    ] {
      let explainer = try makeExplainer(text)
      let image = hashedNumbers(stream: 4, count: 16 * 16 * 3)
      let trace = explainer.trace(image, ExplanationTarget(classIndex: 0))
      let convolution = try #require(
        FirstConvolution(of: explainer.network, explainer.values))
      let window = convolution.window
      for (row, column) in [(0, 0), (2, 3), (window.outputHeight - 1, window.outputWidth - 1)] {
        let patch = convolution.patch(of: image, row: row, column: column)
        for kernel in 0..<convolution.kernelCount {
          let sum = zip(patch, convolution.kernels[kernel]).reduce(convolution.biases[kernel]) {
            $0 + $1.0 * $1.1
          }
          let place = row * window.outputWidth + column
          let own = trace.activations[1][place * convolution.kernelCount + kernel]
          #expect(abs(sum - own) < 1e-5, "\(text) at \(row), \(column)")
        }
      }
    }
  }

  @Test func `random weights change a map, and the network is the trained one again after`() throws
  {
    let explainer = try makeExplainer(Self.usual)
    let image = hashedNumbers(stream: 6, count: 16 * 16 * 3)
    let target = ExplanationTarget(classIndex: 0)
    let before = explainer.explain(image, target, by: .gradCAM)
    let check = explainer.randomizationCheck(image, target, before)
    #expect(check.stages.map(\.layers) == [1, 2, 3])
    #expect(check.stages.map(\.correlations.count) == [1, 1, 3])
    #expect(check.stages.allSatisfy { $0.map != before.map })
    #expect(explainer.explain(image, target, by: .gradCAM).map == before.map)
    #expect(check.passes == (check.similarity < 0.5))
  }

  @Test func `a map that stays alike with random weights does not pass`() {
    let map = AttributionMap(height: 1, width: 1, values: [0])
    func check(_ correlations: [Double?]) -> RandomizationCheck {
      RandomizationCheck(
        method: .gradCAM,
        stages: [
          .init(layers: 1, map: map, correlations: [0.1]),
          .init(layers: 2, map: map, correlations: correlations),
        ])
    }
    #expect(
      !check([0.9, -0.9, nil]).passes && abs(check([0.9, -0.9, nil]).similarity - 0.6) < 1e-9)
    #expect(check([0.3, -0.3, nil]).passes)
  }
}
