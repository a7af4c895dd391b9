import ArgumentParser
import Foundation
import ImageLoading
import Support
import Training

/// Whether files of the user may be replaced.
struct WriteOptions: ParsableArguments {
  @Flag(help: "Replace files also if they are not as Marbles wrote them; never inputs.")
  var overwrite = false
}

/// The files that a command writes: all are claimed before its work begins, so that a name that
/// cannot be used costs no time, and nothing of the user's is replaced.
struct Outputs {
  private let replacesAny: Bool
  private let inputs: [String]
  private let listings: [DatasetListing]
  private var claimed: Set<String> = []

  /// - Parameters:
  ///   - inputs: The files that the command reads.
  ///   - data: The images that it reads.
  init(_ options: WriteOptions? = nil, inputs: [String?] = [], data: [DatasetListing] = []) {
    replacesAny = options?.overwrite ?? false
    self.inputs = inputs.compactMap { $0 } + data.map(\.source)
    listings = data
  }

  /// - Parameter replacesAny: Whether files of the user may be replaced.
  init(replacesAny: Bool) {
    self.replacesAny = replacesAny
    inputs = []
    listings = []
  }

  /// Claims a file.
  ///
  /// - Parameter option: Its name on the command line, for messages.
  /// - Throws: `Failure`: wrong usage for another kind of file than the name says, for an input and
  ///   for a place among the images; an output that cannot be written for a file that is not as
  ///   Marbles wrote it, and for what the system refuses.
  mutating func claim(
    _ path: String, _ kind: OutputKind, option: String = "--out"
  ) throws -> OutputFile {
    if AtomicFile.isNamedPipe(path) {
      throw Failure(
        .output,
        "\(path): is a pipe or a socket, expected a file; choose another \(option)")
    }
    let isStandardOutput = OutputFile.namesStandardOutput(path)
    if isStandardOutput || AtomicFile.isStream(path) {
      guard kind.isText || !isStandardOutput else {
        throw Failure(
          .usage, "\(option): a figure is not written to standard output; name a file")
      }
      guard !isStandardOutput || claimed.insert("-").inserted else {
        throw Failure(.usage, "\(option): standard output would be written twice; name a file")
      }
      // A stream may have been sent into a plain file.
      try refuseInput(path, path, option)
      return OutputFile(path: path, kind: kind, replacesAny: true)
    }
    try kind.check(path, option)
    let target = try destination(of: path)
    try refuseAmongImages(path, target, option)
    try refuseInput(path, target, option)
    if FileIdentity(target) != nil, let run = RunDirectory(ownerOf: target) {
      throw Failure(
        .usage, "\(path): is a file of the run \(run.path); choose another \(option)")
    }
    guard claimed.insert(target).inserted else {
      throw Failure(.usage, "\(path): would be written twice; choose another \(option)")
    }
    let file = OutputFile(path: path, kind: kind, replacesAny: replacesAny)
    try file.requireReplaceable(option)
    return file
  }

  /// Claims a file if it is wanted.
  mutating func claim(
    _ path: String?, _ kind: OutputKind, option: String
  ) throws -> OutputFile? {
    guard let path else { return nil }
    let file: OutputFile = try claim(path, kind, option: option)
    return file
  }

  /// Claims a table that is named after its figure.
  ///
  /// Without that figure, a table of its name comes from elsewhere, and nobody has named it.
  mutating func claim(twin path: String, of figure: String) throws -> OutputFile {
    let table: OutputFile = try claim(path, .table)
    guard !replacesAny, FileIdentity(path) != nil, FileIdentity(figure) == nil else { return table }
    throw Failure(
      .output,
      "\(path): exists, and would be replaced by the table of \(figure); choose another --out, or "
        + "replace it with --overwrite")
  }

  /// Refuses a folder to be written into that is one of the images' or lies in one.
  ///
  /// A folder may lie beside a list, where nothing else is read.
  ///
  /// - Throws: `Failure` for wrong usage.
  func refuseAmongImages(folder: String, option: String = "--out") throws {
    let target = canonicalPath(folder)
    let own = FileIdentity(target)
    try refuse(folder, in: FileIdentity.folders(above: target), option) { listing in
      let root = FileIdentity(listing.root)
      return listing.layout == .list && root != own ? root : nil
    }
  }

