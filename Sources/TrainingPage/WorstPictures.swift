internal import ImageLoading
internal import LocalServer
internal import PageFrame
internal import Support
internal import Synchronization
internal import Training

/// Small pictures of the images for validation with the highest loss.
///
/// A file is only read if the run lists it in `split.json`, and only shown if its content is what
/// the run has listed.
final class WorstPictures: Sendable {
  /// Those of an epoch.
  struct Answer: Encodable {
    /// Epochs that can be asked for.
    var epochs: [Int]
    var epoch: Int, step: Int
    var images: [Image]
  }

  /// An image, what it is, and what the network said.
  struct Image: Encodable {
    var path: String, label: String, answer: String
    var probability: Double, loss: Double?
    /// Whether it was not among the worst of the epoch before in the list.
    var isNew: Bool
    /// A JPEG file as an address; nil if the image is not there as it was.
    var picture: String?
  }

  /// Pixels of each side, and pictures that are held.
  fileprivate static let size = 96, most = 256
  /// Bytes of a split, and of an image.
  fileprivate static let splitLimit = 64 << 20, imageLimit = 64 << 20

  fileprivate struct Held {
    /// The hashes of the run that was asked for last, by the paths of its images.
    var run = "", stamp: FileStamp?, hashes: [String: String] = [:]
    /// By the hash of the image.
    var pictures: [String: String] = [:]
  }

  private let held = Mutex(Held())

  /// The images of an epoch; of the last one if none is given.
  ///
  /// - Throws: `FieldError` if there is none, or the run's files cannot be read.
  func answer(for run: RunDirectory, epoch number: Int?) throws(FieldError) -> Answer {
    do {
      let all = try WorstImages(contentsOf: run).epochs
      let index = number == nil ? all.indices.last : all.firstIndex { $0.epoch == number }
      guard let index else {
        throw FieldError(
          field: number == nil ? "run" : "epoch",
          message: number == nil
            ? "it has validated no epoch yet, or has no images for validation"
            : "the images of this epoch are not kept")
      }
      let record = try RunRecord(contentsOf: run)
      let before = index > 0 ? Set(all[index - 1].images.map(\.path)) : nil
      let (folder, classes) = (record.dataLocation, record.classes)
      return held.withLock { held in
        held.read(run)
        return Answer(
          epochs: all.map(\.epoch), epoch: all[index].epoch, step: all[index].step,
          images: all[index].images.filter {
            classes.indices.contains($0.label) && classes.indices.contains($0.answer)
          }.prefix(WorstImages.most).map {
            Image(
              path: $0.path, label: classes[$0.label], answer: classes[$0.answer],
              probability: $0.probability, loss: $0.loss.finite,
              isNew: before.map { [path = $0.path] in !$0.contains(path) } ?? false,
              picture: held.picture(of: $0.path, in: folder))
          })
      }
    } catch let error as FieldError {
      throw error
    } catch {
      throw FieldError(field: "run", message: "\(error)")
    }
  }
}

extension WorstPictures.Held {
  /// Reads which images a run has, if that is another run or file than before.
  fileprivate mutating func read(_ run: RunDirectory) {
    let found = FileStamp(run.split)
    guard run.path != self.run || found != stamp else { return }
    (self.run, stamp, hashes) = (run.path, found, [:])
    guard let found, found.size <= WorstPictures.splitLimit,
      let split = try? SplitFile.read(of: run)
    else { return }
    hashes = Dictionary(split.entries.map { ($0.path, $0.sha256) }) { first, _ in first }
  }

  /// The picture of an image of the run; nil if it is not one, or not as it was.
  fileprivate mutating func picture(of path: String, in folder: String) -> String? {
    guard let hash = hashes[path] else { return nil }
    if let known = pictures[hash] { return known }
    let file = path.hasPrefix("/") ? path : "\(folder)/\(path)"
    guard let bytes = try? PlainFile.bytes(of: file, limit: WorstPictures.imageLimit),
      ContentHash.sha256(bytes) == hash
    else { return nil }
    let need = ImageDecoder().pixelBytes(of: bytes, atLeast: WorstPictures.size)
    let decoded = DecodingGate.shared.holding(need) {
      try? ImageDecoder().decode(bytes, atLeast: WorstPictures.size)
    }
    guard let decoded else { return nil }
    let small = ImageGeometry(imageSize: WorstPictures.size, fit: .crop).apply(to: decoded.pixels)
    let picture = dataAddress(ImageEncoder.jpeg(small, quality: 80), type: "image/jpeg")
    if pictures.count >= WorstPictures.most { pictures = [:] }
    pictures[hash] = picture
    return picture
  }
}
