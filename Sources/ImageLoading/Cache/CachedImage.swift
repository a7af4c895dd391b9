internal import Foundation

/// Size and time of change of a file: as long as both stay, its content is taken to stay.
struct FileStamp: Hashable, Codable, Sendable {
  var size: Int
  /// Nanoseconds since 1970.
  var modified: Int

  /// The stamp of a file now; nil when there is none.
  init?(_ path: String) {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { return nil }
    size = Int(status.st_size)
    modified = Int(status.st_mtim.tv_sec) * 1_000_000_000 + Int(status.st_mtim.tv_nsec)
  }

  /// Whether the file had been left alone for two seconds at a time.
  ///
  /// A file changed twice within one tick of its file system's clock keeps its stamp.
  func isSettled(at time: Date) -> Bool {
    Double(modified) / 1e9 < time.timeIntervalSince1970 - 2
  }
}

/// What a cache file knows about one image, besides the pixels.
struct CachedImage: Codable, Sendable {
  /// Relative to the folder of images.
  var path: String
  /// Of the file when it was read; nil when it may have been changing.
  var stamp: FileStamp?
  /// Of the file's bytes, and of the pixels.
  var sha256: String, pixelHash: String
  /// As it is looked at, pixels.
  var width: Int, height: Int
  var format: ImageFormat
  var perceptualHash: PerceptualHash?
  var remarks: [DecodingRemark]
}
