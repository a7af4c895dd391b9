internal import Support
public import Tensors

/// Reads files as images of one size, in parallel.
public struct ImageReader: Sendable {
  /// The size and fit of the result; nil keeps no pixels.
  public var geometry: ImageGeometry?
  /// The workers that share the work; results do not depend on their number.
  public var workers: Workers
  /// Where large images wait for each other.
  package var gate = DecodingGate.shared

  /// A file that was read.
  public struct Image: Sendable {
    /// SHA-256 of the file's bytes, hexadecimal.
    public let sha256: String
    /// Width and height of the file's image, upright by its Exif orientation, pixels.
    public let width: Int, height: Int
    /// The format its first bytes state.
    public let format: ImageFormat
    /// Fingerprint of its appearance; nil for a flat image.
    public let perceptualHash: PerceptualHash?
    /// size × size × 3 bytes, red, green, blue; empty without a geometry.
    public let pixels: [UInt8]
    /// Remarks of the decoder.
    public let remarks: [DecodingRemark]
    /// Channel sums of the pixels.
    let channelSums: ChannelSums
    /// Whether the pixels were decoded or cached.
    let origin: Origin
    /// The file's stamp, taken before it was opened.
    let stamp: FileStamp?

    init(
      sha256: String, width: Int, height: Int, format: ImageFormat,
      perceptualHash: PerceptualHash?, pixels: [UInt8], remarks: [DecodingRemark], origin: Origin,
      stamp: FileStamp?
    ) {
      self.sha256 = sha256
      self.width = width
      self.height = height
      self.format = format
      self.perceptualHash = perceptualHash
      self.pixels = pixels
      self.remarks = remarks
      self.origin = origin
      self.stamp = stamp
      channelSums = ChannelSums(pixels[...])
    }

    /// Decoded, or found in a cache by content or without opening the file.
    enum Origin: String, Codable { case decoded, sameContent, unchangedFile }
  }

  /// The side that images are decoded for; without a geometry, what a hash needs.
  private var minimumSide: Int { geometry?.decodingSide ?? PerceptualHash.sourceSide }

  /// Why a file is not a usable image.
  public struct Reason: Error, Equatable, Sendable {
    /// A few words, without the file's name.
    public let text: String
    /// Whether it is not the file's fault.
    var isShortage = false
  }

  /// Creates a reader.
  public init(geometry: ImageGeometry?, workers: Workers) {
    self.geometry = geometry
    self.workers = workers
  }

  /// Reads files; results are in the order of the paths.
  ///
  /// - Throws: `DatasetError.shortage`.
  public func read(_ paths: [String]) throws(DatasetError) -> [Result<Image, Reason>] {
    try readTogether(paths, known: nil) { $0 }
  }

  /// Reads the paths of a listing, using the images in a cache.
  ///
  /// - Throws: `DatasetError.shortage`.
  func read(
    _ paths: [String], known: CacheSet?, location: @Sendable (_ path: String) -> String
  ) throws(DatasetError) -> [Result<Image, Reason>] {
    let outcomes = ParallelResults<Result<Image, Reason>>(count: paths.count)
    workers.run(paths.count) { index in
      let path = location(paths[index])
      let stamp = known == nil ? nil : FileStamp(path)
      let unchanged = stamp.flatMap { known?.image(path: paths[index], stamp: $0) }
      outcomes.set(index, unchanged.map { .success($0) } ?? read(path, stamp, known))
    }
    let results = outcomes.values.map { $0 ?? .failure(Reason(text: "was not read")) }
    for (path, result) in zip(paths, results) {
      guard case .failure(let reason) = result, reason.isShortage else { continue }
      throw .shortage(path: location(path), reason: reason.text)
    }
    return results
  }

  private func read(
    _ path: String, _ stamp: FileStamp?, _ known: CacheSet?
  ) -> Result<Image, Reason> {
    let bytes: [UInt8]
    do {
      bytes = try FileBytes.read(path)
    } catch {
      return .failure(Reason(text: error.reason, isShortage: error.isShortage))
    }
    let sha256 = ContentHash.sha256(bytes)
    if let image = known?.image(sha256: sha256, stamp: stamp) { return .success(image) }
    return read(bytes, sha256, stamp)
  }

  /// Reads the bytes of a file as an image.
  func read(
    _ bytes: [UInt8], _ sha256: String, _ stamp: FileStamp? = nil
  ) -> Result<Image, Reason> {
    guard bytes.count >= DecodingGate.smallestFile else { return decode(bytes, sha256, stamp) }
    let need = ImageDecoder().pixelBytes(of: bytes, atLeast: minimumSide)
    return gate.holding(need) { decode(bytes, sha256, stamp) }
  }

  private func decode(
    _ bytes: [UInt8], _ sha256: String, _ stamp: FileStamp?
  ) -> Result<Image, Reason> {
    do {
      let decoded = try ImageDecoder().decode(bytes, atLeast: minimumSide)
      return .success(
        Image(
          sha256: sha256, width: decoded.sourceWidth,
          height: decoded.sourceHeight, format: decoded.format,
          perceptualHash: PerceptualHash(decoded.pixels),
          pixels: geometry?.apply(to: decoded.pixels).bytes ?? [], remarks: decoded.remarks,
          origin: .decoded, stamp: stamp))
    } catch {
      return .failure(Reason(text: error.description))
    }
  }
}
