/// How a folder assigns classes and parts to the files in it.
///
/// Every file of the tree is in `files` or in `ignored`.
struct FolderReading {
  struct File {
    var path: String, className: String, part: Split.Part?
    /// The folder that decides both.
    var folder: String
  }

  private(set) var layout = DatasetListing.Layout.classFolders
  private(set) var files: [File] = []
  /// Class folders without any file.
  private(set) var emptyClasses: Set<String> = []
  private(set) var ignored: [DataReport.Finding] = []
  private(set) var notes: [String] = []

  /// The folder as it was given, for errors.
  private let root: String

  /// - Throws: `DatasetError.ambiguous` when the folder can be read in two ways.
  init(_ tree: FolderTree, root: String) throws(DatasetError) {
    self.root = root
    try read(tree)
    emptyClasses.subtract(files.map(\.className))
  }

  // MARK: Choosing a layout

  private mutating func read(_ tree: FolderTree) throws(DatasetError) {
    let parts = try partFolders(of: tree)
    let others = tree.folders.filter { folder in !parts.contains { $0.0.path == folder.path } }
    let flatCount = tree.flatClassCount
    if !parts.isEmpty {
      let rival = others.first(where: \.hasImages)
      if parts.contains(where: { $0.0.hasClasses }) {
        guard let rival, Set(parts.map { $0.1 }).count < 2 else {
          return try readSplit(tree, parts, others)
        }
        throw ambiguous(parts, beside: rival)
      }
      if flatCount > 1, rival == nil { return readFlat(tree) }
      let isVehicle = parts.count == 1 && parts[0].0.name.lowercased() == "train"
      guard isVehicle, rival != nil else {
        throw parts.contains { $0.0.hasFiles } || rival != nil
          ? ambiguous(parts, beside: rival) : .noImages(path: root)
      }
      notes.append("'\(parts[0].0.name)' is read as a class, not as the training part")
    } else if let inner = tree.wrapped, flatCount < 2 {
      ignore(tree.files.map { tree.path + $0 }, "beside \(inner.path)")
      for other in tree.folders where other.path != inner.path {
        ignore(other.allFiles, "in \(other.path), beside \(inner.path)")
      }
      return try read(inner)
    } else if flatCount > 1, tree.folders.filter(\.hasImages).count < 2 {
      guard let rival = tree.folders.first(where: \.hasImages) else { return readFlat(tree) }
      throw .ambiguous(
        path: root,
        readings: [
          "the class in the names of the files, without \(rival.path)",
          "'\(rival.name)' as a class folder, without the files beside it",
        ], advice: "move \(rival.path) or the files elsewhere")
    } else if tree.folders.isEmpty {
      return readFlat(tree)
    }
    try readClasses(tree, part: nil)
    ignore(tree.files.map { tree.path + $0 }, "beside the class folders")
  }

  /// The folders whose names are those of parts; a word more is allowed if they share it.
  private func partFolders(
    of tree: FolderTree
  ) throws(DatasetError) -> [(FolderTree, Split.Part)] {
    let named = tree.folders.compactMap { folder in
      PartName(folder.name).map { (folder: folder, name: $0) }
    }
    let plain = named.filter { $0.name.rest.isEmpty }
    guard plain.isEmpty else { return plain.map { ($0.folder, $0.name.part) } }
    let groups = Dictionary(grouping: named) { $0.name.rest }.filter { group in
      Set(group.value.map(\.name.part)).count > 1
        && group.value.contains { $0.name.part == .train }
    }
    guard let group = groups.values.first else { return [] }
    guard groups.count == 1 else {
      let names = groups.values.joined().map(\.folder.name).sorted()
      throw .ambiguous(
        path: root,
        readings: [
          "\(names.map { "'\($0)'" }.joined(separator: ", ")) as classes",
          "as classes and parts in one name",
        ], advice: "make folders of the parts with class folders inside (train/cat/…)")
    }
    return group.map { ($0.folder, $0.name.part) }
  }

