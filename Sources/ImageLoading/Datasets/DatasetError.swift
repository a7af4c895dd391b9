package import Support

/// Why a dataset cannot be used.
public enum DatasetError: Error, Equatable, Sendable, CustomStringConvertible {
  /// There is no such folder.
  case folderMissing(path: String)
  /// The path is not a folder.
  case notAFolder(path: String)
  /// The file system refuses to read it.
  case unreadable(path: String, reason: String)
  /// The process or the machine ran short of open files or memory while this was read.
  case shortage(path: String, reason: String)
  /// A list is malformed; lines count from 1.
  case list(path: String, line: Int, reason: String)
  /// There are neither class folders nor file names with a class in them.
  ///
  /// `ignored` are the files that are there.
  case noImages(path: String, ignored: [DataReport.Finding] = [])
  /// A folder can be read in two ways; `advice` says how to decide.
  case ambiguous(path: String, readings: [String], advice: String)
  /// There is only one class; `link` is a link to its folder that may have been meant as another.
  case singleClass(path: String, name: String, link: DataReport.Finding? = nil)
  /// A class has no readable image; `example` is a file that could not be read.
  case emptyClass(path: String, name: String, example: String?)
  /// None of the images of a ready-made part can be read; `example` is one.
  case emptyPart(path: String, part: Split.Part, count: Int, example: String?)
  /// A strict load found images it cannot use, or that no class was found for.
  case strict(path: String, count: Int, example: String)
  /// An image has changed since it was loaded.
  case changed(path: String, reason: String)
  /// The split file does not exist or cannot be opened.
  case splitMissing(file: String)
  /// The file is not a split.
  case splitMalformed(file: String)
  /// A split file does not match the images; `count` of them, of which `example` is one.
  case splitMismatch(file: String, count: Int, example: String, reason: String)

  public var description: String {
    switch self {
    case .folderMissing(let path):
      "\(path): no such folder; give the folder that holds one folder per class"
    case .notAFolder(let path):
      "\(path): not a folder; give one with a folder per class, or a list named .csv"
    case .unreadable(let path, let reason):
      "\(path): cannot be read: \(reason)"
    case .shortage(let path, let reason):
      "\(path): cannot be read: \(reason), which is not the file's fault; raise the limits "
        + "('ulimit -n', 'ulimit -v'), lower --threads, or end other programs"
    case .list(let path, let line, let reason):
      "\(path): line \(line): \(reason)"
    case .noImages(let path, let ignored):
      "\(path): no images found"
        + (ignored.first.map {
          " (\(ignored.count.counted("file")) ignored, the first is \($0))"
        } ?? "")
        + "; give one folder per class or names like cat.0.jpg"
    case .ambiguous(let path, let readings, let advice):
      "\(path): can be read in two ways: \(readings.joined(separator: "; or ")); \(advice)"
    case .singleClass(let path, let name, let link):
      "\(path): only one class, '\(name)'\(link.map { " (\($0))" } ?? ""); give at least two "
        + (DatasetLister.isList(path) ? "labels" : "class folders side by side")
    case .emptyClass(let path, let name, let example):
      "\(path): class '\(name)' has no readable image"
        + (example.map { " (\($0))" } ?? "")
        + (DatasetLister.isList(path)
          ? "; correct the paths, which are relative to the list, or remove the lines"
          : "; add JPEGs or PNGs, or remove it")
    case .emptyPart(let path, let part, let count, let example):
      "\(path): none of the files for \(part == .train ? "training" : part.rawValue) "
        + "(\(count.grouped)) can be read" + (example.map { " (\($0))" } ?? "")
        + "; add JPEG or PNG images or remove them"
    case .changed(let path, let reason):
      "\(path): changed since it was loaded: \(reason); "
        + "leave the images unchanged during a run, or start a new run"
    case .splitMissing(let file):
      "\(file): no such split file; write one with 'marbles data split'"
    case .splitMalformed(let file):
      "\(file): not a split file; write one with 'marbles data split'"
    case .splitMismatch(let file, let count, let example, let reason):
      "\(file): does not match the images: \(count.grouped) \(count == 1 ? "is" : "are") "
        + "\(reason), the first is \(example); write a new one with 'marbles data split'"
    case .strict(let path, let count, let example):
      "\(path): \(count.counted("image")) cannot be used, the first is \(example); "
        + "repair or remove them, or train without --strict"
    }
  }
}

extension DatasetError {
  /// What kept a folder or a file of a dataset from being read.
  package init(reading path: String, _ refusal: PlainFile.Refusal) {
    self =
      refusal.isShortage
      ? .shortage(path: path, reason: refusal.reason)
      : .unreadable(path: path, reason: refusal.reason)
  }
}
