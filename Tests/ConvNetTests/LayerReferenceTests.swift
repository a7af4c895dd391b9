import ConvNet
import Foundation
import Tensors
import TestSupport
import Testing

/// Passes of single layers by PyTorch; made by Tools/reference/layers.py.
struct LayerReference: Decodable {
  struct Case: Decodable, CustomTestStringConvertible {
    let number: Int
    let layer: String
    let inputShape: [Int], outputShape: [Int]
    let names: [String]
    let output: [Float], inputGradient: [Float]
    let parameterGradients: [String: [Float]], statistics: [String: [Float]]

    var testDescription: String { "\(layer) on \(inputShape)" }
    var input: Shape { shape(inputShape) }
    private func shape(_ s: [Int]) -> Shape {
      Shape(batch: s[0], height: s[2], width: s[3], channels: s[1])
    }
    var outputs: Shape { shape(outputShape) }
  }
  let cases: [Case]

  static let loaded = Result { try fixture(LayerReference.self, "layers.json", in: .module) }
  static var cases: [Case] { (try? loaded.get().cases) ?? [] }
}

@Suite struct LayerReferenceTests {
  /// Enough geometries, among them the ones that are easily forgotten.
  @Test func `the reference is there`() throws {
    let cases = try LayerReference.loaded.get().cases
    #expect(Set(cases.map(\.testDescription)).count >= 80)
    #expect(Set(cases.map(\.number)) == Set(1...cases.count))
    #expect(cases.contains { $0.input.batch == 1 })
    #expect(cases.contains { $0.layer.hasPrefix("conv") && $0.input.pixelCount == 1 })
  }

  @Test(arguments: LayerReference.cases)
  func `forward and backward agree with PyTorch`(reference: LayerReference.Case) throws {
    let trial = try LayerTrial(layer(reference.layer), on: reference.input)
    #expect(trial.output == reference.outputs)
    #expect(Set(trial.slots.map(\.name)) == Set(reference.names))
    for (index, slot) in trial.slots.enumerated() {
      let place = try #require(reference.names.firstIndex(of: slot.name))
      let values = hashedNumbers(stream: 1000 * reference.number + place, count: slot.count)
      let isVariance = slot.name.hasSuffix("running_var")
      trial.arrays[index].copy(
        from: trial.memory(index, fromFile: isVariance ? values.map { 1.5 + $0 } : values))
    }
    trial.inputs.copy(
      from: channelsLast(
        hashedNumbers(stream: 1000 * reference.number + 500, count: reference.input.count),
        reference.input))
    trial.outputGradients.copy(
      from: channelsLast(
        hashedNumbers(stream: 1000 * reference.number + 600, count: reference.outputs.count),
        reference.outputs))
    trial.runForward()
    trial.runBackward()

    func expectClose(_ values: [Float], _ expected: [Float], _ what: String) {
      #expect(relativeRMS(values, expected) < 1e-5, "\(what)")
    }
    expectClose(channelsFirst(trial.outputs.array, trial.output), reference.output, "output")
    expectClose(
      channelsFirst(trial.inputGradients.array, trial.input), reference.inputGradient,
      "gradient of the input")
    #expect(trial.parameterGradients.count == reference.parameterGradients.count)
    for (index, slot) in trial.slots.enumerated() {
      if trial.parameterGradients.indices.contains(index) {
        let expected = try #require(reference.parameterGradients[slot.name])
        expectClose(
          trial.file(index, fromMemory: trial.parameterGradients[index].array), expected,
          "gradient of \(slot.name)")
      } else if let expected = reference.statistics[slot.name] {
        expectClose(trial.arrays[index].array, expected, slot.name)
      }
    }
  }
}

/// Logits of whole networks by PyTorch; made by Tools/reference/networks.py.
struct NetworkReference: Decodable {
  struct Case: Decodable, CustomTestStringConvertible {
    let model: NamedModel
    let architecture: String
    let imageSize: Int, batch: Int
    let names: [String]
    let logits: [Float]
    var testDescription: String { "\(model) at \(imageSize)" }
  }
  let cases: [Case]

  static let loaded = Result { try fixture(NetworkReference.self, "networks.json", in: .module) }
  static var cases: [Case] { (try? loaded.get().cases) ?? [] }
}

@Suite struct NetworkReferenceTests {
  @Test func `every named model has a reference`() throws {
    let models = try NetworkReference.loaded.get().cases.map(\.model)
    #expect(Set(models) == Set(NamedModel.allCases))
  }

  @Test(arguments: NetworkReference.cases)
  func `logits agree with PyTorch`(reference: NetworkReference.Case) throws {
    let architecture = try Architecture(reference.model.architectureText)
    #expect(architecture.description == reference.architecture)
    let network = try Network(architecture, imageSize: reference.imageSize, classCount: 2)
    var (parameters, statistics) = try hashedValues(of: network)
    let names = network.parameterLayout.slots + network.statisticLayout.slots
    #expect(Set(names.map(\.name)) == Set(reference.names))
    let shape = network.inputShape.batch(reference.batch)
    let execution = Execution(
      network: network, batchSize: reference.batch, workers: Workers(count: 2), trains: false)
    execution.input.fill(0)
    execution.input[0..<shape.count].copy(
      from: channelsLast(hashedNumbers(stream: 10_000, count: shape.count), shape))
    let logits = execution.forward(
      count: reference.batch, parameters: parameters, statistics: &statistics, phase: .inference)
    #expect(largestDifference(logits, reference.logits) < 1e-4)
  }
}
