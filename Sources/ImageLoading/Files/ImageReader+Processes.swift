internal import Foundation
internal import Support
internal import Tensors

extension ImageReader {
  /// Reads paths; of several processes each reads some, and all get all.
  ///
  /// - Throws: `DatasetError.shortage`, of a path that this process has read.
  func readTogether(
    _ paths: [String], known: CacheSet?, location: @Sendable (_ path: String) -> String
  ) throws(DatasetError) -> [Result<Image, Reason>] {
    guard let processes = workers.processes else {
      return try read(paths, known: known, location: location)
    }
    let ends = (0...processes.count).map { paths.count * $0 / processes.count }
    let own = ends[processes.rank]..<ends[processes.rank + 1]
    let outcomes = try read(Array(paths[own]), known: known, location: location)
    let texts = processes.all(Array(jsonText(outcomes.map(SharedOutcome.init)).utf8))
    let pixels = processes.all(outcomes.flatMap { (try? $0.get())?.pixels ?? [] })
    return zip(texts, pixels).flatMap { text, pixels in
      guard let shared = try? jsonDecoder().decode([SharedOutcome].self, from: Data(text)) else {
        preconditionFailure("a process of the same version has said what cannot be read")
      }
      var rest = pixels[...]
      return shared.map { $0.outcome(&rest, byteCount: geometry?.byteCount ?? 0) }
    }
  }
}

/// What a process tells the others of a file that it has read, besides the pixels.
private struct SharedOutcome: Codable {
  private var image: CachedImage?
  private var origin: ImageReader.Image.Origin?
  /// Why it is no usable image.
  private var reason = ""

  init(_ outcome: Result<ImageReader.Image, ImageReader.Reason>) {
    switch outcome {
    case .success(let read):
      image = CachedImage(read, path: "", stamp: read.stamp)
      origin = read.origin
    case .failure(let failure): reason = failure.text
    }
  }

  /// The outcome, whose pixels are taken from the beginning of `pixels`.
  func outcome(
    _ pixels: inout ArraySlice<UInt8>, byteCount: Int
  ) -> Result<ImageReader.Image, ImageReader.Reason> {
    guard let image, let origin else { return .failure(ImageReader.Reason(text: reason)) }
    let own = Array(pixels.prefix(byteCount))
    pixels = pixels.dropFirst(byteCount)
    return .success(ImageReader.Image(image, pixels: own, origin: origin, stamp: image.stamp))
  }
}
