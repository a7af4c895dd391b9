/// The contents of a dataset and its problems: `data-report.json`.
public struct DataReport: Codable, Equatable, Sendable {
  /// A file and what was found in it.
  public struct Finding: Codable, Equatable, Sendable, CustomStringConvertible {
    /// Relative to the folder of the dataset.
    public var path: String
    /// A few words.
    public var reason: String

    package init(path: String, reason: String) {
      self.path = path
      self.reason = reason
    }

    public var description: String { "\(path): \(reason)" }

    /// Whether it is a file of a run.
    var isInRun: Bool { reason.hasSuffix(FolderTreeReader.runReason) }

    /// Whether it could be used, and was left out on request.
    package var isByChoice: Bool {
      reason == DatasetListing.choiceReason
        || [DatasetListing.limitReason, DatasetListing.exclusionReason].contains(
          where: reason.hasPrefix)
    }

    /// Whether it is named like an image that somebody may want to use.
    var isLostImage: Bool {
      SystemFiles.isNamedLikeAnImage(path) && !isByChoice && !isInRun
        && !path.split(separator: "/").contains { SystemFiles.reason(String($0)) != nil }
    }
  }

  /// One class.
  public struct ClassCount: Codable, Equatable, Sendable {
    /// Its name.
    public var name: String
    /// Number of files, and of those that are usable images.
    public var files: Int, usable: Int
  }

  /// What became of the files: `found` is the sum of the others.
  public struct Counts: Codable, Equatable, Sendable {
    /// Files that were found.
    public var found: Int
    /// Usable images.
    public var used: Int
    /// Files of a class that cannot be used, and files that were not read as part of a class.
    public var skipped: Int, ignored: Int
  }

  /// The files that one folder, or one part of a list, gives to one class.
  public struct Group: Codable, Equatable, Sendable {
    /// The folder that decides, with a slash at its end; empty for the dataset's own.
    public var folder: String
    /// The name of their class.
    public var `class`: String
    /// Their part in a ready-made split.
    public var part: Split.Part?
    /// Number of files, and of those that are usable images.
    public var files: Int, usable: Int
  }

  /// The folder as it was given.
  public var root: String
  /// How the dataset assigns classes to images.
  public var layout: DatasetListing.Layout
  /// What became of all files.
  public var counts: Counts
  /// In natural order.
  public var classes: [ClassCount]
  /// Where the files of each class and part are, in the order of their folders.
  public var groups: [Group]
  /// What a reader should know about how the dataset was read.
  public var notes: [String]
  /// Files of a class that cannot be used.
  public var skipped: [Finding]
  /// Files that are not read as part of a class, and why: hidden, beside the class folders, ….
  public var ignored: [Finding]
  /// Images that are used although something is wrong with them.
  public var problems: [Finding]
  /// Counts of harmless remarks: `extra bytes`, `converted from gray`, ….
  public var remarks: [String: Int]
  /// Number of images of each format.
  public var formats: [String: Int]
  /// Groups of paths with the same bytes inside one class.
  public var duplicates: [[String]]
  /// Groups of paths with the same bytes in different classes; the first two are of two classes.
  public var conflicts: [[String]]
  /// Groups of paths whose images look alike although their bytes differ, within one class.
  public var nearDuplicates: [[String]]
  /// The same for images that look alike although their bytes differ.
  public var nearConflicts: [[String]]
  /// Copies of images of one part in another, of each pair of parts that has any.
  public var overlaps: [Overlap]
  /// Width and height of the smallest, the median and the largest image by area, pixels.
  public var smallest: [Int], median: [Int], largest: [Int]
  /// Time taken, seconds.
  public var seconds: Double

  /// Files that were read.
  public var fileCount: Int { classes.reduce(0) { $0 + $1.files } }

  /// Throws if any file is not an undamaged image, or an image was left out.
  ///
  /// Hidden files and what systems make are no images.
  ///
  /// - Throws: `DatasetError.strict` with the first such file.
  public func requireFlawless() throws(DatasetError) {
    let findings = skipped + problems + ignored.filter(\.isLostImage)
    guard let first = findings.first else { return }
    throw .strict(path: root, count: findings.count, example: first.description)
  }

  /// Throws if a class, or a ready-made part that has files, has no usable image.
  ///
  /// - Throws: `DatasetError.singleClass`, or `.emptyClass` or `.emptyPart` with an example of a
  ///   skipped file.
  public func requireReadableClasses(of listing: DatasetListing) throws(DatasetError) {
    try listing.requireClasses()
    /// The first file of some that is skipped.
    func example(_ isOne: (ImageFile) -> Bool) -> String? {
      let path = listing.files.first(where: isOne)?.path.pathBytes
      return skipped.first { $0.path.pathBytes == path }?.description
    }
    if let empty = classes.firstIndex(where: { $0.usable == 0 }) {
      throw .emptyClass(
        path: root, name: classes[empty].name, example: example { $0.classIndex == empty })
    }
    for part in Split.Part.allCases {
      let own = groups.filter { $0.part == part }
      guard !own.isEmpty, own.allSatisfy({ $0.usable == 0 }) else { continue }
      throw .emptyPart(
        path: root, part: part, count: own.reduce(0) { $0 + $1.files },
        example: example { $0.assignedPart == part })
    }
  }

  /// The ratio of the largest to the smallest class, when it is above 4.
  public var imbalance: Double? {
    let counts = classes.map(\.usable)
    guard let most = counts.max(), let least = counts.min(), least > 0, most > 4 * least else {
      return nil
    }
    return Double(most) / Double(least)
  }

  /// Number of usable images.
  public var usableCount: Int { classes.reduce(0) { $0 + $1.usable } }
}
