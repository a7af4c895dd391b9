/// Neighboring elements of a vector, updated together.
public typealias Lanes = SIMD8<Float>

// An update rule for one element, applied to a vector: the loop of every elementwise optimizer.
//
// A rule sees a parameter, its gradient and the remembered values of that parameter. Everything
// here is inlined into the optimizer, so that the loop holds only the rule and runs at memory
// speed.
extension Kernels {
  /// Applies a rule without memory to a range.
  ///
  /// - Precondition: Both vectors have the same length and contain the range.
  @inlinable @inline(__always)
  public static func update(
    _ parameters: inout [Float], _ gradients: [Float], in range: Range<Int>, workers: Workers,
    _ rule: @Sendable (inout Lanes, Lanes) -> Void
  ) {
    var memory: [[Float]] = []
    update(&parameters, gradients, &memory, 0, in: range, workers) { p, g, _, _, _, _ in
      rule(&p, g)
    }
  }

  /// Applies a rule that remembers one value per parameter.
  ///
  /// - Precondition: `memory` holds one vector; all vectors have the same length and contain the
  ///   range.
  @inlinable @inline(__always)
  public static func update(
    _ parameters: inout [Float], _ gradients: [Float], _ memory: inout [[Float]],
    in range: Range<Int>, workers: Workers,
    _ rule: @Sendable (inout Lanes, Lanes, inout Lanes) -> Void
  ) {
    update(&parameters, gradients, &memory, 1, in: range, workers) { p, g, a, _, _, _ in
      rule(&p, g, &a)
    }
  }

  /// Applies a rule that remembers two values per parameter.
  ///
  /// - Precondition: `memory` holds two vectors; all vectors have the same length and contain the
  ///   range.
  @inlinable @inline(__always)
  public static func update(
    _ parameters: inout [Float], _ gradients: [Float], _ memory: inout [[Float]],
    in range: Range<Int>, workers: Workers,
    _ rule: @Sendable (inout Lanes, Lanes, inout Lanes, inout Lanes) -> Void
  ) {
    update(&parameters, gradients, &memory, 2, in: range, workers) { p, g, a, b, _, _ in
      rule(&p, g, &a, &b)
    }
  }

  /// Applies a rule that remembers three values per parameter.
  ///
  /// - Precondition: `memory` holds three vectors; all vectors have the same length and contain the
  ///   range.
  @inlinable @inline(__always)
  public static func update(
    _ parameters: inout [Float], _ gradients: [Float], _ memory: inout [[Float]],
    in range: Range<Int>, workers: Workers,
    _ rule: @Sendable (inout Lanes, Lanes, inout Lanes, inout Lanes, inout Lanes) -> Void
  ) {
    update(&parameters, gradients, &memory, 3, in: range, workers) { p, g, a, b, c, _ in
      rule(&p, g, &a, &b, &c)
    }
  }

  /// Applies a rule that remembers four values per parameter.
  ///
  /// - Precondition: `memory` holds four vectors; all vectors have the same length and contain the
  ///   range.
  @inlinable @inline(__always)
  public static func update(
    _ parameters: inout [Float], _ gradients: [Float], _ memory: inout [[Float]],
    in range: Range<Int>, workers: Workers,
    _ rule:
      @Sendable (inout Lanes, Lanes, inout Lanes, inout Lanes, inout Lanes, inout Lanes) -> Void
  ) {
    update(&parameters, gradients, &memory, 4, in: range, workers, rule)
  }

  /// Applies a rule that remembers one value per parameter and accumulates a sum: one thread goes
  /// through the range in order.
  @inlinable @inline(__always)
  public static func updateInOrder(
    _ parameters: inout [Float], _ gradients: [Float], _ memory: inout [[Float]],
    in range: Range<Int>, _ rule: (inout Lanes, Lanes, inout Lanes) -> Void
  ) {
    bind(&parameters, gradients, &memory, 1, range) { vectors in
      vectors.apply(to: range, remembered: 1) { p, g, a, _, _, _ in rule(&p, g, &a) }
    }
  }

  /// The same for a rule that remembers two values.
  @inlinable @inline(__always)
  public static func updateInOrder(
    _ parameters: inout [Float], _ gradients: [Float], _ memory: inout [[Float]],
    in range: Range<Int>, _ rule: (inout Lanes, Lanes, inout Lanes, inout Lanes) -> Void
  ) {
    bind(&parameters, gradients, &memory, 2, range) { vectors in
      vectors.apply(to: range, remembered: 2) { p, g, a, b, _, _ in rule(&p, g, &a, &b) }
    }
  }

  /// Elements per task of a worker: a multiple of the lanes, so that the lane of an element does
  /// not depend on how the work is divided.
  @usableFromInline static var taskSize: Int { 1 << 15 }

  @inlinable @inline(__always)
  static func update(
    _ parameters: inout [Float], _ gradients: [Float], _ memory: inout [[Float]],
    _ remembered: Int, in range: Range<Int>, _ workers: Workers,
    _ rule:
      @Sendable (inout Lanes, Lanes, inout Lanes, inout Lanes, inout Lanes, inout Lanes) -> Void
  ) {
    bind(&parameters, gradients, &memory, remembered, range) { vectors in
      workers.run((range.count + taskSize - 1) / taskSize) { task in
        let start = range.lowerBound + task * taskSize
        let end = min(start + taskSize, range.upperBound)
        vectors.apply(to: start..<end, remembered: remembered, rule)
      }
    }
  }

