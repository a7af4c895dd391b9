/// One file that may be an image.
public struct ImageFile: Hashable, Sendable {
  /// Relative to the folder of the dataset.
  public let path: String
  /// Its class, an index into the class names.
  public let classIndex: Int
  /// The part a ready-made split puts it in.
  public let assignedPart: Split.Part?

  /// The folder that decides its class and part, with a slash at its end; empty for the dataset's
  /// own, and in a list.
  public let folder: String
  /// What a list has in its further columns, in the order of `DatasetListing.columns`.
  public let values: [String]

  package init(
    path: String, classIndex: Int, assignedPart: Split.Part? = nil, folder: String = "",
    values: [String] = []
  ) {
    self.path = path
    self.classIndex = classIndex
    self.assignedPart = assignedPart
    self.folder = folder
    self.values = values
  }
}

/// The files and classes of a dataset, before any image is opened.
public struct DatasetListing: Sendable {
  /// How a dataset assigns classes to images.
  public enum Layout: String, Codable, Sendable {
    case classFolders = "class folders"
    case splitFolders = "class folders inside ready-made splits"
    case splitInside = "ready-made splits inside class folders"
    case flatNames = "classes in file names"
    case list = "a CSV list"
    case memory = "images in memory"
  }

  /// The folder that paths are relative to.
  public let root: String
  /// The folder or list as it was given.
  public let source: String
  /// How it assigns classes to images.
  public let layout: Layout
  /// In natural order: `cat`, `dog`; `2` before `10`.
  public let classNames: [String]
  /// All files, class by class, in natural order of their paths within a class.
  public let files: [ImageFile]
  /// Files that are left out, with the reason.
  public let ignored: [DataReport.Finding]
  /// Number of files that were found: those in `files` and in `ignored`.
  public let fileCount: Int
  /// What a reader should know about how the dataset was read.
  public let notes: [String]
  /// The columns of a list besides path, label and split.
  public let columns: [String]

  /// - Parameter source: The folder or list as it was given; nil for the folder itself.
  package init(
    root: String, source: String? = nil, layout: Layout, classNames: [String],
    files: [ImageFile], ignored: [DataReport.Finding] = [], fileCount: Int? = nil,
    notes: [String] = [], columns: [String] = []
  ) {
    self.root = root
    self.source = source ?? root
    self.layout = layout
    self.classNames = classNames
    self.files = files
    self.ignored = ignored
    self.fileCount = fileCount ?? files.count + ignored.count
    self.notes = notes
    self.columns = columns
  }

  /// How the reason of a file begins that only a limit left out.
  static let limitReason = "beyond the limit"
  /// The reason of a file that only was not chosen.
  static let choiceReason = "not chosen"
  /// How the reason of a file begins that a list left out.
  static let exclusionReason = "excluded by"

  /// The same dataset with only some of its files, which keep their order within a class.
  ///
  /// - Parameter reason: Why the others are ignored; nil for "not chosen".
  public func keeping(
    _ files: [ImageFile], otherwise reason: String? = nil
  ) -> DatasetListing {
    let kept = Set(files.map(\.path.pathBytes))
    let others = self.files.filter { !kept.contains($0.path.pathBytes) }
    return DatasetListing(
      root: root, source: source, layout: layout, classNames: classNames,
      files: files.enumerated().sorted {
        ($0.element.classIndex, $0.offset) < ($1.element.classIndex, $1.offset)
      }.map(\.element),
      ignored: ignored + others.map { .init(path: $0.path, reason: reason ?? Self.choiceReason) },
      fileCount: fileCount, notes: notes, columns: columns)
  }

  /// The same dataset with only the files that a split names by their paths.
  public func keeping(namedIn split: Split) -> DatasetListing {
    let named = Set(split.entries.map(\.path.pathBytes))
    return keeping(files.filter { named.contains($0.path.pathBytes) })
  }

  /// The location of an image of the dataset; a list may have absolute paths.
  public func location(of path: String) -> String {
    path.hasPrefix("/") ? path : "\(root)/\(path)"
  }

  /// A hash over names, sizes, classes and parts of the files, which are not read.
  package var fingerprint: String {
    let lines = files.map { file in
      let size = FileStamp(location(of: file.path))?.size ?? -1
      return "\(file.path)\n\(size) \(classNames[file.classIndex])\n\(file.assignedPart as Any)"
    }
    return ContentHash.sha256(Array(lines.joined(separator: "\n").utf8))
  }

  /// Throws if there are fewer than two classes, or one has no file.
  ///
  /// - Throws: `DatasetError.singleClass` or `.emptyClass`.
  public func requireClasses() throws(DatasetError) {
    guard classNames.count > 1 else {
      throw .singleClass(
        path: source, name: classNames.first ?? "",
        link: ignored.first { $0.reason.hasPrefix(FolderTreeReader.linkReason) })
    }
    let present = Set(files.map(\.classIndex))
    if let empty = classNames.indices.first(where: { !present.contains($0) }) {
      throw .emptyClass(path: source, name: classNames[empty], example: nil)
    }
  }
}
