import ArgumentParser
import Foundation
import Support

/// A path as it was given: the one place where such a text is interpreted.
///
/// A shell expands `~` at the start of a word only, so that in `--out=~/runs` it is left to the
/// tool. A file whose name begins with `~` is written `./~name`.
///
/// - Throws: `ValidationError` if it is empty.
func filePath(_ text: String) throws -> String {
  guard !text.isEmpty else { throw ValidationError("the path is empty") }
  guard text.hasPrefix("~") else { return text }
  // As shells do; Foundation asks the user database alone.
  if text == "~" || text.hasPrefix("~/"), let home = ProcessInfo.processInfo.environment["HOME"],
    !home.isEmpty
  {
    return home + text.dropFirst()
  }
  let expanded = NSString(string: text).expandingTildeInPath
  // Foundation would expand it in some calls and not in others.
  return expanded.hasPrefix("~") ? "./\(text)" : expanded
}

/// A path of something that is read; standard input is not.
///
/// - Throws: `ValidationError` if it is empty or `-`.
func inputPath(_ text: String) throws -> String {
  guard text != "-" else {
    throw ValidationError(
      "only 'predict' reads standard input; a file of that name is written './-'")
  }
  return try filePath(text)
}

/// The path and the name of a folder, to which endings are added for what is written beside it.
func stem(ofFolder path: String) -> (path: String, name: String) {
  var text = path
  while text.count > 1, text.hasSuffix("/") { text.removeLast() }
  let name = text.split(separator: "/").last.map(String.init) ?? text
  guard name == "." || name == ".." else { return (text, name) }
  let real = canonicalPath(text)
  return (real, URL(filePath: real).lastPathComponent)
}

/// Whether a path names a folder.
func isFolder(_ path: String) -> Bool {
  var isFolder: ObjCBool = false
  return unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
    && isFolder.boolValue
}

/// Whether nothing is at a path; what may not be looked at is there.
func isMissing(_ path: String) -> Bool {
  do {
    _ = try Folder.isOne(path)
    return false
  } catch {
    return error.isMissing
  }
}

/// A path from the root, without links, also of what is not there yet.
func canonicalPath(_ path: String) -> String {
  // Links can only be followed where something exists.
  if let resolved = unsafe realpath(path, nil) {
    defer { unsafe free(resolved) }
    return unsafe String(cString: resolved)
  }
  // Part by part, as the system does: what comes before a `..` may be a link.
  let parts = path.split(separator: "/")
  guard let name = parts.last, path != "./" else { return path.hasPrefix("/") ? "/" : "." }
  let start = path.hasPrefix("/") ? "/" : "./"
  let above = canonicalPath(start + parts.dropLast().joined(separator: "/"))
  switch name {
  case ".": return above
  case "..": return AtomicFile.folder(of: above)
  default: return above == "/" ? "/\(name)" : "\(above)/\(name)"
  }
}
