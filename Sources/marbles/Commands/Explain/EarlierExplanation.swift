import Foundation
import Support

/// What an explanation that is replaced was of, and its files, as its summary says.
struct EarlierExplanation: Decodable {
  private var checkpoint: String, score: String, images: [Image], files: [String]

  private struct Image: Decodable, Hashable { var path: String, `class`: String }

  /// - Returns: Nil if there is no summary, or none as Marbles wrote it.
  private init?(summary path: String) {
    guard OwnFile.isOne(path), let bytes = try? fileBytes(path),
      let found = try? jsonDecoder().decode(Self.self, from: Data(bytes))
    else { return nil }
    self = found
  }

  /// Removes what earlier explanations have left in a folder and a new one does not have, if it is
  /// as Marbles wrote it: maps of other photos would mislead.
  static func replace(in folder: String, by new: ExplanationReport.Summary, quiet: Bool) {
    let written = Set(new.files)
    let photos = Set(new.images.compactMap { FileIdentity($0.path) })
    for name in ["explanation.json", "worst.json"] {
      guard let earlier = Self(summary: "\(folder)/\(name)") else { continue }
      if !quiet, !earlier.isSame(as: new) {
        Console.note("note: \(folder) held the explanation of \(earlier.text), which is replaced")
      }
      let files = earlier.places(in: folder, summary: name).filter { file in
        !(FileIdentity(file).map { photos.contains($0) } ?? false)
      }
      OwnFile.removeOutdated(files, besides: written)
      // Folders of photos, of which those that are empty go.
      for inner in Set(files.map { AtomicFile.folder(of: $0) }) where inner != folder {
        unsafe rmdir(inner)
      }
    }
  }

  /// Where its files are, also if the folder has another name now; the summary is the first.
  private func places(in folder: String, summary name: String) -> [String] {
    guard let own = files.first, own.hasSuffix("/\(name)") else { return [] }
    let before = own.dropLast(name.count)
    return files.filter { $0.hasPrefix(before) }.map { "\(folder)/\($0.dropFirst(before.count))" }
  }

  /// Whether it is of the same network, images and classes.
  private func isSame(as new: ExplanationReport.Summary) -> Bool {
    checkpoint == new.checkpoint && score == new.score
      && images == new.images.map { Image(path: $0.path, class: $0.class) }
  }

  /// In words.
  private var text: String {
    let subject =
      images.count == 1
      ? "\(images[0].path) as \(images[0].class)" : images.count.counted("image")
    return "\(subject) by \(checkpoint)".printable
  }
}
