/// Why a folder of images cannot be used.
public enum DatasetError: Error, Equatable, Sendable, CustomStringConvertible {
  /// There is nothing of that name.
  case folderMissing(path: String)
  /// There is something, but not a folder.
  case notAFolder(path: String)
  /// The system does not let us look inside.
  case unreadable(path: String, reason: String)
  /// A list is not as expected; lines count from 1.
  case list(path: String, line: Int, reason: String)
  /// No class folders and no names with a class in them.
  case noImages(path: String)
  /// Only one class; there is nothing to tell apart.
  case singleClass(path: String, name: String)
  /// A class has files, but not one that can be read, or none at all.
  case emptyClass(path: String, name: String, example: String?)
  /// A strict run met an image it cannot use.
  case strict(path: String, count: Int, example: String)

  /// An image that is read again is not what it was.
  case changed(path: String, reason: String)
  /// There is no such split file, or it cannot be opened.
  case splitMissing(file: String)
  /// A file is no split.
  case splitMalformed(file: String)
  /// A split file does not fit the images; `count` of them, of which one is named.
  case splitMismatch(file: String, count: Int, example: String, reason: String)

  public var description: String {
    switch self {
    case .folderMissing(let path):
      "\(path): no such folder; give the folder that holds one folder per class"
    case .notAFolder(let path):
      "\(path): not a folder; give the folder that holds one folder per class"
    case .unreadable(let path, let reason):
      "\(path): cannot be read: \(reason)"
    case .list(let path, let line, let reason):
      "\(path): line \(line): \(reason)"
    case .noImages(let path):
      "\(path): no images found; expected one folder per class (cat/…, dog/…) or names like cat.0.jpg"
    case .singleClass(let path, let name):
      "\(path): only one class, '\(name)'; a classifier needs at least two class folders side by side"
    case .emptyClass(let path, let name, let example):
      "\(path): class '\(name)' has no readable image"
        + (example.map { " (\($0))" } ?? "") + "; add JPEG or PNG images or remove the folder"
    case .changed(let path, let reason):
      "\(path): changed while it was in use: \(reason); leave the images alone during a run, or start a new one"
    case .splitMissing(let file):
      "\(file): no such split file; write one with 'marbles data split'"
    case .splitMalformed(let file):
      "\(file): not a split file; write one with 'marbles data split'"
    case .splitMismatch(let file, let count, let example, let reason):
      "\(file): does not fit the images: \(count) \(count == 1 ? "is" : "are") \(reason), the first is \(example); write a new one with 'marbles data split'"
    case .strict(let path, let count, let example):
      "\(path): \(count) image\(count == 1 ? "" : "s") cannot be used, the first is \(example); mend or remove them, or train without --strict"
    }
  }
}
