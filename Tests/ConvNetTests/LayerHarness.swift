import ConvNet
import Tensors
import TestSupport

/// Runs one layer of an architecture by itself.
struct LayerHarness {
  let layer: any Layer
  let input: Shape, output: Shape
  let workers: Workers

  /// The layer a token names, on images of that shape; the batch is part of the shape.
  init(_ token: String, on input: Shape, workers: Workers = Workers(count: 2)) throws {
    layer = try Architecture("\(token), dense").makeLayers(classCount: 2)[0]
    self.input = input
    output = try layer.outputShape(for: input.batch(1)).batch(input.batch)
    self.workers = workers
  }

  /// The layer's arrays in memory order, from their values in file order.
  func memory(_ slots: [ParameterSlot], _ values: [[Float]]) -> [[Float]] {
    var vector = ParameterVector(ParameterLayout(slots))
    for index in slots.indices { vector[slot: index] = values[index] }
    return vector.layout.ranges.map { Array(vector.scalars[$0]) }
  }

  func file(_ slots: [ParameterSlot], _ values: [[Float]]) -> [[Float]] {
    var vector = ParameterVector(ParameterLayout(slots))
    vector.scalars = values.flatMap(\.self)
    return slots.indices.map { vector[slot: $0] }
  }

  struct Outcome {
    var output: [Float], inputGradient: [Float]
    var parameterGradients: [[Float]], statistics: [[Float]]
  }

  /// One forward and one backward pass; everything in memory order.
  func run(
    _ values: [Float], parameters: [[Float]], statistics: [[Float]]? = nil,
    outputGradient: [Float], phase: Phase = .training(seed: 9)
  ) -> Outcome {
    let statistics =
      statistics
      ?? layer.statistics(for: input).map { slot in
        [Float](repeating: slot.name == "running_var" ? 1 : 0, count: slot.count)
      }
    func region(_ values: [Float]) -> FloatRegion {
      let region = Arena(pieces: [values.count]).piece(values.count)
      region.copy(from: values)
      return region
    }
    func empty(_ count: Int) -> FloatRegion { Arena(pieces: [count]).piece(count) }
    let scratch = empty(
      layer.scratchCount(for: input, batch: input.batch, workers: workers.count))
    // Whatever scratch memory holds must not matter.
    scratch.fill(.nan)
    let forward = ForwardPass(
      inputShape: input, outputShape: output, input: region(values), output: empty(output.count),
      parameters: parameters.map(region), statistics: statistics.map(region),
      kept: empty(layer.keptCount(for: input)), scratch: scratch, phase: phase, workers: workers)
    let backward = BackwardPass(
      forward: forward, outputGradient: region(outputGradient), inputGradient: empty(input.count),
      parameterGradients: parameters.map { empty($0.count) })
    layer.forward(forward)
    layer.backward(backward)
    return Outcome(
      output: forward.output.array, inputGradient: backward.inputGradient?.array ?? [],
      parameterGradients: backward.parameterGradients.map(\.array),
      statistics: forward.statistics.map(\.array))
  }
}

/// Images between file order (batch, channels, height, width) and memory order (channels last).
func channelsLast(_ values: [Float], _ shape: Shape) -> [Float] {
  var result = values
  for b in 0..<shape.batch {
    for p in 0..<shape.pixelCount {
      for c in 0..<shape.channels {
        result[(b * shape.pixelCount + p) * shape.channels + c] =
          values[(b * shape.channels + c) * shape.pixelCount + p]
      }
    }
  }
  return result
}

func channelsFirst(_ values: [Float], _ shape: Shape) -> [Float] {
  var result = values
  for b in 0..<shape.batch {
    for p in 0..<shape.pixelCount {
      for c in 0..<shape.channels {
        result[(b * shape.channels + c) * shape.pixelCount + p] =
          values[(b * shape.pixelCount + p) * shape.channels + c]
      }
    }
  }
  return result
}
