/// Why a text cannot be read as a formula, and where.
public struct FormulaError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The whole text.
  public let text: String
  /// The character that is wrong, counted from 0; the length of the text when it ends too early.
  public let position: Int
  /// What was expected, or what to write instead.
  public let reason: String

  /// One line; the arrow stands before the wrong character.
  public var description: String {
    let characters = Array(text)
    let before = String(characters[..<position].suffix(30))
    let after = String(characters[position...].prefix(30))
    return "\(reason), at character \(position + 1): "
      + (position > 30 ? "…" : "") + before + "▸" + after
      + (characters.count - position > 30 ? "…" : "")
  }
}
