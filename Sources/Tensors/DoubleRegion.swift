/// A window onto the memory of a region of floats, as half as many doubles: for long sums.
@safe public struct DoubleRegion: @unchecked Sendable {
  /// Doubles in the window.
  public let count: Int
  let base: UnsafeMutablePointer<Double>
  /// Keeps the memory alive.
  private let floats: FloatRegion

  /// Takes the memory of floats, two for each double.
  ///
  /// - Precondition: The region is aligned for doubles, as every piece of an `Arena` is.
  public init(_ floats: FloatRegion) {
    let address = unsafe Int(bitPattern: floats.base)
    precondition(
      floats.count == 0 || address.isMultiple(of: MemoryLayout<Double>.alignment),
      "doubles at address \(address)")
    count = floats.count / 2
    unsafe base = UnsafeMutableRawPointer(floats.base).assumingMemoryBound(to: Double.self)
    self.floats = floats
  }

  private init(_ whole: DoubleRegion, _ range: Range<Int>) {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= whole.count,
      "\(range) of a region of \(whole.count)")
    count = range.count
    unsafe base = whole.base + range.lowerBound
    floats = whole.floats
  }

  /// A part of this window.
  ///
  /// - Precondition: The range lies inside.
  public subscript(range: Range<Int>) -> DoubleRegion { DoubleRegion(self, range) }

  /// One element.
  ///
  /// - Precondition: `index` is in `0..<count`.
  public subscript(index: Int) -> Double {
    get {
      precondition(index >= 0 && index < count, "index \(index) of a region of \(count)")
      return unsafe base[index]
    }
    nonmutating set {
      precondition(index >= 0 && index < count, "index \(index) of a region of \(count)")
      unsafe base[index] = newValue
    }
  }
}
