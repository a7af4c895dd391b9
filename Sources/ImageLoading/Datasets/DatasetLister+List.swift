internal import Foundation

// A dataset as a list: a CSV file with the columns path, label and, optionally, split and others.
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
      throw error.isShortage
        ? .shortage(path: path, reason: error.reason)
        : .unreadable(path: path, reason: error.reason)
    }
    var text = DelimitedText(bytes)
    func failure(_ line: Int, _ reason: String) -> DatasetError {
      .list(path: path, line: line, reason: reason)
    }
    if let line = TextEncoding.firstLineNotUTF8(bytes) {
      throw failure(line, TextEncoding.notUTF8)
    }
    let header = text.next()?.fields.map { $0.trimmingCharacters(in: .whitespaces).lowercased() }
    guard let header, header.prefix(2) == ["path", "label"] else {
      throw failure(1, "expected a header that begins with path,label")
    }
    let columns = header.dropFirst(2)
    guard Set(header).count == header.count, !header.contains("") else {
      throw failure(1, "a column has no name, or the name of another one")
    }
    let split = columns.firstIndex(of: "split")
    let others = columns.indices.filter { $0 != split }
    let folder = path.split(separator: "/").count > 1 || path.hasPrefix("/")
    let root = folder ? URL(filePath: path).deletingLastPathComponent().relativePath : "."
    var rows: [(path: String, label: String, part: Split.Part?, values: [String])] = []
    var places = PathPlaces(root: root)
    var lines: [[UInt8]: Int] = [:]
    while let record = text.next() {
      guard !text.isMalformed else { throw failure(record.line, "a quote is not closed") }
      let fields = record.fields
      let texts = fields.map { $0.trimmingCharacters(in: .whitespaces) }
      // What spreadsheets leave below a table.
      if texts.allSatisfy(\.isEmpty) { continue }
      guard fields.count == header.count else {
        throw failure(record.line, "has \(fields.count) fields, expected \(header.count)")
      }
      guard !record.fields.contains(where: { $0.utf8.contains(0) }) else {
        throw failure(record.line, "has a NUL character; remove it")
      }
      guard !texts[0].isEmpty, !texts[1].isEmpty else {
        throw failure(record.line, "the path or the label is empty")
      }
      let part = split.flatMap { Split.Part(folder: texts[$0]) }
      if let split, part == nil {
        throw failure(
          record.line, "split is '\(fields[split])', expected train, validation or test")
      }
      let file = PathPlaces.existing(fields[0], root)
      if let line = lines.updateValue(record.line, forKey: places.place(of: file)) {
        throw failure(
          record.line, "lists \(file) for the second time, after line \(line); remove one")
      }
      rows.append((file, texts[1], part, others.map { texts[$0] }))
    }
    let names = naturallySorted(Set(rows.map(\.label)))
    guard !names.isEmpty else { throw failure(2, "the list has no images") }
    let classes = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
    let files = ImageLoading.naturallySorted(rows, by: \.path).map {
      ImageFile(
        path: $0.path, classIndex: classes[$0.label] ?? 0, assignedPart: $0.part,
        values: $0.values)
    }
    let sorted = files.enumerated().sorted {
      ($0.element.classIndex, $0.offset) < ($1.element.classIndex, $1.offset)
    }
    return DatasetListing(
      root: root, source: path, layout: .list, classNames: names, files: sorted.map(\.element),
      notes: lookalikes(names), columns: others.map { header[$0] })
  }
}
