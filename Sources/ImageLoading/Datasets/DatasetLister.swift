internal import Foundation
internal import Support

/// Finds the classes and files of a dataset, without opening any image.
///
/// Reads class folders (with images at any depth, and inside one wrapper folder), ready-made splits
/// above or inside class folders, names like `cat.0.jpg`, and lists (`.csv`). Every file is in the
/// listing: to be used, or ignored with the reason.
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
  /// - Throws: `DatasetError` when there is no folder or no image, or when a folder can be read in
  ///   two ways.
  public static func survey(_ root: String) throws(DatasetError) -> DatasetListing {
    let root = withoutTrailingSlashes(root)
    let isFolder = try isFolder(root)
    if !isFolder, isList(root) { return try survey(list: root) }
    guard isFolder else { throw .notAFolder(path: root) }
    var reader = FolderTreeReader()
    let tree = try reader.read(root)
    let found = try FolderReading(tree, root: root)
    let names = naturallySorted(Set(found.files.map(\.className)).union(found.emptyClasses))
    let ignored = found.ignored + reader.ignored
    guard !names.isEmpty else { throw .noImages(path: root, ignored: ignored) }
    let indices = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
    let files = found.files.compactMap { file in
      indices[file.className].map {
        ImageFile(path: file.path, classIndex: $0, assignedPart: file.part, folder: file.folder)
      }
    }
    let sorted = files.enumerated().sorted {
      ($0.element.classIndex, $0.offset) < ($1.element.classIndex, $1.offset)
    }
    return DatasetListing(
      root: root, layout: found.layout, classNames: names, files: sorted.map(\.element),
      ignored: ignored, fileCount: reader.fileCount,
      notes: found.notes + Self.lookalikes(names))
  }

  /// All files below a folder, or the file itself, in natural order; what is hidden or made by a
  /// system is ignored.
  public static func files(
    below path: String
  ) throws(DatasetError) -> (files: [String], ignored: [DataReport.Finding]) {
    guard try isFolder(path) else { return ([path], []) }
    let root = withoutTrailingSlashes(path)
    func location(_ path: String) -> String { root == "/" ? "/\(path)" : "\(root)/\(path)" }
    var reader = FolderTreeReader()
    let files = try reader.read(root).allFiles
    return (
      files.map(location),
      reader.ignored.map { .init(path: location($0.path), reason: $0.reason) }
    )
  }

  private static func isFolder(_ path: String) throws(DatasetError) -> Bool {
    do {
      return try Folder.isOne(path)
    } catch {
      throw error.isMissing
        ? .folderMissing(path: path) : DatasetError(reading: path, error)
    }
  }

  private static func withoutTrailingSlashes(_ path: String) -> String {
    var path = path[...]
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    return String(path)
  }

  /// Says which classes have nearly the same name.
  static func lookalikes(_ names: [String]) -> [String] {
    let groups = Dictionary(grouping: names, by: ClassMatcher.key)
    return groups.filter { $0.key != "" && $0.value.count > 1 }.values
      .map { group in
        let names = group.map { "'\($0)'" }.joined(separator: ", ")
        return "classes with nearly the same name: \(names); rename one if they are the same"
      }.sorted()
  }

  static func naturallySorted(_ names: some Collection<String>) -> [String] {
    ImageLoading.naturallySorted(names) { $0 }
  }
}
