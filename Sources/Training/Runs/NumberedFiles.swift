internal import Foundation
internal import Support

/// Checkpoints in a folder of a run that are named by a number, such as `epoch-012.safetensors`.
struct NumberedFiles: Sendable {
  /// The folder.
  let folder: String
  /// What stands before the number, and how many digits it has at least.
  let prefix: String, digits: Int

  private static let suffix = ".safetensors"

  /// The file of a number.
  func path(of number: Int) -> String {
    "\(folder)/\(prefix)\(number.padded(to: digits))\(Self.suffix)"
  }

  /// The numbers that have a file, ascending; files with other spellings are not of these.
  var numbers: [Int] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.compactMap { name in
      guard name.hasPrefix(prefix), name.hasSuffix(Self.suffix),
        let number = Int(name.dropFirst(prefix.count).dropLast(Self.suffix.count)),
        path(of: number) == "\(folder)/\(name)"
      else { return nil }
      return number
    }.sorted()
  }

  /// Removes the files of some numbers.
  func remove(where isUnwanted: (Int) -> Bool) throws(FileError) {
    for file in numbers.filter(isUnwanted).map(path) {
      guard unsafe unlink(file) == 0 || errno == ENOENT else { throw .lastSystemCall(file) }
    }
  }
}
