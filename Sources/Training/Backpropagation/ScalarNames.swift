internal import ConvNet
internal import Tensors

/// The names of the numbers of a network.
///
/// With one layer of weights these are w and b, and the weighted sums z. With two, the first has w,
/// b and h, the second v, c and z. With more, each letter has the number of its layer: w¹₁₂.
struct ScalarNames {
  private let letters: [ScalarLetters]

  init(_ layers: [ScalarLetters]) {
    let weighted = layers.count { $0.output == "z" }
    var counts: [String: Int] = [:]
    letters = layers.map { own in
      let count = layers.count { $0.output == own.output }
      counts[own.output, default: 0] += 1
      let rank = counts[own.output, default: 1]
      if own.output == "z", weighted == 2 {
        return rank == 1
          ? ScalarLetters(output: "h", parameters: ["w", "b"])
          : ScalarLetters(output: "z", parameters: ["v", "c"])
      }
      guard count > 1 else { return own }
      let number = Self.digits(rank, Self.superscripts)
      return ScalarLetters(
        output: own.output + number, parameters: own.parameters.map { $0 + number })
    }
  }

  /// The names of what a layer computes.
  func outputs(ofLayer layer: Int, _ extents: [Int]) -> [String] {
    Self.elements(letters[layer].output, extents)
  }

  /// The names of the elements of an array of a layer.
  func parameters(ofLayer layer: Int, _ array: Int, _ extents: [Int]) -> [String] {
    Self.elements(letters[layer].parameters[array], extents)
  }

  /// A name for each element, numbered from 1 along every direction that has more than one.
  static func elements(_ letter: String, _ extents: [Int]) -> [String] {
    let counted = extents.filter { $0 > 1 }
    let separator = counted.contains { $0 > 9 } && counted.count > 1 ? "," : ""
    return (0..<extents.reduce(1, *)).map { index in
      var (rest, numbers) = (index, [String]())
      for extent in counted.reversed() {
        numbers.insert(digits(rest % extent + 1, subscripts), at: 0)
        rest /= extent
      }
      return letter + numbers.joined(separator: separator)
    }
  }

  private static let subscripts = Array("₀₁₂₃₄₅₆₇₈₉"), superscripts = Array("⁰¹²³⁴⁵⁶⁷⁸⁹")

  private static func digits(_ number: Int, _ digits: [Character]) -> String {
    String(String(number).compactMap(\.wholeNumberValue).map { digits[$0] })
  }
}

extension Shape {
  /// Rows, columns and channels.
  var extents: [Int] { [height, width, channels] }
}

extension ParameterLayout {
  /// The arrays of a layer, by its place in the network.
  func slots(ofLayer layer: Int) -> [Int] {
    slots.indices.filter { slots[$0].name.prefix { $0 != "." } == "\(layer)" }
  }
}

extension Network {
  /// Its layers, all of them known number by number.
  ///
  /// - Throws: `BackpropagationError.unknownLayer`.
  func scalarLayers() throws(BackpropagationError) -> [any ScalarLayer] {
    var known: [any ScalarLayer] = []
    for layer in layers {
      guard let layer = layer as? any ScalarLayer else { throw .unknownLayer(layer.text) }
      known.append(layer)
    }
    return known
  }
}
