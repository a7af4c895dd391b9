/// How a folder assigns classes and parts to the files in it.
///
/// Every file of the tree is in `files` or in `ignored`.
struct FolderReading {
  struct File {
    var path: String, className: String, part: Split.Part?
    /// The folder that decides both.
    var folder: String
  }

  var layout = DatasetListing.Layout.classFolders
  var files: [File] = []
  /// Class folders without any file.
  var emptyClasses: Set<String> = []
  var ignored: [DataReport.Finding] = []
  var notes: [String] = []

  /// The folder as it was given, for errors.
  let root: String

  /// - Throws: `DatasetError.ambiguous` when the folder can be read in two ways.
  init(_ tree: FolderTree, root: String) throws(DatasetError) {
    self.root = root
    try read(tree)
    emptyClasses.subtract(files.map(\.className))
  }

  // MARK: Choosing a layout

  private mutating func read(_ tree: FolderTree) throws(DatasetError) {
    let parts = try partFolders(of: tree)
    let others = tree.folders.filter { folder in !parts.contains { $0.0.isSame(as: folder) } }
    let flatCount = tree.flatClassCount
    if !parts.isEmpty {
      let rival = others.first(where: \.hasImages)
      if parts.contains(where: { $0.0.hasClasses }) {
        if let rival = self.rival(of: parts, among: others) {
          throw ambiguous(parts, beside: rival)
        }
        if flatCount > 1, !parts.contains(where: { $0.1 == .train }) {
          throw ambiguousBesideFiles(parts[0].0)
        }
        try refuseRepeated(parts.filter { $0.0.hasClasses })
        return try readSplit(tree, parts, others)
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
      for other in tree.folders where !other.isSame(as: inner) {
        ignore(other.allFiles, "in \(other.path), beside \(inner.path)")
      }
      return try read(inner)
    } else if flatCount > 1, tree.folders.filter(\.hasImages).count < 2 {
      guard let rival = tree.folders.first(where: \.hasImages) else { return readFlat(tree) }
      throw ambiguousBesideFiles(rival)
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

  /// - Parameter folder: One that is a class or a part, beside files with classes in their names.
  private func ambiguousBesideFiles(_ folder: FolderTree) -> DatasetError {
    let kind = Split.Part(folder: folder.name) == nil ? "class folder" : "part"
    return .ambiguous(
      path: root,
      readings: [
        "the class in the names of the files, without \(folder.path)",
        "'\(folder.name)' as a \(kind), "
          + "without the files beside it",
      ], advice: "move \(folder.path) or the files elsewhere")
  }

  /// The folder of images beside parts that may be one of classes: those of undivided or training
  /// images, if no part is, or if the parts have a class of its name.
  private func rival(
    of parts: [(FolderTree, Split.Part)], among others: [FolderTree]
  ) -> FolderTree? {
    let kinds = Set(parts.map { $0.1 })
    let inside = Set(parts.flatMap { $0.0.innerClasses }.map(ClassMatcher.key))
    return others.first { folder in
      folder.hasImages
        && (kinds.count < 2 || !kinds.contains(.train)
          || inside.contains(ClassMatcher.key(folder.name)))
    }
  }

  /// Refuses several folders for one part: `fold1_train`, `fold2_train`.
  private func refuseRepeated(_ parts: [(FolderTree, Split.Part)]) throws(DatasetError) {
    for part in Split.Part.allCases {
      let own = parts.filter { $0.1 == part }
      guard own.count > 1 else { continue }
      let names = Self.list(own.map { "'\($0.0.path.dropLast())'" })
      throw .ambiguous(
        path: root,
        readings: [
          "\(names) as one \(part == .train ? "training" : part.rawValue) part",
          "as parts of several divisions (folds)",
        ], advice: "keep one folder for each part, or give a list with path,label,split")
    }
  }

  // MARK: Reading

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
  mutating func readClasses(
    _ tree: FolderTree, part: Split.Part?, classes: [String: String]? = nil
  ) throws(DatasetError) {
    var tree = tree
    for index in tree.folders.indices {
      let (images, sidecars) = tree.folders[index].dividedFromSidecars
      tree.folders[index] = images
      for sidecar in sidecars { ignore(sidecar.allFiles, "in \(sidecar.path), beside images") }
    }
    try refuseRepeating(tree)
    if part == nil { try refuseNested(tree) }
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
      let parts = part == nil ? folder.partsInside : []
      if parts.contains(where: { $0.folder.hasFiles }) {
        try refuseRepeated(parts.map { ($0.folder, $0.part) })
        readParts(parts, inside: folder)
      } else {
        files += folder.allFiles.map {
          File(path: $0, className: name, part: part, folder: folder.path)
        }
      }
    }
    if layout == .splitInside { noteMissingParts() }
  }

  /// Refuses a class folder that is a dataset itself, or notes that it may be one.
  private mutating func refuseNested(_ tree: FolderTree) throws(DatasetError) {
    let folders = tree.folders.filter(\.hasImages)
    let divided = folders.filter(\.isDividedDataset)
    let nested = divided.isEmpty ? folders.filter { $0.classFolders.count > 1 } : divided
    guard folders.count > 1, nested.count == 1, let inner = nested.first else { return }
    let others = folders.filter { !$0.isSame(as: inner) }
    guard divided.isEmpty else { throw isNested(inner, beside: others) }
    guard !inner.files.contains(where: SystemFiles.isNamedLikeAnImage),
      others.allSatisfy({ $0.classFolders.isEmpty })
    else { return }
    if PartName.isFiller(inner.name) || others.allSatisfy({ PartName.isFiller($0.name) }) {
      throw isNested(inner, beside: others)
    }
    notes.append(
      "'\(inner.name)' is read as one class, with the folders in it: "
        + "\(Self.list(inner.classFolders.map { "'\($0)'" })); if those are the classes, "
        + "give \(root)/\(inner.path.dropLast())")
  }

  private func isNested(_ inner: FolderTree, beside others: [FolderTree]) -> DatasetError {
    let beside = Self.list(others.map { "'\($0.name)'" })
    return .ambiguous(
      path: root,
      readings: [
        "'\(inner.name)' as a class beside \(beside)",
        "'\(inner.name)' as the dataset, with classes inside, without \(beside)",
      ], advice: "give \(root)/\(inner.path.dropLast()), or move one of the folders elsewhere")
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

  mutating func ignore(_ paths: [String], _ reason: String) {
    ignored += paths.map { .init(path: $0, reason: reason) }
  }

  /// A name with the numbers of the characters that are not ASCII.
  private static func spelled(_ folder: FolderTree) -> String {
    let codes = folder.name.unicodeScalars.filter { !$0.isASCII }
      .map { "U+" + String($0.value, radix: 16, uppercase: true) }
    return "'\(folder.name)' (\(codes.joined(separator: " ")))"
  }
}
