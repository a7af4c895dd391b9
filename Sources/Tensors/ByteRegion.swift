/// A window onto the memory of a region of floats, as bytes: four for each float.
@safe public struct ByteRegion: @unchecked Sendable {
  /// Bytes in the window.
  public let count: Int
  let base: UnsafeMutablePointer<UInt8>
  /// Keeps the memory alive.
  private let floats: FloatRegion

  /// Takes the memory of floats.
  public init(_ floats: FloatRegion) {
    count = floats.count * MemoryLayout<Float>.stride
    unsafe base = UnsafeMutableRawPointer(floats.base).assumingMemoryBound(to: UInt8.self)
    self.floats = floats
  }

  /// Floats whose memory holds `count` bytes.
  public static func floatCount(_ count: Int) -> Int {
    (count + MemoryLayout<Float>.stride - 1) / MemoryLayout<Float>.stride
  }
}
