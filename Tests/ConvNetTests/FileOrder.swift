import ConvNet
import Foundation
import Tensors
import TestSupport

/// The layer a text names.
func layer(_ text: String) throws -> any Layer {
  try Architecture("\(text), dense").layers[0]
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

/// The numbers `fill` in Tools/reference/networks.py gives a network: hashed, as wide as fresh
/// ones.
///
/// PyTorch numbers arrays layer by layer, parameters before running statistics.
func hashedValues(
  of network: Network
) throws -> (parameters: ParameterVector, statistics: ParameterVector) {
  var parameters = ParameterVector(network.parameterLayout)
  var statistics = ParameterVector(network.statisticLayout)
  /// "7.body.0.weight" belongs to "7.body.0"; PyTorch's order is that of the layers.
  func owner(_ slot: ParameterSlot) -> Substring {
    slot.name.prefix(upTo: slot.name.lastIndex(of: ".") ?? slot.name.endIndex)
  }
  let slots = parameters.layout.slots + statistics.layout.slots
  let order = slots.indices.sorted { a, b in
    let (x, y) = (owner(slots[a]), owner(slots[b]))
    return x == y ? a < b : x.compare(y, options: .numeric) == .orderedAscending
  }
  for (stream, place) in order.enumerated() {
    let slot = slots[place]
    let numbers = hashedNumbers(stream: stream, count: slot.count)
    let values: [Float]
    if slot.name.hasSuffix("running_var") {
      values = numbers.map { 1 + 0.5 * $0 }
    } else if slot.shape.count > 1 {
      let width = (6 / Float(slot.shape.dropFirst().reduce(1, *))).squareRoot()
      values = numbers.map { $0 * width }
    } else {
      values = numbers.map { 0.2 * $0 + (slot.name.hasSuffix(".weight") ? 1 : 0) }
    }
    if place < parameters.layout.slots.count {
      parameters[slot: place] = values
    } else {
      statistics[slot: place - parameters.layout.slots.count] = values
    }
  }
  return (parameters, statistics)
}
