/// Why a text cannot be read as a formula, and where.
public struct FormulaError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The whole text.
  public let text: String
  /// The character that is wrong, counted from 0; the length of the text when it ends too early.
  public let position: Int
  /// What was expected, or what to write instead.
  public let reason: String

  /// Characters shown before and after the wrong one.
  private static let reach = 14

  /// One line; the arrow stands before the wrong character.
  public var description: String {
    let characters = Array(text)
    let before = String(characters[..<position].suffix(Self.reach))
    let after = String(characters[position...].prefix(Self.reach))
    return "\(reason), at character \(position + 1): "
      + (position > Self.reach ? "…" : "") + before + "▸" + after
      + (characters.count - position > Self.reach ? "…" : "")
  }
}
