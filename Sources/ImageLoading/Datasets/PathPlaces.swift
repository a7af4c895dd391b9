internal import Foundation

/// Where files are, however their paths are written: with `.`, `..`, links to folders or repeated
/// slashes on the way.
struct PathPlaces {
  /// The folder that paths are relative to.
  let root: String
  /// Folders without links, `.` and `..`, by the texts that name them.
  private var folders: [[UInt8]: String] = [:]

  init(root: String) { self.root = root }

  /// The place of a file, the same for every path that leads to it; a link is itself a file.
  ///
  /// Places are compared by bytes, as two files may have names that look the same.
  mutating func place(of path: String) -> [UInt8] {
    let location = path.hasPrefix("/") ? path : "\(root)/\(path)"
    let slash = location.lastIndex(of: "/") ?? location.startIndex
    let folder = String(location[..<slash])
    let real = folders[folder.pathBytes] ?? Self.resolved(folder)
    folders[folder.pathBytes] = real
    return (real + location[slash...]).pathBytes
  }

  /// The folder that a path leads to; the path itself where there is none.
  private static func resolved(_ folder: String) -> String {
    guard let real = unsafe realpath(folder.isEmpty ? "/" : folder, nil) else { return folder }
    defer { unsafe free(real) }
    return unsafe String(cString: real)
  }

  /// The spelling of a path under which there is a file; the path itself if there is none.
  ///
  /// Lists are made on other systems: with blanks around the path, with backslashes, and with
  /// letters in the other Unicode form.
  static func existing(_ path: String, _ root: String) -> String {
    let trimmed = path.trimmingCharacters(in: .whitespaces)
    let isPlain = path.utf8.allSatisfy { $0 < 0x80 && $0 != UInt8(ascii: "\\") }
    guard !isPlain || trimmed.utf8.count < path.utf8.count else { return path }
    let slashes = trimmed.replacing("\\", with: "/")
    let spellings =
      [path, trimmed]
      + [trimmed, slashes].flatMap { text in
        [
          text, text.precomposedStringWithCanonicalMapping,
          text.decomposedStringWithCanonicalMapping,
        ]
      }
    return spellings.first { spelling in
      FileStamp(spelling.hasPrefix("/") ? spelling : "\(root)/\(spelling)") != nil
    } ?? trimmed
  }
}
