internal import Foundation
internal import Support

/// Reads a folder into a tree, and counts every file.
struct FolderTreeReader {
  /// Files that are not in the tree, with the reason.
  private(set) var ignored: [DataReport.Finding] = []
  /// Files in the tree and ignored ones.
  private(set) var fileCount = 0
  /// The path of each folder that was read.
  private var visited: [FileIdentity: String] = [:]
  /// Links to folders, which are read after the folders.
  private var links: [Place] = []

  /// A folder, and where it is in the dataset.
  private struct Place {
    var location: String, name: String, path: String
  }

  private struct Entry {
    var name: String, isFolder: Bool, isLink: Bool
  }

  /// Reads a folder; `location` has no slash at its end.
  mutating func read(_ location: String) throws(DatasetError) -> FolderTree {
    var tree = try readFolder(location, name: "", path: "", Self.entries(of: location))
    guard !links.isEmpty else { return tree }
    // Folders of one's own come first, so that a link to one of them is what is left out,
    // wherever it is.
    while !links.isEmpty {
      let link = links.removeFirst()
      if let folder = readFolder(at: link.location) {
        count(link.path, "\(Self.linkReason) \(folder), which is read already")
      } else if let folder = try readInner(link) {
        tree.insert(folder)
      }
    }
    tree.sort()
    return tree
  }

  /// - Parameter path: The folder relative to the dataset, with a slash at its end, or empty.
  private mutating func readFolder(
    _ location: String, name: String, path: String, _ entries: [Entry]
  ) throws(DatasetError) -> FolderTree {
    var tree = FolderTree(name: name, path: path)
    if let identity = FileIdentity(location) { visited[identity] = path }
    for entry in entries {
      let place = Place(
        location: "\(location)/\(entry.name)", name: entry.name, path: path + entry.name)
      if let reason = SystemFiles.reason(entry.name) {
        let why = entry.isFolder ? "in \(entry.name), \(reason)" : reason
        ignore(place.location, place.path, isFolder: entry.isFolder && !entry.isLink, why)
      } else if !entry.isFolder {
        fileCount += 1
        tree.files.append(entry.name)
      } else if entry.isLink {
        links.append(place)
      } else if readFolder(at: place.location) != nil {
        ignore(place.location, place.path, isFolder: true, "in a folder that is read already")
      } else if let folder = try readInner(place) {
        tree.folders.append(folder)
      }
    }
    return tree
  }

  /// Reads a folder inside the dataset; nil if it is a run of Marbles, or holds nothing but runs.
  private mutating func readInner(_ place: Place) throws(DatasetError) -> FolderTree? {
    let entries = try Self.entries(of: place.location)
    if Self.isRun(entries) {
      ignore(place.location, place.path, isFolder: true, "in \(place.path), \(Self.runReason)")
      if let identity = FileIdentity(place.location) { visited[identity] = "\(place.path)/" }
      return nil
    }
    let before = ignored.count
    let folder = try readFolder(
      place.location, name: place.name, path: "\(place.path)/", entries)
    let isEmptied = folder.files.isEmpty && folder.folders.isEmpty && ignored.count > before
    return isEmptied && ignored[before...].allSatisfy(\.isInRun) ? nil : folder
  }

  /// How the reason of a file ends that training wrote.
  static let runReason = "a run of Marbles"

  /// Whether a folder with these entries is one that training writes.
  private static func isRun(_ entries: [Entry]) -> Bool {
    entries.contains { $0.name == "run.json" && !$0.isFolder }
      && entries.contains { $0.name == "checkpoints" && $0.isFolder }
  }

  /// The folder that was read at a location.
  private func readFolder(at location: String) -> String? {
    let path = FileIdentity(location).flatMap { visited[$0] }
    return path == "" ? "the folder itself" : path
  }

  /// How the reason of a link begins that leads to a folder of the dataset.
  static let linkReason = "a link to"

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

  private static func entries(of folder: String) throws(DatasetError) -> [Entry] {
    guard let stream = unsafe opendir(folder) else {
      throw DatasetError(reading: folder, .lastSystemCall)
    }
    defer { unsafe closedir(stream) }
    var entries: [Entry] = []
    /// The next entry; nil at the end. A folder that fails halfway is not a smaller one.
    func next() throws(DatasetError) -> UnsafeMutablePointer<dirent>? {
      errno = 0
      if let found = unsafe readdir(stream) { return unsafe found }
      guard errno == 0 else { throw DatasetError(reading: folder, .lastSystemCall) }
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