  /// Makes a folder for several files, unless it lies among the images or in a run, or a name in it
  /// leads elsewhere.
  ///
  /// - Throws: `Failure` for wrong usage, and what the system refuses.
  func prepare(folder: String, withParents: Bool = true) throws {
    try refuseAmongImages(folder: folder)
    if FileIdentity(RunDirectory(path: folder).record) != nil {
      throw Failure(.usage, "\(folder): is a run; choose another --out")
    }
    // Its own evaluation is all that a run has room for.
    if let run = RunDirectory(containing: folder),
      canonicalPath(folder) != canonicalPath(run.evaluation)
    {
      throw Failure(.usage, "\(folder): is in the run \(run.path); choose another --out")
    }
    try Folder.create(folder, withParents: withParents)
    // Only what a person has named may be a link.
    for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
      let path = "\(folder)/\(name)"
      let kind =
        try? FileManager.default.attributesOfItem(atPath: path)[.type] as? FileAttributeType
      guard kind != .typeSymbolicLink else {
        throw Failure(.output, "\(path): is a link; remove it, or choose another --out")
      }
    }
  }

  /// Where a file will be, without links.
  private func destination(of path: String) throws -> String {
    do throws(FileError) {
      let target = try AtomicFile.destination(of: path)
      if isFolder(target) { throw FileError(path: path, reason: "it is a folder") }
      let folder = AtomicFile.folder(of: target)
      guard unsafe access(folder, W_OK | X_OK) == 0 else { throw .lastSystemCall(path) }
      if FileIdentity(target) != nil, unsafe access(target, W_OK) != 0 {
        throw .lastSystemCall(path)
      }
      return canonicalPath(target)
    } catch {
      throw Failure(error)
    }
  }

  /// Refuses a file that the command reads, also an image of a list or behind a link.
  private func refuseInput(_ path: String, _ target: String, _ option: String) throws {
    guard !isFolder(target), let identity = FileIdentity(target) else { return }
    if let input = inputs.first(where: { FileIdentity($0) == identity }) {
      let name = input == path ? "" : " (as \(input))"
      throw Failure(.usage, "\(path): is read by this command\(name); choose another \(option)")
    }
    for listing in listings
    where listing.files.contains(where: { FileIdentity(listing.location(of: $0.path)) == identity })
    {
      throw failure(path, among: listing, option)
    }
  }

  private func refuseAmongImages(_ path: String, _ target: String, _ option: String) throws {
    try refuse(path, in: FileIdentity.folders(above: target), option)
  }

  /// Refuses what lies in a folder of the images of a listing, except for one.
  private func refuse(
    _ path: String, in folders: Set<FileIdentity>, _ option: String,
    except: (DatasetListing) -> FileIdentity? = { _ in nil }
  ) throws {
    for listing in listings {
      let own = listing.folders.subtracting([except(listing)].compactMap(\.self))
      if !folders.isDisjoint(with: own) { throw failure(path, among: listing, option) }
    }
  }

  private func failure(
    _ path: String, among listing: DatasetListing, _ option: String
  ) -> Failure {
    Failure(
      .usage, "\(path): lies among the images of \(listing.source); choose another \(option)")
  }
}

extension DatasetListing {
  /// The folders that images lie in: of a list those of its images, of a folder itself and where
  /// the links in it lead.
  fileprivate var folders: Set<FileIdentity> {
    var folders: Set<String> = layout == .list ? [] : [root]
    for file in files {
      let place = location(of: file.path)
      var folder = AtomicFile.folder(of: place)
      if isLink(place) { folders.insert(AtomicFile.folder(of: canonicalPath(place))) }
      while folders.insert(folder).inserted, layout != .list {
        folder = AtomicFile.folder(of: folder)
      }
    }
    return Set(folders.compactMap(FileIdentity.init))
  }
}

/// Whether a path names a link.
func isLink(_ path: String) -> Bool {
  var status = stat()
  return unsafe lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
}

extension RunDirectory {
  /// The run that a file of tables, checkpoints or records belongs to; nil for figures and others.
  fileprivate init?(ownerOf path: String) {
    guard let run = RunDirectory(containing: path) else { return nil }
    guard run.files.contains(path) else { return nil }
    self = run
  }
}
