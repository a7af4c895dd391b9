package import ConvNet
internal import Tensors

// The layers that are known number by number.

extension Dense: ScalarLayer {
  package var letters: ScalarLetters { .weighted }

  package func formulas(_ places: ScalarPlaces) -> [ScalarFormula] {
    places.map { _, _, output in
      let row = places.parameters[0].lowerBound + output * places.inputs.count
      let terms = places.inputs.enumerated().map { [row + $0, $1] }
      return .sum(terms + places.bias(of: output))
    }
  }
}

extension Convolution: ScalarLayer {
  package var letters: ScalarLetters { .weighted }

  package func formulas(_ places: ScalarPlaces) -> [ScalarFormula] {
    window(on: places.inputShape).map { window in
      places.convolution(window) { _ in 0..<places.inputShape.channels }
    } ?? []
  }

  fileprivate func window(on input: Shape) -> Window? {
    Window(
      over: input, height: kernelHeight, width: kernelWidth, stride: stride, padding: padding)
  }
}

extension GroupedConvolution: ScalarLayer {
  package var letters: ScalarLetters { .weighted }

  package func formulas(_ places: ScalarPlaces) -> [ScalarFormula] {
    let size = places.inputShape.channels / groups
    return inner.window(on: places.inputShape).map { window in
      places.convolution(window) { output in
        let group = output / inner.outputChannels
        return group * size..<(group + 1) * size
      }
    } ?? []
  }
}

extension DepthwiseConvolution: ScalarLayer {
  package var letters: ScalarLetters { .weighted }

  package func formulas(_ places: ScalarPlaces) -> [ScalarFormula] {
    let window = Window(
      over: places.inputShape, height: kernelHeight, width: kernelWidth, stride: stride,
      padding: padding)
    return window.map { places.convolution($0) { $0..<$0 + 1 } } ?? []
  }
}

extension Rectifier: ScalarLayer {
  package var letters: ScalarLetters { .activation }

  package func formulas(_ places: ScalarPlaces) -> [ScalarFormula] {
    places.inputs.map { .function(.rectifier, of: $0) }
  }
}

extension Activation: ScalarLayer {
  package var letters: ScalarLetters { .activation }

  package func formulas(_ places: ScalarPlaces) -> [ScalarFormula] {
    places.inputs.map { .function(ScalarFunction(function), of: $0) }
  }
}

extension ParametricRectifier: ScalarLayer {
  package var letters: ScalarLetters { ScalarLetters(output: "a", parameters: ["s"]) }

  package func formulas(_ places: ScalarPlaces) -> [ScalarFormula] {
    places.inputs.enumerated().map { index, place in
      let channel = index % places.inputShape.channels
      return .rectified(place, slope: places.parameters[0].lowerBound + channel)
    }
  }
}

extension BatchNormalization: ScalarLayer {
  package var letters: ScalarLetters { ScalarLetters(output: "n", parameters: ["γ", "β"]) }

  package func formulas(_ places: ScalarPlaces) -> [ScalarFormula] {
    places.inputs.enumerated().map { index, place in
      let channel = index % places.inputShape.channels
      let variance = places.statistics[1][channel] + Double(epsilon)
      return .normalized(
        place, mean: places.statistics[0][channel], deviation: variance.squareRoot(),
        scale: places.parameters[0].lowerBound + channel,
        shift: places.parameters[1].lowerBound + channel)
    }
  }
}

extension Pooling: ScalarLayer {
  package var letters: ScalarLetters { ScalarLetters(output: "m") }

  package func formulas(_ places: ScalarPlaces) -> [ScalarFormula] {
    let shape = places.inputShape
    let window = Window(
      over: shape, height: height ?? shape.height, width: width ?? shape.width, stride: stride,
      padding: padding)
    guard let window else { return [] }
    return places.map { row, column, channel in
      let covered = places.pixels(under: window, row: row, column: column).map {
        places.input(row: $0.inputRow, column: $0.inputColumn, channel: channel)
      }
      // Zeros around the image count in a mean.
      return reduction == .maximum
        ? .maximum(covered) : .mean(covered, count: window.height * window.width)
    }
  }
}

extension Flatten: ScalarLayer {
  package var letters: ScalarLetters { ScalarLetters(output: "f") }

  package func formulas(_ places: ScalarPlaces) -> [ScalarFormula] {
    let shape = places.inputShape
    return (0..<shape.channels).flatMap { channel in
      (0..<shape.pixelCount).map {
        .copy(places.inputs.lowerBound + $0 * shape.channels + channel)
      }
    }
  }
}

extension Dropout: ScalarLayer {
  package var letters: ScalarLetters { ScalarLetters(output: "d") }

  /// Passes everything, as in inference.
  package func formulas(_ places: ScalarPlaces) -> [ScalarFormula] {
    places.inputs.map { .copy($0) }
  }
}
