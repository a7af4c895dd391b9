internal import Foundation

/// Finds the classes and files of a dataset, without opening any image.
///
/// Reads class folders (with images at any depth, and inside one wrapper folder), ready-made splits
/// above class folders, flat names like `cat.0.jpg`, and lists (`.csv`).
public enum DatasetLister {
  /// Lists a folder or a CSV file that can be trained on.
  ///
  /// - Throws: `DatasetError` when there is no folder, no image, or only one class.
  public static func list(_ root: String) throws(DatasetError) -> DatasetListing {
    let listing = try survey(root)
    try listing.requireClasses()
    return listing
  }

  /// Lists a folder or a CSV file, even with a single class or with empty ones.
  ///
  /// - Throws: `DatasetError` when there is no folder or no image.
  public static func survey(_ root: String) throws(DatasetError) -> DatasetListing {
    let root = root.count > 1 && root.hasSuffix("/") ? String(root.dropLast()) : root
    var isFolder: ObjCBool = false
    guard unsafe FileManager.default.fileExists(atPath: root, isDirectory: &isFolder) else {
      throw .folderMissing(path: root)
    }
    if !isFolder.boolValue, isList(root) { return try survey(list: root) }
    guard isFolder.boolValue else { throw .notAFolder(path: root) }
    let found = try find(root, prefix: "")
    let names = naturallySorted(Set(found.files.map(\.className)).union(found.emptyClasses))
    guard !names.isEmpty else { throw .noImages(path: root) }
    let indices = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
    let files = found.files.compactMap { file in
      indices[file.className].map {
        ImageFile(path: file.path, classIndex: $0, assignedPart: file.part)
      }
    }
    let sorted = files.enumerated().sorted {
      ($0.element.classIndex, $0.offset) < ($1.element.classIndex, $1.offset)
    }
    return DatasetListing(
      root: root, layout: found.layout, classNames: names, files: sorted.map(\.element))
  }

  /// All files below a folder, or the file itself, in natural order.
  public static func files(below path: String) throws(DatasetError) -> [String] {
    var isFolder: ObjCBool = false
    guard unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw .folderMissing(path: path)
    }
    guard isFolder.boolValue else { return [path] }
    var visited: Set<FileIdentity> = []
    return try walk(path, prefix: "", &visited).map { "\(path)/\($0)" }
  }

  // MARK: Layouts

  private struct Found {
    var layout: DatasetListing.Layout
    var files: [(path: String, className: String, part: Split.Part?)] = []
    var emptyClasses: Set<String> = []
  }

  private static func find(_ root: String, prefix: String) throws(DatasetError) -> Found {
    let (folders, files) = try entries(of: root)
    let parts = folders.map(Split.Part.init(folder:))
    if !folders.isEmpty, parts.allSatisfy({ $0 != nil }) {
      var found = Found(layout: .splitFolders)
      for (folder, part) in zip(folders, parts) {
        let inside = try classFolders(
          "\(root)/\(folder)", try entries(of: "\(root)/\(folder)").folders,
          prefix: "\(prefix)\(folder)/", part)
        found.files += inside.files
        found.emptyClasses.formUnion(inside.emptyClasses)
      }
      // A class may be missing from one part of a ready-made split.
      found.emptyClasses.subtract(found.files.map(\.className))
      return found
    }
    if folders.count == 1, files.isEmpty || prefix.isEmpty,
      try entries(of: "\(root)/\(folders[0])").folders.count > 1
    {
      return try find("\(root)/\(folders[0])", prefix: "\(prefix)\(folders[0])/")
    }
    if !folders.isEmpty { return try classFolders(root, folders, prefix: prefix, nil) }
    return Found(
      layout: .flatNames,
      files: files.compactMap { name in
        flatClassName(name).map { ("\(prefix)\(name)", $0, nil) }
      })
  }

  private static func classFolders(
    _ root: String, _ folders: [String], prefix: String, _ part: Split.Part?
  ) throws(DatasetError) -> Found {
    var found = Found(layout: .classFolders)
    for folder in folders {
      var visited: Set<FileIdentity> = []
      let files = try walk("\(root)/\(folder)", prefix: "\(prefix)\(folder)/", &visited)
      if files.isEmpty { found.emptyClasses.insert(folder) }
      found.files += files.map { ($0, folder, part) }
    }
    return found
  }

  /// `cat` of `cat.0.jpg`, `dog` of `dog_12.png`; nil for names without letters before a number.
  private static func flatClassName(_ name: String) -> String? {
    guard let match = name.firstMatch(of: /^([^0-9.\-_]+)[.\-_]?[0-9]+\.[A-Za-z]+$/) else {
      return nil
    }
    return String(match.1)
  }

  // MARK: Folders

  /// Identifies a folder, whatever path leads to it.
  private struct FileIdentity: Hashable {
    let device: UInt64, node: UInt64
  }

  private static func walk(
    _ folder: String, prefix: String, _ visited: inout Set<FileIdentity>
  ) throws(DatasetError) -> [String] {
    var status = stat()
    guard unsafe stat(folder, &status) == 0,
      // A link may lead back to a folder above.
      visited.insert(FileIdentity(device: UInt64(status.st_dev), node: UInt64(status.st_ino)))
        .inserted
    else { return [] }
    let (folders, files) = try entries(of: folder)
    var result = files.map { prefix + $0 }
    for inside in folders {
      result += try walk("\(folder)/\(inside)", prefix: "\(prefix)\(inside)/", &visited)
    }
    return result
  }

  private static func entries(
    of folder: String
  ) throws(DatasetError) -> (folders: [String], files: [String]) {
    let names: [String]
    do {
      names = try FileManager.default.contentsOfDirectory(atPath: folder)
    } catch {
      throw .unreadable(path: folder, reason: unsafe String(cString: strerror(errno)))
    }
    var folders: [String] = []
    var files: [String] = []
    for name in naturallySorted(names) where !isIgnored(name) {
      var isFolder: ObjCBool = false
      let exists = unsafe FileManager.default.fileExists(
        atPath: "\(folder)/\(name)", isDirectory: &isFolder)
      if !exists, isFolderOfUnreadableName(name, in: folder) {
        // Skipped silently, a whole class would be missing.
        throw .unreadable(path: "\(folder)/\(name)", reason: FileBytes.nameIsNotUTF8)
      }
      if exists && isFolder.boolValue { folders.append(name) } else { files.append(name) }
    }
    return (folders, files)
  }

  /// Whether a name in which invalid UTF-8 was replaced is the name of a folder.
  private static func isFolderOfUnreadableName(_ name: String, in folder: String) -> Bool {
    guard name.contains("\u{FFFD}"), let stream = unsafe opendir(folder) else { return false }
    defer { unsafe closedir(stream) }
    while let entry = unsafe readdir(stream) {
      let found = unsafe withUnsafeBytes(of: &entry.pointee.d_name) {
        unsafe String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      if found == name, unsafe entry.pointee.d_type == UInt8(DT_DIR) { return true }
    }
    return false
  }

  private static func isIgnored(_ name: String) -> Bool {
    name.hasPrefix(".") || ["__macosx", "thumbs.db", "desktop.ini"].contains(name.lowercased())
  }

  static func naturallySorted(_ names: some Collection<String>) -> [String] {
    names.sorted {
      let order = $0.compare($1, options: [.numeric, .caseInsensitive])
      return order == .orderedSame ? $0 < $1 : order == .orderedAscending
    }
  }
}
