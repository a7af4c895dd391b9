/// Checks the encoding of a text that people write or programs save.
package enum TextEncoding {
  /// What is wrong with a text that is not UTF-8, and what to do.
  package static let notUTF8 = "not UTF-8; save the file as UTF-8"

  /// The first line that is not UTF-8, counted from 1; nil if all are.
  ///
  /// Decoded with replacement characters, different names would become one.
  package static func firstLineNotUTF8(_ bytes: [UInt8]) -> Int? {
    guard String(validating: bytes, as: UTF8.self) == nil else { return nil }
    let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    return lines.firstIndex { String(validating: $0, as: UTF8.self) == nil }.map { $0 + 1 }
  }
}