  /// Calls `body` with the addresses of all vectors.
  @inlinable @inline(__always)
  static func bind(
    _ parameters: inout [Float], _ gradients: [Float], _ memory: inout [[Float]],
    _ remembered: Int, _ range: Range<Int>, _ body: (BoundVectors) -> Void
  ) {
    checkLengths(parameters, gradients, memory, range, remembered)
    unsafe parameters.withUnsafeMutableBufferPointer { p in
      unsafe gradients.withUnsafeBufferPointer { g in
        let vectors = unsafe BoundVectors(parameters: p.baseAddress, gradients: g.baseAddress)
        unsafe memory.withUnsafeMutableBufferPointer { unsafe bind($0[...], to: vectors, body) }
      }
    }
  }

  /// Adds the addresses of the rows, one after the other, and then calls `body`.
  @unsafe @usableFromInline
  static func bind(
    _ rows: Slice<UnsafeMutableBufferPointer<[Float]>>, to vectors: BoundVectors,
    _ body: (BoundVectors) -> Void
  ) {
    guard let row = unsafe rows.indices.first else { return body(vectors) }
    unsafe rows.base[row].withUnsafeMutableBufferPointer { values in
      let more = unsafe vectors.adding(values.baseAddress)
      unsafe bind(rows.dropFirst(), to: more, body)
    }
  }

  @usableFromInline
  static func checkLengths(
    _ parameters: [Float], _ gradients: [Float], _ memory: [[Float]], _ range: Range<Int>,
    _ remembered: Int
  ) {
    let count = parameters.count
    precondition(gradients.count == count, "\(gradients.count) gradients for \(count) parameters")
    precondition(
      memory.count == remembered && memory.allSatisfy { $0.count == count },
      "memory of \(memory.map(\.count)) for \(remembered) times \(count) parameters")
    precondition(range.lowerBound >= 0 && range.upperBound <= count, "\(range) of \(count)")
  }
}

/// The addresses of vectors of one length, valid during one call; workers change disjoint parts.
@safe @usableFromInline struct BoundVectors: @unchecked Sendable {
  @usableFromInline let parameters: UnsafeMutablePointer<Float>?
  @usableFromInline let gradients: UnsafePointer<Float>?
  /// The remembered vectors, as many as there are.
  @usableFromInline private(set) var a, b, c, d: UnsafeMutablePointer<Float>?

  @unsafe @inlinable @inline(__always)
  init(parameters: UnsafeMutablePointer<Float>?, gradients: UnsafePointer<Float>?) {
    unsafe (self.parameters, self.gradients) = (parameters, gradients)
    unsafe (a, b, c, d) = (nil, nil, nil, nil)
  }

  /// The same with one more remembered vector.
  @unsafe @usableFromInline
  func adding(_ vector: UnsafeMutablePointer<Float>?) -> BoundVectors {
    var more = self
    if unsafe a == nil {
      unsafe more.a = vector
    } else if unsafe b == nil {
      unsafe more.b = vector
    } else if unsafe c == nil {
      unsafe more.c = vector
    } else {
      unsafe more.d = vector
    }
    return more
  }

  /// Applies a rule to a range.
  ///
  /// - Parameter remembered: How many remembered vectors there are; a constant once inlined.
  @inlinable @inline(__always)
  func apply(
    to range: Range<Int>, remembered: Int,
    _ rule: (inout Lanes, Lanes, inout Lanes, inout Lanes, inout Lanes, inout Lanes) -> Void
  ) {
    var place = range.lowerBound
    while place < range.upperBound {
      let width = min(Lanes.scalarCount, range.upperBound - place)
      var lanes = unsafe Self.load(parameters, place, width)
      let gradient = unsafe Self.load(gradients, place, width)
      var (x, y, z, w) = (Lanes(), Lanes(), Lanes(), Lanes())
      if remembered > 0 { x = unsafe Self.load(a, place, width) }
      if remembered > 1 { y = unsafe Self.load(b, place, width) }
      if remembered > 2 { z = unsafe Self.load(c, place, width) }
      if remembered > 3 { w = unsafe Self.load(d, place, width) }
      rule(&lanes, gradient, &x, &y, &z, &w)
      unsafe Self.store(lanes, parameters, place, width)
      if remembered > 0 { unsafe Self.store(x, a, place, width) }
      if remembered > 1 { unsafe Self.store(y, b, place, width) }
      if remembered > 2 { unsafe Self.store(z, c, place, width) }
      if remembered > 3 { unsafe Self.store(w, d, place, width) }
      place += width
    }
  }

  /// The elements from `place` on; lanes beyond `width` are 0.
  @unsafe @inlinable @inline(__always)
  static func load(_ base: UnsafePointer<Float>?, _ place: Int, _ width: Int) -> Lanes {
    guard let base = unsafe base else { return Lanes() }
    if width == Lanes.scalarCount {
      return unsafe UnsafeRawPointer(base + place).loadUnaligned(as: Lanes.self)
    }
    var lanes = Lanes()
    for lane in 0..<width { lanes[lane] = unsafe base[place + lane] }
    return lanes
  }

  @unsafe @inlinable @inline(__always)
  static func load(_ base: UnsafeMutablePointer<Float>?, _ place: Int, _ width: Int) -> Lanes {
    unsafe load(UnsafePointer(base), place, width)
  }

  /// Writes the first `width` lanes from `place` on.
  @unsafe @inlinable @inline(__always)
  static func store(
    _ lanes: Lanes, _ base: UnsafeMutablePointer<Float>?, _ place: Int, _ width: Int
  ) {
    guard let base = unsafe base else { return }
    if width == Lanes.scalarCount {
      return unsafe UnsafeMutableRawPointer(base + place).storeBytes(of: lanes, as: Lanes.self)
    }
    for lane in 0..<width { unsafe base[place + lane] = lanes[lane] }
  }
}
