import ConvNet
import Tensors

/// The layer a text names.
func layer(_ text: String) throws -> any Layer {
  try Architecture("\(text), dense").makeLayers(classCount: 2)[0]
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
