package import ConvNet
internal import Tensors

/// A layer whose outputs can be written down as formulas of single numbers.
package protocol ScalarLayer: Layer {
  /// What its outputs and the elements of its arrays of parameters are called.
  var letters: ScalarLetters { get }

  /// The formula of each output of one image, in their order in memory, as in inference.
  func formulas(_ places: ScalarPlaces) -> [ScalarFormula]
}

/// What the numbers of a layer are called.
package struct ScalarLetters: Sendable {
  /// Of its outputs.
  var output: String
  /// Of each array of parameters.
  var parameters: [String] = []

  static let weighted = ScalarLetters(output: "z", parameters: ["w", "b"])
  static let activation = ScalarLetters(output: "a")
}

/// Where the numbers that a layer works with are in a graph.
package struct ScalarPlaces: Sendable {
  /// The shapes of one image.
  var inputShape: Shape, outputShape: Shape
  /// The inputs in memory order: rows, columns, channels.
  var inputs: Range<Int>
  /// The elements of each array of parameters in file order.
  var parameters: [Range<Int>]
  /// The values of each array of statistics.
  var statistics: [[Double]]

  func input(row: Int, column: Int, channel: Int) -> Int {
    inputs.lowerBound + (row * inputShape.width + column) * inputShape.channels + channel
  }

  /// A formula for each output.
  func map(
    _ formula: (_ row: Int, _ column: Int, _ channel: Int) -> ScalarFormula
  )
    -> [ScalarFormula]
  {
    (0..<outputShape.height).flatMap { row in
      (0..<outputShape.width).flatMap { column in
        (0..<outputShape.channels).map { formula(row, column, $0) }
      }
    }
  }

  /// The pixels of the input that a window covers, with their rows and columns in the window.
  func pixels(
    under window: Window, row: Int, column: Int
  ) -> [(row: Int, column: Int, inputRow: Int, inputColumn: Int)] {
    (0..<window.height).flatMap { r in
      (0..<window.width).compactMap { q in
        let y = row * window.stride + r - window.top
        let x = column * window.stride + q - window.left
        let isInside = (0..<inputShape.height).contains(y) && (0..<inputShape.width).contains(x)
        return isInside ? (r, q, y, x) : nil
      }
    }
  }

  /// Weighted sums of windows, each output of some of the channels.
  ///
  /// - Parameter channels: The input channels of an output channel.
  func convolution(
    _ window: Window, channels: (_ output: Int) -> Range<Int>
  ) -> [ScalarFormula] {
    map { row, column, output in
      let channels = channels(output)
      let pixels = pixels(under: window, row: row, column: column)
      let terms = channels.enumerated().flatMap { own, channel in
        pixels.map { pixel in
          let kernel = (output * channels.count + own) * window.height + pixel.row
          let weight = parameters[0].lowerBound + kernel * window.width + pixel.column
          let place = input(row: pixel.inputRow, column: pixel.inputColumn, channel: channel)
          return [weight, place]
        }
      }
      return .sum(terms + bias(of: output))
    }
  }

  /// The bias of an output as a term; none without biases.
  func bias(of output: Int) -> [[Int]] {
    parameters.count > 1 ? [[parameters[1].lowerBound + output]] : []
  }
}
