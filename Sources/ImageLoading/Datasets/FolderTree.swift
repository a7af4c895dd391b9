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

  /// Adds a folder below this one, at the place of its path.
  mutating func insert(_ folder: FolderTree) {
    let parent = folders.firstIndex { folder.path.utf8.starts(with: $0.path.utf8) }
    guard let parent else { return folders.append(folder) }
    folders[parent].insert(folder)
  }

  /// Brings folders into natural order, at any depth.
  mutating func sort() {
    folders = naturallySorted(folders, by: \.name)
    for index in folders.indices { folders[index].sort() }
  }
}

/// Sorts by names: `2` before `10`, whatever the case; names alike by their bytes.
package func naturallySorted<Element>(
  _ elements: some Sequence<Element>, by name: (Element) -> String
) -> [Element] {
  elements.map { (name: name($0), element: $0) }.sorted {
    let order = $0.name.compare($1.name, options: [.numeric, .caseInsensitive])
    return order == .orderedSame
      ? $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) : order == .orderedAscending
  }.map(\.element)
}
