internal import Foundation

/// Images that are to be left out, as a CSV file whose first column is `path`.
public struct ExclusionList: Codable, Equatable, Sendable {
  /// The file.
  public let file: String
  /// Relative to the folder of the dataset, or from the root; in any spelling.
  public let paths: [String]

  /// Reads a list; further columns are of no consequence.
  ///
  /// - Throws: `DatasetError.list` naming the line, or `.unreadable`.
  public init(contentsOf file: String) throws(DatasetError) {
    let bytes: [UInt8]
    do {
      bytes = try FileBytes.read(file)
    } catch {
      throw error.isShortage
        ? .shortage(path: file, reason: error.reason)
        : .unreadable(path: file, reason: error.reason)
    }
    if let line = TextEncoding.firstLineNotUTF8(bytes) {
      throw .list(path: file, line: line, reason: TextEncoding.notUTF8)
    }
    var text = DelimitedText(bytes)
    let header =
      text.next()?.fields.map { $0.trimmingCharacters(in: .whitespaces).lowercased() } ?? []
    guard header.first == "path" else {
      throw .list(
        path: file, line: 1,
        reason: "expected a header that begins with path, as of a list that "
          + "'marbles data doubt' writes")
    }
    guard !header.dropFirst().contains("path") else {
      throw .list(path: file, line: 1, reason: "has the column path twice; remove or rename one")
    }
    var paths: [String] = []
    while let record = text.next() {
      guard !text.isMalformed else {
        throw .list(path: file, line: record.line, reason: "a quote is not closed")
      }
      guard let path = record.fields.first, !path.isEmpty else {
        throw .list(path: file, line: record.line, reason: "the path is empty")
      }
      paths.append(path)
    }
    self.file = file
    self.paths = paths
  }
}

extension DatasetListing {
  /// The same dataset without the files of a list, which are ignored with that reason.
  ///
  /// - Returns: The dataset, and the paths of the list that it does not have.
  public func leavingOut(_ list: ExclusionList) -> (listing: DatasetListing, unknown: [String]) {
    var places = PathPlaces(root: root)
    let own = files.map { places.place(of: $0.path) }
    let known = Set(own)
    var (excluded, unknown) = (Set<[UInt8]>(), [String]())
    for path in list.paths {
      // Tables put an apostrophe before what a spreadsheet would calculate.
      let spellings = [path] + (path.hasPrefix("'") ? [String(path.dropFirst())] : [])
      let found = spellings.lazy.map { places.place(of: PathPlaces.existing($0, root)) }
        .first(where: known.contains)
      if let found { excluded.insert(found) } else { unknown.append(spellings.last ?? path) }
    }
    let listing = keeping(
      zip(files, own).filter { !excluded.contains($0.1) }.map(\.0),
      otherwise: "\(Self.exclusionReason) \(list.file)")
    return (listing, unknown)
  }
}
