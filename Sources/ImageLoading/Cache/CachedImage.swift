internal import Foundation

/// Size and times of a file; while they stay, its content is taken as unchanged.
struct FileStamp: Hashable, Codable, Sendable {
  var size: Int
  /// When its content was modified, in nanoseconds since 1970; programs can set it back.
  var modified: Int
  /// When its content, its name or its owner changed last, which only the system sets.
  var changed: Int

  /// Reads the stamp of a file; nil when there is no such file, or its time is centuries away.
  init?(_ path: String) {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { return nil }
    size = Int(status.st_size)
    guard let modified = Self.nanoseconds(status.st_mtim),
      let changed = Self.nanoseconds(status.st_ctim)
    else { return nil }
    (self.modified, self.changed) = (modified, changed)
  }

  private static func nanoseconds(_ time: timespec) -> Int? {
    let (seconds, isFar) = Int(time.tv_sec).multipliedReportingOverflow(by: 1_000_000_000)
    let (nanoseconds, isFarther) = seconds.addingReportingOverflow(Int(time.tv_nsec))
    return isFar || isFarther ? nil : nanoseconds
  }

  /// Whether the file had not changed for two seconds at `time`.
  ///
  /// A file that changes twice within one tick of its file system's clock keeps its stamp.
  func isSettled(at time: Date) -> Bool {
    Double(modified) / 1e9 < time.timeIntervalSince1970 - 2
  }
}

/// The index entry of one image in a cache file.
struct CachedImage: Codable, Sendable {
  /// Relative to the folder of images.
  var path: String
  /// The file's stamp when it was read; nil when it may have been changing.
  var stamp: FileStamp?
  /// SHA-256 of the file's bytes and of the pixels.
  var sha256: String, pixelHash: String
  /// Upright, pixels.
  var width: Int, height: Int
  var format: ImageFormat
  var perceptualHash: PerceptualHash?
  var remarks: [DecodingRemark]
}

extension CachedImage {
  /// Describes an image; its pixels are not hashed yet.
  init(_ image: ImageReader.Image, path: String, stamp: FileStamp?) {
    self.init(
      path: path, stamp: stamp, sha256: image.sha256, pixelHash: "", width: image.width,
      height: image.height, format: image.format, perceptualHash: image.perceptualHash,
      remarks: image.remarks)
  }
}

extension ImageReader.Image {
  /// The image of an entry.
  init(_ known: CachedImage, pixels: [UInt8], origin: Origin, stamp: FileStamp?) {
    self.init(
      sha256: known.sha256, width: known.width, height: known.height, format: known.format,
      perceptualHash: known.perceptualHash, pixels: pixels, remarks: known.remarks,
      origin: origin, stamp: stamp)
  }
}
