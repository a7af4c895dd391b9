/// Neighbouring numbers that a rule treats alike.
public typealias Lanes = SIMD8<Float>

// A rule for one number, applied to many: the loop beneath every elementwise optimizer.
//
// A rule sees a parameter, its gradient and what is remembered about it. Everything here is inlined
// into the optimizer, so that the loop holds the rule and nothing else and runs at the speed of memory.
extension Kernels {
  /// Applies a rule without memory to a range.
  ///
  /// - Precondition: Both vectors have one length and the range lies inside.
  @inlinable @inline(__always)
  public static func update(
    _ parameters: inout [Float], _ gradients: [Float], in range: Range<Int>,
    _ rule: @Sendable (inout Lanes, Lanes) -> Void
  ) {
    var memory: [[Float]] = []
    update(&parameters, gradients, &memory, in: range, 0) { p, g, _, _, _, _ in rule(&p, g) }
  }

  /// Applies a rule that remembers one number about each parameter.
  ///
  /// - Precondition: There is one vector of memory, all have one length, the range lies inside.
  @inlinable @inline(__always)
  public static func update(
    _ parameters: inout [Float], _ gradients: [Float], _ memory: inout [[Float]],
    in range: Range<Int>, _ rule: @Sendable (inout Lanes, Lanes, inout Lanes) -> Void
  ) {
    update(&parameters, gradients, &memory, in: range, 1) { p, g, a, _, _, _ in rule(&p, g, &a) }
  }

  /// Applies a rule that remembers two numbers about each parameter.
  ///
  /// - Precondition: There are two vectors of memory, all have one length, the range lies inside.
  @inlinable @inline(__always)
  public static func update(
    _ parameters: inout [Float], _ gradients: [Float], _ memory: inout [[Float]],
    in range: Range<Int>, _ rule: @Sendable (inout Lanes, Lanes, inout Lanes, inout Lanes) -> Void
  ) {
    update(&parameters, gradients, &memory, in: range, 2) { p, g, a, b, _, _ in
      rule(&p, g, &a, &b)
    }
  }

  /// Applies a rule that remembers three numbers about each parameter.
  ///
  /// - Precondition: There are three vectors of memory, all have one length, the range lies inside.
  @inlinable @inline(__always)
  public static func update(
    _ parameters: inout [Float], _ gradients: [Float], _ memory: inout [[Float]],
    in range: Range<Int>,
    _ rule: @Sendable (inout Lanes, Lanes, inout Lanes, inout Lanes, inout Lanes) -> Void
  ) {
    update(&parameters, gradients, &memory, in: range, 3) { p, g, a, b, c, _ in
      rule(&p, g, &a, &b, &c)
    }
  }

  /// Applies a rule that remembers four numbers about each parameter.
  ///
  /// - Precondition: There are four vectors of memory, all have one length, the range lies inside.
  @inlinable @inline(__always)
  public static func update(
    _ parameters: inout [Float], _ gradients: [Float], _ memory: inout [[Float]],
    in range: Range<Int>,
    _ rule:
      @Sendable (inout Lanes, Lanes, inout Lanes, inout Lanes, inout Lanes, inout Lanes) -> Void
  ) {
    update(&parameters, gradients, &memory, in: range, 4, rule)
  }

  /// Applies a rule that remembers one number about each parameter and adds something up; one thread
  /// goes through the range in order.
  @inlinable @inline(__always)
  public static func updateInOrder(
    _ parameters: inout [Float], _ gradients: [Float], _ memory: inout [[Float]],
    in range: Range<Int>, _ rule: (inout Lanes, Lanes, inout Lanes) -> Void
  ) {
    lend(&parameters, gradients, &memory, range, 1) { lent in
      lent.apply(to: range) { p, g, a, _, _, _ in rule(&p, g, &a) }
    }
  }

  /// The same for a rule that remembers two numbers.
  @inlinable @inline(__always)
  public static func updateInOrder(
    _ parameters: inout [Float], _ gradients: [Float], _ memory: inout [[Float]],
    in range: Range<Int>, _ rule: (inout Lanes, Lanes, inout Lanes, inout Lanes) -> Void
  ) {
    lend(&parameters, gradients, &memory, range, 2) { lent in
      lent.apply(to: range) { p, g, a, b, _, _ in rule(&p, g, &a, &b) }
    }
  }

  /// Numbers that one worker takes at a time; a multiple of the lanes, so that no number's place in
  /// its lanes depends on it.
  @usableFromInline static var partSize: Int { 1 << 15 }

  @inlinable @inline(__always)
  static func update(
    _ parameters: inout [Float], _ gradients: [Float], _ memory: inout [[Float]],
    in range: Range<Int>, _ remembered: Int,
    _ rule:
      @Sendable (inout Lanes, Lanes, inout Lanes, inout Lanes, inout Lanes, inout Lanes) -> Void
  ) {
    lend(&parameters, gradients, &memory, range, remembered) { lent in
      Workers().run((range.count + partSize - 1) / partSize) { part in
        let start = range.lowerBound + part * partSize
        lent.apply(to: start..<min(start + partSize, range.upperBound), rule)
      }
    }
  }

  @inlinable @inline(__always)
  static func lend(
    _ parameters: inout [Float], _ gradients: [Float], _ memory: inout [[Float]],
    _ range: Range<Int>, _ remembered: Int, _ body: (LentVectors) -> Void
  ) {
    checkLengths(parameters, gradients, memory, range, remembered)
    unsafe parameters.withUnsafeMutableBufferPointer { p in
      unsafe gradients.withUnsafeBufferPointer { g in
        unsafe memory.withUnsafeMutableBufferPointer { rows in
          unsafe lend(rows, 0) { a in
            unsafe lend(rows, 1) { b in
              unsafe lend(rows, 2) { c in
                unsafe lend(rows, 3) { d in
                  unsafe body(
                    LentVectors(
                      parameters: p.baseAddress, gradients: g.baseAddress, a: a, b: b, c: c, d: d,
                      remembered: remembered))
                }
              }
            }
          }
        }
      }
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

  @unsafe @inlinable @inline(__always)
  static func lend(
    _ rows: UnsafeMutableBufferPointer<[Float]>, _ index: Int,
    _ body: (UnsafeMutablePointer<Float>?) -> Void
  ) {
    if index < rows.count {
      unsafe rows[index].withUnsafeMutableBufferPointer { unsafe body($0.baseAddress) }
    } else {
      body(nil)
    }
  }
}

/// Vectors of one length for as long as a call lasts; workers change disjoint parts.
@safe @usableFromInline struct LentVectors: @unchecked Sendable {
  @usableFromInline let parameters: UnsafeMutablePointer<Float>?
  @usableFromInline let gradients: UnsafePointer<Float>?
  @usableFromInline let a, b, c, d: UnsafeMutablePointer<Float>?
  /// How many of the last four are there.
  @usableFromInline let remembered: Int

  @unsafe @inlinable @inline(__always)
  init(
    parameters: UnsafeMutablePointer<Float>?, gradients: UnsafePointer<Float>?,
    a: UnsafeMutablePointer<Float>?, b: UnsafeMutablePointer<Float>?,
    c: UnsafeMutablePointer<Float>?, d: UnsafeMutablePointer<Float>?, remembered: Int
  ) {
    unsafe (self.parameters, self.gradients) = (parameters, gradients)
    unsafe (self.a, self.b, self.c, self.d) = (a, b, c, d)
    self.remembered = remembered
  }

  @inlinable @inline(__always)
  func apply(
    to range: Range<Int>,
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

  /// The numbers from `place` on; lanes beyond `width` are 0.
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
