internal import Foundation
internal import Support
internal import Synchronization
public import Tensors

/// Writes a set of sketches as image files into class folders `cat` and `dog`.
public struct SketchWriter: Sendable {
  private let artist: SketchArtist
  private let workers: Workers

  /// Creates a writer.
  ///
  /// - Parameter workers: The threads that draw; the files do not depend on their number.
  public init(artist: SketchArtist, workers: Workers = Workers()) {
    self.artist = artist
    self.workers = workers
  }

  /// Writes `count` sketches, cats and dogs alternating: `folder/cat/cat-0001.jpg`, ….
  ///
  /// Each file appears whole or not at all. A set that was interrupted can be written again into
  /// the same folder; the files are the same.
  ///
  /// - Throws: `SketchError.folderInUse`, before anything is written, if the folder holds anything
  ///   but files of this very set; `SketchError.unwritable`.
  /// - Precondition: `count` is positive.
  public func write(count: Int, to folder: String) throws(SketchError) {
    precondition(count > 0, "\(count) sketches")
    let files = (0..<count).map { SketchFile(index: $0, seed: artist.configuration.seed) }
    try refuseForeignEntries(in: folder, besides: files)
    for animal in Animal.allCases {
      let path = "\(folder)/\(animal.rawValue)"
      do {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      } catch { throw .unwritable(path: path, reason: error.localizedDescription) }
    }
    // The earliest failure is reported, whichever worker encountered it.
    let failure = Mutex<(index: Int, error: SketchError)?>(nil)
    workers.run(count) { index in
      guard failure.withLock({ $0 == nil }) else { return }
      do throws(SketchError) { try write(files[index], to: folder) } catch {
        failure.withLock { if index < $0?.index ?? .max { $0 = (index, error) } }
      }
    }
    if let failure = failure.withLock({ $0 }) { throw failure.error }
  }

  private func write(_ file: SketchFile, to folder: String) throws(SketchError) {
    let path = "\(folder)/\(file.animal.rawValue)/\(file.name)"
    let image = artist.draw(file.animal, number: file.number)
    do throws(FileError) {
      try AtomicFile.write(Data(file.format.encode(image)), to: path, durability: .relaxed)
    } catch { throw .unwritable(path: path, reason: error.reason) }
  }

  private func refuseForeignEntries(
    in folder: String, besides files: [SketchFile]
  ) throws(SketchError) {
    let own = Set(
      files.map { "\($0.animal.rawValue)/\($0.name)" } + Animal.allCases.map(\.rawValue))
    var isFolder: ObjCBool = false
    guard unsafe FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder) else {
      return
    }
    guard isFolder.boolValue else { throw .folderInUse(path: folder, found: "a file of this name") }
    let found = (FileManager.default.enumerator(atPath: folder)?.allObjects ?? [])
      .compactMap { $0 as? String }
    if let foreign = found.filter({ !own.contains(AtomicFile.destination(ofTemporary: $0) ?? $0) })
      .min()
    {
      throw .folderInUse(path: folder, found: foreign)
    }
    // Files that an interrupted writer left behind.
    for animal in Animal.allCases {
      AtomicFile.removeAbandoned(in: "\(folder)/\(animal.rawValue)") {
        own.contains("\(animal.rawValue)/\($0)")
      }
    }
  }
}
