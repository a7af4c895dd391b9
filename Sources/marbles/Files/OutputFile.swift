import Foundation
import Plotting
import Support
import Training

/// What a file is to hold, which its name must say.
enum OutputKind {
  /// In the format of the name; if one is given, in that.
  case figure(FigureFormat? = nil)
  case image, table, split, summary, page, checkpoint

  /// The endings a name may have.
  private var endings: [String] {
    switch self {
    case .figure(nil): FigureFormat.allCases.map(\.rawValue)
    case .figure(let format?): [format.rawValue]
    case .image: ["png"]
    case .table: ["csv"]
    case .split, .summary: ["json"]
    case .page: ["html"]
    case .checkpoint: ["safetensors"]
    }
  }

  /// Whether it can be read on a terminal.
  var isText: Bool {
    switch self {
    case .table, .split, .summary, .page: true
    case .figure, .image, .checkpoint: false
    }
  }

  /// Refuses a name that says something else.
  ///
  /// - Throws: `Failure` for wrong usage.
  func check(_ path: String, _ option: String) throws {
    let ending = URL(filePath: path).pathExtension.lowercased()
    // A name that says nothing, where the format was chosen.
    if case .figure(_?) = self, ending.isEmpty { return }
    guard !endings.contains(ending) else { return }
    let names = endings.map { ".\($0)" }
    let list = names.dropLast().joined(separator: ", ")
    let expected = list.isEmpty ? names[0] : "\(list) or \(names.last ?? "")"
    throw Failure(.usage, "\(option) is '\(path)', expected a name ending in \(expected)")
  }
}

/// A file that `Outputs` has allowed to be written.
struct OutputFile {
  /// As it was given; `-` is standard output, as `/dev/stdout` is.
  let path: String
  fileprivate let kind: OutputKind
  fileprivate let replacesAny: Bool

  init(path: String, kind: OutputKind, replacesAny: Bool) {
    (self.path, self.kind, self.replacesAny) = (path, kind, replacesAny)
  }

  /// Whether the content goes to standard output, where nothing else may then be printed.
  var isStandardOutput: Bool { Self.namesStandardOutput(path) }

  /// Whether a path names standard output.
  static func namesStandardOutput(_ path: String) -> Bool {
    path == "-" || AtomicFile.ownDescriptor(path) == 1
  }

  /// Writes a text that ends with a line break.
  func write(_ text: String) throws {
    if isStandardOutput { return Console.output(String(text.dropLast())) }
    try write(Array(text.utf8))
  }

  /// Writes a figure in the format that the name says.
  func write(_ figure: some Figure) throws {
    try write(figure.encoded(as: format))
  }

  /// Writes a figure in that format, with a title and a size.
  func write(_ figure: some TitledFigure, _ look: FigureLook) throws {
    try write(look.encoded(figure, as: format))
  }

  private var format: FigureFormat {
    if case .figure(let chosen?) = kind { return chosen }
    return FigureFormat(path: path) ?? .png
  }

  /// Writes bytes, whole or not at all.
  func write(_ bytes: [UInt8]) throws {
    // Another program may have made the file since it was claimed.
    try requireReplaceable("name")
    try AtomicFile.write(Data(bytes), to: path, in: .named)
    // Checkpoints are worth more than a name typed wrong.
    if case .checkpoint = kind { return }
    if !AtomicFile.isStream(path) { OwnFile.mark(path, content: bytes) }
  }

  /// Writes a checkpoint.
  func write(_ checkpoint: Checkpoint) throws {
    try write(Array(checkpoint.encoded))
  }

  /// Refuses to replace a file that Marbles did not make, or that was changed since; behind a link
  /// also where files may be replaced, since only those that are named may.
  ///
  /// - Throws: `Failure` for an output that cannot be written.
  func requireReplaceable(_ option: String) throws {
    guard !AtomicFile.isStream(path), !replacesAny || isLink(path),
      let target = try? AtomicFile.destination(of: path),
      let size = try? FileManager.default.attributesOfItem(atPath: target)[.size] as? Int,
      size > 0, !OwnFile.isOne(path)
    else { return }
    throw Failure(
      .output,
      isLink(path)
        ? "\(path): leads to \(target), which is not as Marbles wrote it; choose another \(option)"
          + ", or replace that file by its own name with --overwrite"
        : "\(path): exists, and is not as Marbles wrote it; choose another \(option), or replace "
          + "it with --overwrite")
  }
}
