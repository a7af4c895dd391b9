// Folders that may be classes, or batches of a dataset whose classes are inside.
extension FolderTree {
  /// Folders that hold the same classes, and those classes: `fold1/cat`, `fold1/dog`, `fold2/cat`,
  /// `fold2/dog`, also with parts (`fold1/train/cat`) or names of files (`part1/cat.0.jpg`).
  ///
  /// Any two folders that share two folders may be batches. Folders that share one, and names of
  /// files (`cat/garden_1.jpg`), say less: they count only in folders that are named as batches.
  var repeating: (folders: [FolderTree], classes: [String])? {
    sharing(folders.map(\.classFolders)) ?? batches(\.classFolders) ?? batches(\.fileClasses)
  }

  /// The folders inside, at the place of a part or `images` those in it, that may be classes.
  private var classFolders: [String] {
    Self.distinct(
      folders.filter(\.hasImages).flatMap {
        Self.isTransparent($0.name) ? $0.classFolders : [$0.name]
      })
  }

  /// The classes in the names of the files, with those in parts and in `images`.
  private var fileClasses: [String] {
    let own = Set(FileNameClass.classes(of: files).compactMap { $0 })
      .filter { !Self.isTransparent($0) }
    let inside = folders.filter { Self.isTransparent($0.name) }.flatMap(\.fileClasses)
    return Self.distinct(naturallySorted(own, by: \.self) + inside)
  }

  /// Folders that share two classes or more with others.
  private func sharing(_ inside: [[String]]) -> (folders: [FolderTree], classes: [String])? {
    let counts = Dictionary(grouping: inside.joined(), by: ClassMatcher.key).mapValues(\.count)
    func isShared(_ name: String) -> Bool { counts[ClassMatcher.key(name), default: 0] > 1 }
    let found = zip(folders, inside).filter { $1.count(where: isShared) > 1 }
    guard found.count > 1 else { return nil }
    return (found.map(\.0), found[0].1.filter(isShared))
  }

  /// Folders that are named as batches (`part1`, `part2`) where one has all classes of the others.
  private func batches(
    _ classes: (FolderTree) -> [String]
  ) -> (folders: [FolderTree], classes: [String])? {
    let named = Dictionary(grouping: folders) { PartName.batchKey($0.name) }
    for (key, folders) in named.sorted(by: { $0.key < $1.key })
    where key != "" && folders.count > 1 {
      let found = folders.map { ($0, classes($0)) }.filter { !$1.isEmpty }
      let all = found.map(\.1).max { $0.count < $1.count } ?? []
      let keys = Set(all.map(ClassMatcher.key))
      if found.count > 1, all.count > 1,
        found.allSatisfy({ keys.isSuperset(of: $1.map(ClassMatcher.key)) })
      {
        return (found.map(\.0), all)
      }
    }
    return nil
  }

  /// Whether a name says nothing about a class, only that there are images, or those of a part.
  private static func isTransparent(_ name: String) -> Bool {
    Split.Part(folder: name) != nil || PartName.isFiller(name)
  }

  /// Names without those that are spelled alike.
  private static func distinct(_ names: [String]) -> [String] {
    var known: Set<String> = []
    return names.filter { known.insert(ClassMatcher.key($0)).inserted }
  }
}
