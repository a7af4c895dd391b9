internal import Foundation
internal import Support
internal import Synchronization
public import Tensors

/// Writes a set of sketches, or their masks, as image files into class folders `cat` and `dog`.
public struct SketchWriter: Sendable {
  /// What is drawn.
  public enum Drawing: Sendable { case images, masks }

  private let artist: SketchArtist
  private let drawing: Drawing
  private let workers: Workers

  /// Creates a writer.
  ///
  /// - Parameter workers: The threads that draw; the files do not depend on their number.
  public init(
    artist: SketchArtist, drawing: Drawing = .images, workers: Workers = Workers()
  ) {
    self.artist = artist
    self.drawing = drawing
    self.workers = workers
  }

  /// Writes `count` sketches, cats and dogs alternating: `folder/cat/cat-0001.jpg`, ….
  ///
  /// Each file appears whole or not at all. A set that was interrupted can be written again into
  /// the same folder: what is there is compared with what would be drawn, and stays.
  ///
  /// - Parameter replaces: Whether files that have the names of sketches and another content are
  ///   replaced.
  /// - Throws: `SketchError.folderInUse`, before anything is written, if the folder holds anything
  ///   but this very set, links too; `SketchError.unwritable`.
  /// - Precondition: `count` is positive.
  public func write(
    count: Int, to folder: String, replacing replaces: Bool = false
  ) throws(SketchError) {
    precondition(count > 0, "\(count) sketches")
    let files = files(count)
    let found = try ownEntries(in: folder, of: files)
    let old = replaces ? [] : files.filter { found.contains(path($0)) }
    try forEach(old) { file throws(SketchError) in
      guard (try? PlainFile.bytes(of: "\(folder)/\(path(file))")) == encoded(file) else {
        throw .folderInUse(path: folder, found: path(file))
      }
    }
    do throws(FileError) {
      for animal in Animal.allCases { try Folder.create("\(folder)/\(animal.rawValue)") }
    } catch { throw .unwritable(path: error.path, reason: error.reason) }
    let done = Set(old)
    try forEach(files.filter { !done.contains($0) }) { file throws(SketchError) in
      let path = "\(folder)/\(path(file))"
      do throws(FileError) {
        try AtomicFile.write(Data(encoded(file)), to: path, durability: .relaxed)
      } catch { throw .unwritable(path: path, reason: error.reason) }
    }
  }

  /// The rows of a list of the set as a dataset, the names of the columns first: path, label,
  /// backdrop, whether that is indoors, whether that is typical of the animal, and pose.
  ///
  /// - Parameter folder: What paths begin with.
  public func list(count: Int, in folder: String) -> [[String]] {
    let rows = files(count).map { file in
      let plan = artist.plan(file.animal, number: file.number)
      return [
        "\(folder)/\(path(file))", file.animal.rawValue, plan.backdrop.rawValue,
        plan.backdrop.place.rawValue, plan.backdrop.typicality(for: file.animal),
        plan.pose.rawValue,
      ]
    }
    return [["path", "label", "backdrop", "place", "typical", "pose"]] + rows
  }

  private func files(_ count: Int) -> [SketchFile] {
    (0..<count).map { SketchFile(index: $0, seed: artist.configuration.seed) }
  }

  /// The path of a sketch in the folder.
  private func path(_ file: SketchFile) -> String {
    switch drawing {
    case .images: file.path
    case .masks: "\(file.animal.rawValue)/\(file.maskName)"
    }
  }

  private func encoded(_ file: SketchFile) -> [UInt8] {
    switch drawing {
    case .images: file.format.encode(artist.draw(file.animal, number: file.number))
    case .masks: SketchFormat.png.encode(artist.mask(file.animal, number: file.number))
    }
  }

  /// Shares work on files among the workers, and ends early if some of it fails.
  ///
  /// - Throws: The earliest failure in the order of the files, whichever worker encountered it.
  private func forEach(
    _ files: [SketchFile], _ body: @Sendable (SketchFile) throws(SketchError) -> Void
  ) throws(SketchError) {
    let failure = Mutex<(index: Int, error: SketchError)?>(nil)
    workers.run(files.count) { index in
      guard failure.withLock({ $0.map { index < $0.index } ?? true }) else { return }
      do throws(SketchError) { try body(files[index]) } catch {
        failure.withLock { if index < $0?.index ?? .max { $0 = (index, error) } }
      }
    }
    if let failure = failure.withLock({ $0 }) { throw failure.error }
  }

  /// What the folder holds of a set; files that an interrupted writer left behind are removed.
  ///
  /// - Throws: `SketchError.folderInUse` if it holds anything else.
  private func ownEntries(
    in folder: String, of files: [SketchFile]
  ) throws(SketchError) -> Set<String> {
    guard FileManager.default.fileExists(atPath: folder) else { return [] }
    guard (try? Folder.isOne(folder)) == true else {
      throw .folderInUse(path: folder, found: "a file of this name")
    }
    let animals = Set(Animal.allCases.map(\.rawValue)), own = animals.union(files.map(path))
    let found = (FileManager.default.enumerator(atPath: folder)?.allObjects ?? [])
      .compactMap { $0 as? String }
    let foreign = found.filter { entry in
      !own.contains(AtomicFile.destination(ofTemporary: entry) ?? entry)
        || isLink("\(folder)/\(entry)")
    }
    if let first = foreign.min() { throw .folderInUse(path: folder, found: first) }
    for animal in animals {
      AtomicFile.removeAbandoned(in: "\(folder)/\(animal)") { own.contains("\(animal)/\($0)") }
    }
    return Set(found)
  }

  /// Whether an entry leads elsewhere.
  private func isLink(_ path: String) -> Bool {
    var status = stat()
    return unsafe lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
  }
}
