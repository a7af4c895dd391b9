public import Tensors

/// The value of a layer's parameter.
public enum LayerValue: Sendable, Hashable {
  case count(Int)
  case number(Float)
  case size(height: Int, width: Int)
  case padding(Padding)
  case word(String)
  case flag(Bool)
  /// Compared by how the layers are written.
  case layers([any Layer])

  public static func == (a: LayerValue, b: LayerValue) -> Bool {
    // Blocks differ in length more often than not, and a text takes time at every level.
    if case .layers(let a) = a, case .layers(let b) = b, a.count != b.count { return false }
    return a.text == b.text
  }

  public func hash(into hasher: inout Hasher) { hasher.combine(text) }

  /// As written in an architecture.
  var text: String {
    switch self {
    case .count(let value): "\(value)"
    case .number(let value): "\(value)"
    case .size(let height, let width): "\(height)x\(width)"
    case .padding(let value): "\(value)"
    case .word(let value): value
    case .flag(let value): value ? "on" : "off"
    case .layers(let layers): "(\(layers.map(\.text).joined(separator: ", ")))"
    }
  }
}

/// The values of all parameters of a layer: as written, or the default.
public struct LayerValues: Sendable {
  private let entry: String
  private var values: [String: LayerValue] = [:]

  init(_ entry: LayerEntry) {
    self.entry = entry.name
    for parameter in entry.parameters { values[parameter.name] = parameter.defaultValue }
  }

  /// The value of a parameter; nil for one that was not written and has no default.
  public internal(set) subscript(_ parameter: String) -> LayerValue? {
    get { values[parameter] }
    set { values[parameter] = newValue }
  }

  /// A whole number; nil for one that was not written and has no default.
  public func count(_ parameter: String) -> Int? {
    guard case .count(let value)? = values[parameter] else { return nil }
    return value
  }

  /// A number.
  public func number(_ parameter: String) -> Float {
    guard case .number(let value)? = values[parameter] else { mismatch(parameter, "number") }
    return value
  }

  /// Rows and columns.
  public func size(_ parameter: String) -> (height: Int, width: Int) {
    guard case .size(let height, let width)? = values[parameter] else {
      mismatch(parameter, "size")
    }
    return (height, width)
  }

  /// Zeros around an image.
  public func padding(_ parameter: String) -> Padding {
    guard case .padding(let value)? = values[parameter] else { mismatch(parameter, "padding") }
    return value
  }

  /// One of some words.
  public func word(_ parameter: String) -> String {
    guard case .word(let value)? = values[parameter] else { mismatch(parameter, "word") }
    return value
  }

  /// Whether a switch is on.
  public func flag(_ parameter: String) -> Bool {
    guard case .flag(let value)? = values[parameter] else { mismatch(parameter, "flag") }
    return value
  }

  /// Layers in parentheses.
  public func layers(_ parameter: String) -> [any Layer] {
    guard case .layers(let value)? = values[parameter] else { mismatch(parameter, "layers") }
    return value
  }

  private func mismatch(_ parameter: String, _ kind: String) -> Never {
    preconditionFailure(
      "'\(entry)' has no \(kind) '\(parameter)' but \(String(describing: values[parameter]))")
  }
}

/// A value that is valid by itself but not together with the others.
public struct LayerValueError: Error, Hashable, Sendable {
  /// The parameter concerned.
  public let parameter: String
  /// What would have been right, as in "a divisor of the 8 output channels".
  public let expected: String

  /// Creates an error about a parameter.
  public init(_ parameter: String, expected: String) {
    self.parameter = parameter
    self.expected = expected
  }
}