  private func ambiguous(
    _ parts: [(FolderTree, Split.Part)], beside rival: FolderTree?
  ) -> DatasetError {
    let names = parts.map { "'\($0.0.name)'" }.joined(separator: ", ")
    let beside = rival.map { " beside '\($0.name)'" } ?? ""
    return .ambiguous(
      path: root,
      readings: [
        "\(names) as ready-made \(parts.count == 1 ? "part" : "parts")"
          + (parts.contains { $0.0.hasClasses }
            ? " with classes inside" : ", where nothing says the class"),
        "\(names) as \(parts.count == 1 ? "a class" : "classes")\(beside)",
      ],
      advice: "rename the folders, put class folders inside (train/cat/…), "
        + "or give a list with path,label,split")
  }

  // MARK: Reading

  private mutating func readSplit(
    _ tree: FolderTree, _ parts: [(FolderTree, Split.Part)], _ others: [FolderTree]
  ) throws(DatasetError) {
    layout = .splitFolders
    ignore(tree.files.map { tree.path + $0 }, "beside \(parts[0].0.path)")
    for other in others {
      ignore(other.allFiles, "in \(other.path), which is not a part and lies beside parts")
    }
    // The training images say what the classes are.
    for (folder, part) in parts where part == .train { try read(folder, as: part, known: []) }
    let known = Set(files.map(\.className)).union(emptyClasses)
    for (folder, part) in parts where part != .train { try read(folder, as: part, known: known) }
  }

  private mutating func read(
    _ folder: FolderTree, as part: Split.Part, known: Set<String>
  ) throws(DatasetError) {
    let inner = folder.unwrapped
    if inner.path != folder.path {
      let inside = Set(inner.allFiles)
      ignore(folder.allFiles.filter { !inside.contains($0) }, "beside \(inner.path)")
    }
    if inner.folders.contains(where: \.hasFiles) || inner.files.isEmpty {
      let classes = match(inner.folders.filter(\.hasFiles).map(\.name), with: known, in: inner)
      guard known.isEmpty || !classes.isEmpty else {
        return leaveOut(inner, "has none of the classes of the training images")
      }
      try readClasses(inner, part: part, classes: known.isEmpty ? nil : classes)
      ignore(
        inner.files.map { inner.path + $0 }, "in \(inner.path), beside its class folders")
    } else {
      readNames(inner, part, known)
    }
  }

  /// Reads a part whose files have their class in the name.
  private mutating func readNames(
    _ folder: FolderTree, _ part: Split.Part, _ known: Set<String>
  ) {
    let found = FileNameClass.classes(of: folder.files)
    let classes = match(Set(found.compactMap { $0 }), with: known, in: folder)
    guard !classes.isEmpty else { return leaveOut(folder, "has no class folders") }
    for (name, found) in zip(folder.files, found) {
      let path = folder.path + name
      if let found, let className = classes[found] {
        files.append(File(path: path, className: className, part: part, folder: folder.path))
      } else {
        ignore([path], found.map(Self.unknown) ?? "has no class in its name")
      }
    }
  }

  /// The known class of each name of a part that has one, with notes on how they differ.
  private mutating func match(
    _ names: some Collection<String>, with known: Set<String>, in folder: FolderTree
  ) -> [String: String] {
    guard !known.isEmpty else {
      return Dictionary(names.map { ($0, $0) }, uniquingKeysWith: { first, _ in first })
    }
    let classes = ClassMatcher(known).classes(of: names)
    guard !classes.isEmpty else { return [:] }
    let place = "'\(folder.path.dropLast())'"
    let renamed = naturallySorted(classes.filter { $0.key != $0.value }, by: \.key)
    if !renamed.isEmpty {
      notes.append(
        "in \(place), \(Self.list(renamed.map { "'\($0.key)' is read as '\($0.value)'" }))")
    }
    let unknown = naturallySorted(names.filter { classes[$0] == nil }, by: \.self)
    if !unknown.isEmpty {
      notes.append(
        "in \(place), \(Self.list(unknown.map { "'\($0)'" })) left out: not among the classes of "
          + "the training images")
    }
    let absent = naturallySorted(known.subtracting(classes.values), by: \.self)
    if !absent.isEmpty {
      notes.append("\(place) has no images of \(Self.list(absent.map { "'\($0)'" }))")
    }
    return classes
  }

