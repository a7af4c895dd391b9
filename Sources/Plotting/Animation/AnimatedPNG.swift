internal import Support

/// An animated PNG: a background with changing overlays, and a poster for other viewers.
///
/// - Source: "APNG specification", now part of PNG, third edition, 2025.
public struct AnimatedPNG {
  /// Pixels.
  public let width: Int, height: Int
  private let poster: EncodedFrame
  private var frames: [Frame] = []

  private struct Frame {
    var content: EncodedFrame
    var milliseconds: Int
    /// Whether it is blended over the background and then removed, or replaces everything.
    var isOverlay: Bool
  }

  /// Creates an animation with a poster that is not one of its frames.
  ///
  /// - Throws: `FigureError.undrawable`.
  public init(poster: CairoCanvas) throws(FigureError) {
    self.poster = try poster.encodedFrame(croppingToContent: false)
    (width, height) = (self.poster.width, self.poster.height)
  }

  /// Replaces everything by a frame of the poster's size.
  ///
  /// - Throws: `FigureError.undrawable`.
  public mutating func add(background: CairoCanvas, milliseconds: Int) throws(FigureError) {
    let content = try background.encodedFrame(croppingToContent: false)
    frames.append(Frame(content: content, milliseconds: milliseconds, isOverlay: false))
  }

  /// Blends what was drawn on a transparent canvas over the background, for one frame.
  ///
  /// - Throws: `FigureError.undrawable`.
  public mutating func add(overlay: CairoCanvas, milliseconds: Int) throws(FigureError) {
    let content = try overlay.encodedFrame(croppingToContent: true)
    frames.append(Frame(content: content, milliseconds: milliseconds, isOverlay: true))
  }

  /// The number of frames.
  public var frameCount: Int { frames.count }

  /// The bytes of the file, which loops forever.
  public var bytes: [UInt8] {
    var file = PNGChunk.signature
    file += poster.header.bytes + Provenance.pngChunk
    file += PNGChunk("acTL", bigEndian(frames.count) + bigEndian(0)).bytes
    for data in poster.data { file += PNGChunk("IDAT", data).bytes }
    var sequence = 0
    for frame in frames {
      file += control(frame, sequence).bytes
      sequence += 1
      for data in frame.content.data {
        file += PNGChunk("fdAT", bigEndian(sequence) + data).bytes
        sequence += 1
      }
    }
    return file + PNGChunk("IEND", []).bytes
  }

  private func control(_ frame: Frame, _ sequence: Int) -> PNGChunk {
    let content = frame.content
    // Overlays are blended and then removed; other frames replace what is there and stay.
    let (dispose, blend): (UInt8, UInt8) = frame.isOverlay ? (2, 1) : (0, 0)
    let place = [sequence, content.width, content.height, content.x, content.y]
    let delay = [frame.milliseconds, 1000].flatMap { bigEndian($0).suffix(2) }
    return PNGChunk("fcTL", place.flatMap(bigEndian) + delay + [dispose, blend])
  }
}
