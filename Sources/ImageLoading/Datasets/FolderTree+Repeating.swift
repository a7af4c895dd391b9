// Folders that may be classes, or batches of a dataset whose classes are inside.
extension FolderTree {
  /// Folders that hold the same classes, and those classes: `fold1/cat`, `fold1/dog`, `fold2/cat`,
  /// `fold2/dog`, also with parts (`fold1/train/cat`) or names of files (`part1/cat.0.jpg`).
  ///
  /// Any two folders that share two folders may be batches. Folders that share one say less: they
  /// count where one has all classes of the others, and all are named as batches or no folder is
  /// without classes (`alice/cat`, `alice/dog`, `bob/cat`). Names of files (`cat/garden_1.jpg`)
  /// count only in folders that are named as batches.
  var repeating: (folders: [FolderTree], classes: [String])? {
    let inside = folders.filter(\.hasImages).map { ($0, $0.classFolders) }
    return sharing(folders.map(\.classFolders)) ?? batches { folder, _ in folder.classFolders }
      ?? batches { folder, key in folder.fileClasses(in: key) }
      ?? (inside.contains { $1.isEmpty } ? nil : Self.repeating(inside, mayDiffer: false))
  }

  /// The folders inside, at the place of a part or `images` those in it, that may be classes.
  var classFolders: [String] {
    Self.distinct(
      folders.filter(\.hasImages).flatMap {
        Self.isTransparent($0.name) ? $0.classFolders : [$0.name]
      })
  }

  /// The classes in the names of the files, with those in parts and in `images`.
  ///
  /// Where the name of the folder only may be one of a batch, a class needs several images:
  /// `r_0_100.jpg`, `r_1_100.jpg` are views of one thing.
  ///
  /// - Parameter key: What the folder's name has in common with others.
  private func fileClasses(in key: String) -> [String] {
    guard key != PartName.numberKey else { return [] }
    let least = PartName.isBatch(key) ? 1 : 2
    let found = FileNameClass.classes(of: files).compactMap { $0 }
    let own = Dictionary(grouping: found) { $0 }.filter { name, all in
      all.count >= least && !Self.isTransparent(name)
    }
    let inside = folders.filter { Self.isTransparent($0.name) }.flatMap { $0.fileClasses(in: key) }
    return Self.distinct(naturallySorted(own.keys, by: \.self) + inside)
  }

  /// Folders that share two classes or more with others.
  private func sharing(_ inside: [[String]]) -> (folders: [FolderTree], classes: [String])? {
    let counts = Dictionary(grouping: inside.joined(), by: ClassMatcher.key).mapValues(\.count)
    func isShared(_ name: String) -> Bool { counts[ClassMatcher.key(name), default: 0] > 1 }
    let found = zip(folders, inside).filter { $1.count(where: isShared) > 1 }
    guard found.count > 1 else { return nil }
    return (found.map(\.0), found[0].1.filter(isShared))
  }

  /// Folders that are named as batches (`part1`, `part2`; `2023`, `2024`).
  private func batches(
    _ classes: (_ folder: FolderTree, _ key: String) -> [String]
  ) -> (folders: [FolderTree], classes: [String])? {
    let named = Dictionary(grouping: folders) { PartName.batchKey($0.name) }
    for (key, folders) in named.sorted(by: { $0.key < $1.key }) where key != "" {
      let inside = folders.map { ($0, classes($0, key)) }
      if let found = Self.repeating(inside, mayDiffer: PartName.isBatch(key)) { return found }
    }
    return nil
  }

  /// Folders with classes inside, if one has all those of the others, or may differ from them.
  private static func repeating(
    _ inside: [(FolderTree, [String])], mayDiffer: Bool
  ) -> (folders: [FolderTree], classes: [String])? {
    let found = inside.filter { !$1.isEmpty }
    let all = distinct(found.flatMap(\.1))
    let most = found.map(\.1.count).max() ?? 0
    guard found.count > 1, all.count > 1, mayDiffer || most == all.count else { return nil }
    return (found.map(\.0), all)
  }

  /// Whether a name says nothing about a class, only that there are images, or those of a part.
  static func isTransparent(_ name: String) -> Bool {
    Split.Part(folder: name) != nil || PartName.isFiller(name)
  }

  /// Names without those that are spelled alike.
  private static func distinct(_ names: [String]) -> [String] {
    var known: Set<String> = []
    return names.filter { known.insert(ClassMatcher.key($0)).inserted }
  }
}
