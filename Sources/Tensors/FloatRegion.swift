internal import Foundation

/// A window onto a run of floats that several workers may read and write.
///
/// Copies of a region share its elements, like slices of an arena. Indices are checked; the caller
/// makes sure that workers write to disjoint parts.
@safe public struct FloatRegion: @unchecked Sendable {
  /// Floats in the window.
  public let count: Int
  let base: UnsafeMutablePointer<Float>
  /// Keeps the memory alive; nil for memory of a `ParameterVector`, which outlives the call.
  private let owner: Arena?

  init(base: UnsafeMutablePointer<Float>, count: Int, owner: Arena?) {
    unsafe self.base = base
    self.count = count
    self.owner = owner
  }

  /// A window onto memory that is valid during one call.
  static func borrowed(_ buffer: UnsafeMutableBufferPointer<Float>) -> FloatRegion {
    // An empty buffer has no address; its region is never read.
    let base = unsafe buffer.baseAddress ?? UnsafeMutablePointer(bitPattern: 64)
    guard let base = unsafe base else { preconditionFailure("no address for an empty region") }
    return unsafe FloatRegion(base: base, count: buffer.count, owner: nil)
  }

  /// A part of this window.
  ///
  /// - Precondition: The range lies inside.
  public subscript(range: Range<Int>) -> FloatRegion {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= count, "\(range) of a region of \(count)")
    return unsafe FloatRegion(base: base + range.lowerBound, count: range.count, owner: owner)
  }

  /// One element.
  ///
  /// - Precondition: `index` is in `0..<count`.
  public subscript(index: Int) -> Float {
    get {
      precondition(index >= 0 && index < count, "index \(index) of a region of \(count)")
      return unsafe base[index]
    }
    nonmutating set {
      precondition(index >= 0 && index < count, "index \(index) of a region of \(count)")
      unsafe base[index] = newValue
    }
  }

  /// Whether both are windows onto the same elements.
  public func isSame(as other: FloatRegion) -> Bool {
    unsafe base == other.base && count == other.count
  }

  /// Sets every element to one value.
  public func fill(_ value: Float) { unsafe base.update(repeating: value, count: count) }

  /// Copies values in, from the start of the window on.
  ///
  /// - Precondition: They fit.
  public func copy(from values: [Float]) { copy(from: values[...]) }

  /// The same for a part of an array.
  public func copy(from values: ArraySlice<Float>) {
    precondition(values.count <= count, "\(values.count) values into a region of \(count)")
    unsafe values.withUnsafeBufferPointer {
      guard let source = $0.baseAddress else { return }
      unsafe base.update(from: source, count: values.count)
    }
  }

  /// Copies another window's elements in, from the start of this one on.
  ///
  /// - Precondition: They fit, and the windows do not overlap.
  public func copy(from other: FloatRegion) {
    precondition(other.count <= count, "\(other.count) elements into a region of \(count)")
    unsafe base.update(from: other.base, count: other.count)
  }

  /// Copies all elements out to a part of an array.
  ///
  /// - Precondition: They fit.
  public func copy(to values: inout [Float], at start: Int) {
    precondition(
      start >= 0 && start + count <= values.count,
      "\(count) elements to \(start) of \(values.count)"
    )
    unsafe values.withUnsafeMutableBufferPointer {
      guard let target = $0.baseAddress else { return }
      unsafe (target + start).update(from: base, count: count)
    }
  }

  /// The elements as a value.
  public var array: [Float] { unsafe Array(UnsafeBufferPointer(start: base, count: count)) }

  /// Calls `body` with the memory; for modules that have a fast loop of their own.
  @unsafe public func withUnsafeMutablePointer<Result>(
    _ body: (UnsafeMutablePointer<Float>) -> Result
  ) -> Result {
    unsafe body(base)
  }
}

/// One aligned block of memory that is handed out piece by piece and freed as a whole.
@safe public final class Arena: @unchecked Sendable {
  /// Cache line, bytes: pieces start on their own line.
  private static let line = 64
  /// A page of the large kind, bytes.
  ///
  /// Kernels stride over a few megabytes at a time, more than a TLB covers with small pages.
  private static let page = 2 << 20
  private let memory: UnsafeMutableRawPointer
  /// The pages the system mapped; nil where the memory comes from the allocator.
  private let mapped: UnsafeMutableRawBufferPointer?
  private let count: Int
  private var used = 0

  /// Reserves room for pieces of the given sizes, filled with zeros.
  ///
  /// The system hands out the memory of a large arena as it is touched.
  public init(pieces: [Int]) {
    count = pieces.reduce(0) { $0 + Self.padded($1) }
    let size = max(1, count) * MemoryLayout<Float>.stride
    if let pages = unsafe Self.map(size) {
      unsafe mapped = pages
      guard let base = pages.baseAddress else { preconditionFailure("mapped to nowhere") }
      unsafe memory = base.alignedUp(toMultipleOf: Self.page)
    } else {
      unsafe mapped = nil
      unsafe memory = .allocate(byteCount: size, alignment: Self.line)
      unsafe memory.initializeMemory(as: Float.self, repeating: 0, count: count)
    }
  }

  deinit {
    if let mapped = unsafe mapped {
      unsafe munmap(mapped.baseAddress, mapped.count)
    } else {
      unsafe memory.deallocate()
    }
  }

  /// Gives a large arena's memory back to the system until it is touched again; its content is
  /// lost.
  public func discard() {
    guard let mapped = unsafe mapped else { return }
    _ = unsafe madvise(mapped.baseAddress, mapped.count, MADV_DONTNEED)
  }

  /// Maps zeroed pages, with room to begin on a large page; nil for less than two large pages.
  private static func map(_ size: Int) -> UnsafeMutableRawBufferPointer? {
    guard size >= 2 * page else { return nil }
    let flags = MAP_PRIVATE | MAP_ANONYMOUS
    let start = unsafe mmap(nil, size + page, PROT_READ | PROT_WRITE, flags, -1, 0)
    guard let start = unsafe start, unsafe start != MAP_FAILED else { return nil }
    #if os(Linux)
    // A hint: the kernel may not have any large pages to give.
    _ = unsafe madvise(start, size + page, MADV_HUGEPAGE)
    #endif
    return unsafe UnsafeMutableRawBufferPointer(start: start, count: size + page)
  }

  /// Hands out the next piece, starting on a cache line of its own.
  ///
  /// - Precondition: The pieces handed out were among those reserved.
  public func piece(_ size: Int) -> FloatRegion {
    let start = used
    used += Self.padded(size)
    precondition(used <= count, "\(used) of \(count) floats handed out")
    let base = unsafe memory.assumingMemoryBound(to: Float.self)
    return unsafe FloatRegion(base: base + start, count: size, owner: self)
  }

  private static func padded(_ size: Int) -> Int {
    let line = Self.line / MemoryLayout<Float>.stride
    return (size + line - 1) / line * line
  }
}
