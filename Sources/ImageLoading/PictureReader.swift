public import Tensors

/// Reads files as pictures of one size, in parallel.
public struct PictureReader: Sendable {
  /// The size and fit of the result; nil to look only, without keeping pixels.
  public var geometry: ImageGeometry?
  /// Who shares the work; the result does not depend on it.
  public var workers: Workers

  /// A file that was read.
  public struct Picture: Sendable {
    /// Of the file's bytes, hexadecimal.
    public let sha256: String
    /// As it is looked at, after turning by its Exif orientation, pixels.
    public let width: Int, height: Int
    /// By its first bytes.
    public let format: ImageFormat
    /// What it looks like; nil for a flat picture.
    public let perceptualHash: PerceptualHash?
    /// size × size × 3 bytes, red, green, blue; empty without a geometry.
    public let pixels: [UInt8]
    /// What was met on the way.
    public let remarks: [DecodingRemark]
  }

  /// Why a file is no picture, in a few words.
  public struct Reason: Error, Equatable, Sendable {
    /// Without the name of the file.
    public let text: String
  }

  /// Creates a reader.
  public init(geometry: ImageGeometry?, workers: Workers) {
    self.geometry = geometry
    self.workers = workers
  }

  /// Reads files; the results stand in the order of the paths.
  public func read(_ paths: [String]) -> [Result<Picture, Reason>] {
    let outcomes = Outcomes<Result<Picture, Reason>>(count: paths.count)
    workers.run(paths.count) { index in
      outcomes.set(index, read(paths[index]))
    }
    return outcomes.values.map { $0 ?? .failure(Reason(text: "was not read")) }
  }

  private func read(_ path: String) -> Result<Picture, Reason> {
    let bytes: [UInt8]
    do {
      bytes = try FileBytes.read(path)
    } catch {
      return .failure(Reason(text: error.reason))
    }
    do {
      let decoded = try ImageDecoder().decode(bytes, atLeast: geometry?.imageSize)
      return .success(
        Picture(
          sha256: ContentHash.sha256(bytes), width: decoded.sourceWidth,
          height: decoded.sourceHeight, format: decoded.format,
          perceptualHash: PerceptualHash(decoded.pixels),
          pixels: geometry?.apply(to: decoded.pixels).bytes ?? [], remarks: decoded.remarks))
    } catch {
      return .failure(Reason(text: error.description))
    }
  }
}
