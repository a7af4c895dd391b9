/// The contents of a dataset and its problems: `data-report.json`.
public struct DataReport: Codable, Equatable, Sendable {
  /// A file and what was found in it.
  public struct Finding: Codable, Equatable, Sendable, CustomStringConvertible {
    /// Relative to the folder of the dataset.
    public var path: String
    /// A few words.
    public var reason: String

    public var description: String { "\(path): \(reason)" }
  }

  /// One class.
  public struct ClassCount: Codable, Equatable, Sendable {
    /// Its name.
    public var name: String
    /// Number of files, and of those that are usable images.
    public var files: Int, usable: Int
  }

  /// The folder as it was given.
  public var root: String
  /// How the dataset assigns classes to images.
  public var layout: DatasetListing.Layout
  /// In natural order.
  public var classes: [ClassCount]
  /// Files that cannot be used.
  public var skipped: [Finding]
  /// Images that are used although something is wrong with them.
  public var problems: [Finding]
  /// Counts of harmless remarks: `extra bytes`, `converted from gray`, ….
  public var remarks: [String: Int]
  /// Number of images of each format.
  public var formats: [String: Int]
  /// Groups of paths with the same bytes inside one class.
  public var duplicates: [[String]]
  /// Groups of paths with the same bytes in different classes.
  public var conflicts: [[String]]
  /// Groups of paths whose images look alike although their bytes differ, within and across
  /// classes.
  public var nearDuplicates: [[String]]
  /// Width and height of the smallest, the median and the largest image by area, pixels.
  public var smallest: [Int], median: [Int], largest: [Int]
  /// Time taken, seconds.
  public var seconds: Double

  /// Files that were read.
  public var fileCount: Int { classes.reduce(0) { $0 + $1.files } }

  /// Throws if any file is not an undamaged image.
  ///
  /// - Throws: `DatasetError.strict` with the first such file.
  public func requireFlawless() throws(DatasetError) {
    let findings = skipped + problems
    guard let first = findings.first else { return }
    throw .strict(path: root, count: findings.count, example: first.description)
  }

  /// Throws if a class has no usable image.
  ///
  /// - Throws: `DatasetError.singleClass`, or `.emptyClass` with an example of a skipped file.
  public func requireReadableClasses(of listing: DatasetListing) throws(DatasetError) {
    try listing.requireClasses()
    guard let empty = classes.firstIndex(where: { $0.usable == 0 }) else { return }
    let path = listing.files.first { $0.classIndex == empty }?.path
    let example = skipped.first { $0.path == path }
    throw .emptyClass(path: root, name: classes[empty].name, example: example?.description)
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
