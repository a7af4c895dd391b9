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

  private init(base: UnsafeMutablePointer<UInt8>, count: Int, floats: FloatRegion) {
    unsafe self.base = base
    self.count = count
    self.floats = floats
  }

  /// A part of this window.
  ///
  /// - Precondition: The range lies inside.
  public subscript(range: Range<Int>) -> ByteRegion {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= count, "\(range) of \(count) bytes")
    return unsafe ByteRegion(base: base + range.lowerBound, count: range.count, floats: floats)
  }

  /// Copies the first bytes of another window to a place in this one.
  ///
  /// - Precondition: They fit, and the windows do not overlap.
  public func copy(from other: ByteRegion, count: Int, to start: Int) {
    precondition(
      start >= 0 && count >= 0 && count <= other.count && start + count <= self.count,
      "\(count) of \(other.count) bytes to \(start) of \(self.count)")
    unsafe (base + start).update(from: other.base, count: count)
  }

  /// Floats whose memory holds `count` bytes.
  public static func floatCount(_ count: Int) -> Int {
    (count + MemoryLayout<Float>.stride - 1) / MemoryLayout<Float>.stride
  }
}
