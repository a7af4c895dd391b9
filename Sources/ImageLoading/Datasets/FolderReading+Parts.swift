internal import Support

// Ready-made parts, above class folders or inside them.
extension FolderReading {
  /// Notes that images are left out.
  private mutating func noteLost(_ findings: some Sequence<DataReport.Finding>, _ place: String) {
    let images = findings.filter { SystemFiles.isNamedLikeAnImage($0.path) }
    guard let first = images.first else { return }
    notes.append(
      "\(images.count.counted("image")) \(place) left out, the first is \(first.path)")
  }

  mutating func readSplit(
    _ tree: FolderTree, _ parts: [(FolderTree, Split.Part)], _ others: [FolderTree]
  ) throws(DatasetError) {
    layout = .splitFolders
    let before = ignored.count
    ignore(tree.files.map { tree.path + $0 }, "beside \(parts[0].0.path)")
    noteLost(ignored[before...], "beside the parts")
    for other in others { leaveOut(other, "is not a part and lies beside parts") }
    // The training images say what the classes are.
    for (folder, part) in parts where part == .train { try read(folder, as: part, known: []) }
    let known = Set(files.map(\.className)).union(emptyClasses)
    for (folder, part) in parts where part != .train { try read(folder, as: part, known: known) }
  }

  private mutating func read(
    _ folder: FolderTree, as part: Split.Part, known: Set<String>
  ) throws(DatasetError) {
    let inner = folder.unwrapped
    if !inner.isSame(as: folder) {
      let inside = Set(inner.allFiles.map(\.pathBytes))
      ignore(folder.allFiles.filter { !inside.contains($0.pathBytes) }, "beside \(inner.path)")
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

  static func unknown(_ name: String) -> String {
    "its class '\(name)' is not one of the training images"
  }

  /// The first few of some texts.
  static func list(_ texts: [String]) -> String {
    texts.prefix(3).joined(separator: ", ") + (texts.count > 3 ? ", …" : "")
  }

  /// Reads a class folder that is divided into parts.
  mutating func readParts(
    _ parts: [(folder: FolderTree, part: Split.Part)], inside folder: FolderTree
  ) {
    layout = .splitInside
    for (inside, part) in parts {
      files += inside.allFiles.map {
        File(path: $0, className: folder.name, part: part, folder: inside.path)
      }
    }
    let divided = Set(parts.flatMap { $0.folder.allFiles.map(\.pathBytes) })
    let rest = folder.allFiles.filter { !divided.contains($0.pathBytes) }
    guard parts.contains(where: { $0.part == .train }) else {
      files += rest.map {
        File(path: $0, className: folder.name, part: .train, folder: folder.path)
      }
      return
    }
    ignore(rest, "in \(folder.path), \(Self.besideParts)")
  }

  private static let besideParts = "beside its parts"

  /// Notes which images lie beside the parts of their class, and which classes lack a part that
  /// others have.
  mutating func noteMissingParts() {
    noteLost(
      ignored.filter { $0.reason.hasSuffix(Self.besideParts) }, "beside the parts of a class")
    let classes = Set(files.map(\.className))
    for part in Split.Part.allCases {
      let own = Set(files.filter { $0.part == part }.map(\.className))
      let absent = naturallySorted(classes.subtracting(own), by: \.self)
      guard !own.isEmpty, !absent.isEmpty, part != .train else { continue }
      notes.append(
        "the \(part.rawValue) part has no images of \(Self.list(absent.map { "'\($0)'" }))")
    }
  }
}
