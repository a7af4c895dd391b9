internal import Foundation

/// A folder and everything in it, in natural order.
struct FolderTree {
  let name: String
  /// Relative to the folder of the dataset, with a slash at its end; empty for that folder itself.
  let path: String
  var folders: [FolderTree] = []
  /// Names of the files in it.
  var files: [String] = []

  /// The paths of all files at any depth.
  var allFiles: [String] { files.map { path + $0 } + folders.flatMap(\.allFiles) }

  /// Whether there is any file at any depth.
  var hasFiles: Bool { !files.isEmpty || folders.contains(where: \.hasFiles) }

  /// Whether there is a file at any depth that is named like an image.
  var hasImages: Bool {
    files.contains(where: SystemFiles.isNamedLikeAnImage) || folders.contains(where: \.hasImages)
  }
}

/// Reads a folder into a tree, and counts every file.
struct FolderTreeReader {
  /// Files that are not in the tree, with the reason.
  private(set) var ignored: [DataReport.Finding] = []
  /// Files in the tree and ignored ones.
  private(set) var fileCount = 0
  private var visited: Set<Identity> = []

  /// Identifies a folder, whatever path leads to it.
  private struct Identity: Hashable {
    let device: UInt64, node: UInt64
  }

  private struct Entry {
    var name: String, isFolder: Bool, isLink: Bool
  }

  /// - Parameters:
  ///   - location: The folder.
  ///   - path: The same relative to the dataset, with a slash at its end, or empty.
  mutating func read(
    _ location: String, name: String = "", path: String = ""
  ) throws(DatasetError) -> FolderTree {
    var tree = FolderTree(name: name, path: path)
    if let identity = Self.identity(of: location) { visited.insert(identity) }
    var links: [Entry] = []
    for entry in try Self.entries(of: location) {
      let place = "\(location)/\(entry.name)"
      if let reason = SystemFiles.reason(entry.name) {
        let why = entry.isFolder ? "in \(entry.name), \(reason)" : reason
        ignore(place, path + entry.name, isFolder: entry.isFolder && !entry.isLink, why)
      } else if !entry.isFolder {
        fileCount += 1
        tree.files.append(entry.name)
      } else if entry.isLink {
        links.append(entry)
      } else {
        tree.folders.append(try read(place, name: entry.name, path: "\(path)\(entry.name)/"))
      }
    }
    // Folders of one's own come first, so that a link to one of them is what is left out.
    for link in links {
      let place = "\(location)/\(link.name)"
      if let identity = Self.identity(of: place), visited.contains(identity) {
        count(path + link.name, "a link to a folder that is read already")
      } else {
        tree.folders.append(try read(place, name: link.name, path: "\(path)\(link.name)/"))
      }
    }
    if !links.isEmpty { tree.folders = naturallySorted(tree.folders, by: \.name) }
    return tree
  }

  private mutating func count(_ path: String, _ reason: String) {
    fileCount += 1
    ignored.append(.init(path: path, reason: reason))
  }

  /// Counts a file, or the files below a folder, without following links.
  private mutating func ignore(
    _ location: String, _ path: String, isFolder: Bool, _ reason: String
  ) {
    guard isFolder else { return count(path, reason) }
    // What nobody wants to read need not be readable.
    guard let entries = try? Self.entries(of: location) else { return count(path, reason) }
    for entry in entries {
      ignore(
        "\(location)/\(entry.name)", "\(path)/\(entry.name)",
        isFolder: entry.isFolder && !entry.isLink, reason)
    }
  }

  private static func identity(of folder: String) -> Identity? {
    var status = stat()
    guard unsafe stat(folder, &status) == 0 else { return nil }
    return Identity(device: UInt64(status.st_dev), node: UInt64(status.st_ino))
  }

  private static func entries(of folder: String) throws(DatasetError) -> [Entry] {
    guard let stream = unsafe opendir(folder) else {
      throw .unreadable(path: folder, reason: unsafe String(cString: strerror(errno)))
    }
    defer { unsafe closedir(stream) }
    var entries: [Entry] = []
    /// The next entry; nil at the end. A folder that fails halfway is not a smaller one.
    func next() throws(DatasetError) -> UnsafeMutablePointer<dirent>? {
      errno = 0
      if let found = unsafe readdir(stream) { return unsafe found }
      guard errno == 0 else {
        throw .unreadable(path: folder, reason: unsafe String(cString: strerror(errno)))
      }
      return nil
    }
    while let found = unsafe try next() {
      let bytes = unsafe withUnsafeBytes(of: &found.pointee.d_name) {
        unsafe Array($0.prefix { $0 != 0 })
      }
      let name = String(decoding: bytes, as: UTF8.self)
      guard name != ".", name != ".." else { continue }
      var entry = Entry(name: name, isFolder: false, isLink: false)
      switch unsafe Int32(found.pointee.d_type) {
      case Int32(DT_DIR): entry.isFolder = true
      case Int32(DT_REG): break
      default:
        var status = stat()
        let place = "\(folder)/\(name)"
        entry.isLink = unsafe lstat(place, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
        entry.isFolder = unsafe stat(place, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
      }
      if entry.isFolder, !name.utf8.elementsEqual(bytes) {
        // Skipped silently, a whole class would be missing.
        throw .unreadable(path: "\(folder)/\(name)", reason: FileBytes.nameIsNotUTF8)
      }
      entries.append(entry)
    }
    return naturallySorted(entries, by: \.name)
  }
}

/// Sorts by names: `2` before `10`, whatever the case; names alike by their bytes.
func naturallySorted<Element>(
  _ elements: some Sequence<Element>, by name: (Element) -> String
) -> [Element] {
  elements.map { (name: name($0), element: $0) }.sorted {
    let order = $0.name.compare($1.name, options: [.numeric, .caseInsensitive])
    return order == .orderedSame
      ? $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) : order == .orderedAscending
  }.map(\.element)
}
