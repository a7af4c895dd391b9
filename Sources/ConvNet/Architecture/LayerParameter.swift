/// A parameter of a layer: a number, a size or another word.
public struct LayerParameter: Hashable, Sendable {
  /// What is written, and which values are allowed.
  public enum Kind: Hashable, Sendable {
    /// A whole number.
    case count(ClosedRange<Int>)
    /// A number.
    case number(NumberRange)
    /// Rows and columns from 1 to 64, as `3x3` or, for a square, as `3`.
    case size
    /// `same`, `valid` or a number of zeros on every side.
    case padding
    /// One of some words.
    case word([String])
    /// The name alone: true where it is written.
    case flag
    /// Layers in parentheses.
    case layers
  }

  /// What is written before the value, or in its place in an explanation.
  public let name: String
  /// What is written, and which values are allowed.
  public let kind: Kind
  /// The value when nothing is written; nil if one must be given, or if `summary` explains it.
  public let defaultValue: LayerValue?
  /// What it means, in a few words.
  public let summary: String
  /// Whether the name is written before the value; others follow the layer's name directly, in
  /// order.
  public let isNamed: Bool
  /// Whether it must be given.
  public let isRequired: Bool
  /// Whether the canonical form includes it even if it is the default.
  let isAlwaysWritten: Bool

  /// Creates a parameter written with its name, as `stride 2`.
  public static func named(
    _ name: String, _ kind: Kind, default value: LayerValue?, _ summary: String
  ) -> LayerParameter {
    LayerParameter(
      name: name, kind: kind, defaultValue: value, summary: summary, isNamed: true,
      isRequired: false, isAlwaysWritten: false)
  }

  /// Creates a switch that is off unless its name is written, as `no-bias`.
  public static func flag(_ name: String, _ summary: String) -> LayerParameter {
    named(name, .flag, default: .flag(false), summary)
  }

  /// Creates a parameter that directly follows the name of the layer.
  ///
  /// - Parameters:
  ///   - value: The default; nil if a value must be given.
  ///   - isAlwaysWritten: Whether the canonical form has it even where it is the default.
  public static func first(
    _ name: String, _ kind: Kind, default value: LayerValue? = nil, _ summary: String,
    isAlwaysWritten: Bool = false
  ) -> LayerParameter {
    LayerParameter(
      name: name, kind: kind, defaultValue: value, summary: summary, isNamed: false,
      isRequired: value == nil, isAlwaysWritten: isAlwaysWritten || value == nil)
  }

  /// Creates a parameter that directly follows the name of the layer and has no fixed default.
  public static func optional(
    _ name: String, _ kind: Kind, _ summary: String
  ) -> LayerParameter {
    LayerParameter(
      name: name, kind: kind, defaultValue: nil, summary: summary, isNamed: false,
      isRequired: false, isAlwaysWritten: false)
  }

  /// What is expected in its place, as in "a number from 1 to 64".
  var expected: String {
    switch kind {
    case .count(let range): "a number from \(range.lowerBound) to \(range.upperBound)"
    case .number(let range): "a \(isNamed ? "number" : name) \(range)"
    case .size: isRequired ? "a size like 2 or 3x3" : "a size like 3x3"
    case .padding: "same, valid or a number from 0 to 64"
    case .word(let words): "one of \(words.joined(separator: ", "))"
    case .flag: name
    case .layers: "layers in parentheses"
    }
  }

  /// The default as text, for an explanation; nil for a switch.
  public var defaultText: String? {
    switch defaultValue {
    case .flag: nil
    case .layers, nil: summary
    case .some(let value): value.text
    }
  }

  /// How it is written, such as `stride N`.
  public var form: String {
    let value: String =
      switch kind {
      case .count, .number: isNamed ? "N" : name.uppercased()
      case .size: isRequired ? "SIZE" : "ROWSxCOLUMNS"
      case .padding: "same|valid|N"
      case .word(let words): words.joined(separator: "|")
      case .flag: ""
      case .layers: "(LAYERS)"
      }
    return [isNamed ? name : "", value].filter { !$0.isEmpty }.joined(separator: " ")
  }
}

/// Numbers between two limits, each of which may be excluded.
public struct NumberRange: Hashable, Sendable, CustomStringConvertible {
  /// The limits.
  public let lower: Float, upper: Float
  /// Whether the limits themselves are allowed.
  public let includesLower: Bool, includesUpper: Bool

  /// Creates a range.
  public init(from lower: Float, to upper: Float, without excluded: Float...) {
    self.lower = lower
    self.upper = upper
    includesLower = !excluded.contains(lower)
    includesUpper = !excluded.contains(upper)
  }

  /// Whether a number is finite and lies in the range.
  public func contains(_ value: Float) -> Bool {
    value.isFinite && (value > lower || includesLower && value == lower)
      && (value < upper || includesUpper && value == upper)
  }

  public var description: String {
    let (lower, upper) = (plain(lower), plain(upper))
    return switch (includesLower, includesUpper) {
    case (true, true): "from \(lower) to \(upper)"
    case (true, false): "from \(lower) to below \(upper)"
    case (false, true): "above \(lower), at most \(upper)"
    case (false, false): "above \(lower), below \(upper)"
    }
  }

  private func plain(_ value: Float) -> String {
    value == value.rounded() && abs(value) < 1e6 ? "\(Int(value))" : "\(value)"
  }
}