  /// Ignores a whole part, and says so where that leaves out images.
  private mutating func leaveOut(_ folder: FolderTree, _ reason: String) {
    ignore(folder.allFiles, "in \(folder.path), which \(reason)")
    guard folder.hasImages else { return }
    notes.append(
      "'\(folder.path.dropLast())' is left out: it \(reason); no result is about its images")
  }

  private static func unknown(_ name: String) -> String {
    "its class '\(name)' is not one of the training images"
  }

  /// The first few of some texts.
  private static func list(_ texts: [String]) -> String {
    texts.prefix(3).joined(separator: ", ") + (texts.count > 3 ? ", …" : "")
  }

  private mutating func readFlat(_ tree: FolderTree) {
    layout = .flatNames
    for (name, found) in zip(tree.files, FileNameClass.classes(of: tree.files)) {
      let path = tree.path + name
      if let found {
        files.append(File(path: path, className: found, part: nil, folder: tree.path))
      } else {
        ignore([path], "has no class in its name")
      }
    }
    for folder in tree.folders {
      ignore(folder.allFiles, "in \(folder.path), which has no class folders")
    }
  }

  /// - Parameter classes: The class of each folder; nil where their names are the classes.
  private mutating func readClasses(
    _ tree: FolderTree, part: Split.Part?, classes: [String: String]? = nil
  ) throws(DatasetError) {
    try refuseRepeating(tree)
    var known: [String: FolderTree] = [:]
    for folder in tree.folders {
      // Swift compares texts by their meaning, not by their bytes.
      if let twin = known.updateValue(folder, forKey: folder.name) {
        throw .ambiguous(
          path: root,
          readings: [
            "\(Self.spelled(twin)) and \(Self.spelled(folder)) as one class", "as two classes",
          ], advice: "they look the same but are written in two Unicode forms; rename one")
      }
      guard let name = classes == nil ? folder.name : classes?[folder.name] else {
        ignore(folder.allFiles, Self.unknown(folder.name))
        continue
      }
      if !folder.hasFiles { emptyClasses.insert(name) }
      if part != nil || !readParts(inside: folder) {
        files += folder.allFiles.map {
          File(path: $0, className: name, part: part, folder: folder.path)
        }
      }
    }
  }

  /// Refuses folders that may be classes, or batches of the classes in them.
  private func refuseRepeating(_ tree: FolderTree) throws(DatasetError) {
    guard let (folders, classes) = tree.repeating else { return }
    let outer = Self.list(folders.map { "'\($0.name)'" })
    let inner = Self.list(classes.map { "'\($0)'" })
    throw .ambiguous(
      path: tree.path.isEmpty ? root : "\(root)/\(tree.path.dropLast())",
      readings: ["\(outer) as classes", "\(inner) as classes, inside \(outer)"],
      advice: "give one of these folders, or a list with path,label, "
        + "or put the images of each class into one folder")
  }

  /// Reads a class folder that is divided into parts; false if it is not.
  private mutating func readParts(inside folder: FolderTree) -> Bool {
    let parts = folder.folders.compactMap { inside in
      Split.Part(folder: inside.name).map { (inside, $0) }
    }
    guard parts.contains(where: { $0.0.hasFiles }) else { return false }
    layout = .splitInside
    for (inside, part) in parts {
      files += inside.allFiles.map {
        File(path: $0, className: folder.name, part: part, folder: inside.path)
      }
    }
    let rest =
      folder.files.map { folder.path + $0 }
      + folder.folders.filter { Split.Part(folder: $0.name) == nil }.flatMap(\.allFiles)
    if parts.contains(where: { $0.1 == .train }) {
      ignore(rest, "in \(folder.path), beside its parts")
    } else {
      files += rest.map {
        File(path: $0, className: folder.name, part: .train, folder: folder.path)
      }
    }
    return true
  }

  private mutating func ignore(_ paths: [String], _ reason: String) {
    ignored += paths.map { .init(path: $0, reason: reason) }
  }

  /// A name with the numbers of the characters that are not ASCII.
  private static func spelled(_ folder: FolderTree) -> String {
    let codes = folder.name.unicodeScalars.filter { !$0.isASCII }
      .map { "U+" + String($0.value, radix: 16, uppercase: true) }
    return "'\(folder.name)' (\(codes.joined(separator: " ")))"
  }
}
