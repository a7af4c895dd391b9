internal import Foundation

// A dataset as a list: a CSV file with the columns path, label and, optionally, split.
extension DatasetLister {
  /// Whether a path names a list rather than a folder.
  static func isList(_ path: String) -> Bool { path.lowercased().hasSuffix(".csv") }

  /// Reads a list; its paths are relative to its own folder.
  ///
  /// - Throws: `DatasetError.list` naming the line.
  static func survey(list path: String) throws(DatasetError) -> DatasetListing {
    let bytes: [UInt8]
    do {
      bytes = try FileBytes.read(path)
    } catch {
      throw .unreadable(path: path, reason: error.reason)
    }
    var text = DelimitedText(bytes)
    func failure(_ line: Int, _ reason: String) -> DatasetError {
      .list(path: path, line: line, reason: reason)
    }
    let header = text.next()?.fields.map { $0.trimmingCharacters(in: .whitespaces).lowercased() }
    guard header == ["path", "label"] || header == ["path", "label", "split"] else {
      throw failure(1, "expected the header path,label or path,label,split")
    }
    let width = header?.count ?? 2
    var rows: [(path: String, label: String, part: Split.Part?)] = []
    var known: Set<String> = []
    while let record = text.next() {
      guard !text.isMalformed else { throw failure(record.line, "a quote is not closed") }
      let fields = record.fields
      guard fields.count == width else {
        throw failure(record.line, "has \(fields.count) fields, expected \(width)")
      }
      guard !fields[0].isEmpty, !fields[1].isEmpty else {
        throw failure(record.line, "the path or the label is empty")
      }
      let part = width == 3 ? Split.Part(folder: fields[2]) : nil
      guard width == 2 || part != nil else {
        throw failure(record.line, "split is '\(fields[2])', expected train, validation or test")
      }
      guard known.insert(fields[0]).inserted else {
        throw failure(record.line, "lists \(fields[0]) for the second time")
      }
      rows.append((fields[0], fields[1], part))
    }
    let names = naturallySorted(Set(rows.map(\.label)))
    guard !names.isEmpty else { throw failure(2, "the list has no images") }
    let classes = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
    let folder = path.split(separator: "/").count > 1 || path.hasPrefix("/")
    let root = folder ? URL(filePath: path).deletingLastPathComponent().relativePath : "."
    let order = Dictionary(
      uniqueKeysWithValues: naturallySorted(rows.map(\.path)).enumerated().map { ($1, $0) })
    let files = rows.map {
      ImageFile(path: $0.path, classIndex: classes[$0.label] ?? 0, assignedPart: $0.part)
    }.sorted {
      ($0.classIndex, order[$0.path] ?? 0) < ($1.classIndex, order[$1.path] ?? 0)
    }
    return DatasetListing(
      root: root, source: path, layout: .list, classNames: names, files: files)
  }
}
