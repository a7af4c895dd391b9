internal import Foundation

/// Where the files of a list are, however their paths are written.
private struct ListedPlaces {
  let root: String
  /// The line of each place; by bytes, as two files may have names that look the same.
  private var lines: [[UInt8]: Int] = [:]
  /// Folders without links, `.` and `..`, by the texts that name them.
  private var folders: [[UInt8]: String] = [:]

  init(root: String) { self.root = root }

  /// Adds a path; returns the line that has listed the same file already.
  mutating func add(_ path: String, line: Int) -> Int? {
    let location = path.hasPrefix("/") ? path : "\(root)/\(path)"
    let slash = location.lastIndex(of: "/") ?? location.startIndex
    let folder = String(location[..<slash])
    let real = folders[folder.pathBytes] ?? Self.resolved(folder)
    folders[folder.pathBytes] = real
    return lines.updateValue(line, forKey: (real + location[slash...]).pathBytes)
  }

  /// The folder that a path leads to; the path itself where there is none.
  private static func resolved(_ folder: String) -> String {
    guard let real = unsafe realpath(folder.isEmpty ? "/" : folder, nil) else { return folder }
    defer { unsafe free(real) }
    return unsafe String(cString: real)
  }
}

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
    var places = ListedPlaces(root: root)
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
      let file = existing(fields[0], root)
      if let line = places.add(file, line: record.line) {
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

  /// The spelling of a path under which there is a file; the path itself if there is none.
  ///
  /// Lists are made on other systems: with blanks around the path, with backslashes, and with
  /// letters in the other Unicode form.
  private static func existing(_ path: String, _ root: String) -> String {
    let trimmed = path.trimmingCharacters(in: .whitespaces)
    let isPlain = path.utf8.allSatisfy { $0 < 0x80 && $0 != UInt8(ascii: "\\") }
    guard !isPlain || trimmed.utf8.count < path.utf8.count else { return path }
    let slashes = trimmed.replacing("\\", with: "/")
    let spellings =
      [path, trimmed]
      + [trimmed, slashes].flatMap { text in
        [
          text, text.precomposedStringWithCanonicalMapping,
          text.decomposedStringWithCanonicalMapping,
        ]
      }
    return spellings.first { spelling in
      FileStamp(spelling.hasPrefix("/") ? spelling : "\(root)/\(spelling)") != nil
    } ?? trimmed
  }
}
