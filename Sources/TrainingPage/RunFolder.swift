internal import Foundation
internal import Training

/// The folder whose runs the page shows.
///
/// A name from a request is only ever compared with the names in the folder. Links are left out,
/// as they may lead anywhere: so `latest` is, too.
struct RunFolder: Sendable {
  let path: String

  /// Runs that are shown; of more, those that were written last.
  static let most = 200

  /// The runs, the latest written first.
  var runs: [RunDirectory] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    let found = names.compactMap { name -> (run: RunDirectory, written: Double)? in
      let run = RunDirectory(path: "\(path)/\(name)")
      guard FileStamp.isFolder(run.path), let stamp = FileStamp(run.record) else { return nil }
      return (run, stamp.modified)
    }
    return found.sorted { ($0.written, $0.run.path) > ($1.written, $1.run.path) }
      .prefix(Self.most).map(\.run)
  }

  /// A run of the folder; nil if there is none of this name.
  func run(named name: String) -> RunDirectory? { runs.first { $0.name == name } }
}

/// The size and time of a plain file, by which a change is noticed without reading it.
struct FileStamp: Hashable, Sendable {
  /// Bytes.
  let size: Int
  /// Seconds since 1970.
  let modified: Double

  /// Nil if nothing is there, or something else, such as a link.
  init?(_ path: String) {
    guard let status = Self.status(path), status.st_mode & S_IFMT == S_IFREG else { return nil }
    size = Int(status.st_size)
    modified = Double(status.st_mtim.tv_sec) + Double(status.st_mtim.tv_nsec) * 1e-9
  }

  /// Whether a folder itself is there, not a link to one.
  static func isFolder(_ path: String) -> Bool {
    status(path).map { $0.st_mode & S_IFMT == S_IFDIR } ?? false
  }

  private static func status(_ path: String) -> stat? {
    var status = stat()
    return unsafe lstat(path, &status) == 0 ? status : nil
  }
}
