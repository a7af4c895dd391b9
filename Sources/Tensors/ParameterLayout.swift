/// One named array among the numbers of a network.
public struct ParameterSlot: Hashable, Sendable {
  /// How the numbers lie in memory, compared with their order in a file.
  public enum Order: Hashable, Sendable {
    /// Row by row, as in the file.
    case rowMajor
    /// In memory kernel row, kernel column, input, output: the matrix that im2col rows multiply.
    /// In the file output, input, kernel row, kernel column.
    case convolution
  }

  /// As PyTorch names it: `0.weight`.
  public let name: String
  /// As in the file: `[out, in, kernel height, kernel width]`, `[out, in]`, `[count]`.
  public let shape: [Int]
  /// Order of the numbers in memory.
  public let order: Order

  /// Creates a slot.
  public init(name: String, shape: [Int], order: Order = .rowMajor) {
    self.name = name
    self.shape = shape
    self.order = order
  }

  /// Numbers in the slot.
  public var count: Int { shape.reduce(1, *) }

  /// The same slot inside a layer of that name.
  public func named(in layer: String) -> ParameterSlot {
    ParameterSlot(name: "\(layer).\(name)", shape: shape, order: order)
  }

  /// For each number in file order, where it lies in memory; nil when the orders agree.
  fileprivate var memoryIndices: [Int]? {
    guard order == .convolution else { return nil }
    let (outputs, inputs, height, width) = (shape[0], shape[1], shape[2], shape[3])
    var indices: [Int] = []
    indices.reserveCapacity(count)
    for output in 0..<outputs {
      for input in 0..<inputs {
        for row in 0..<height {
          for column in 0..<width {
            indices.append(((row * width + column) * inputs + input) * outputs + output)
          }
        }
      }
    }
    return indices
  }
}

/// Where each named array lies in a flat vector.
public struct ParameterLayout: Hashable, Sendable {
  /// In memory order.
  public let slots: [ParameterSlot]
  /// The part of the vector each slot takes, in the order of `slots`.
  public let ranges: [Range<Int>]

  /// Lays slots out one after the other.
  public init(_ slots: [ParameterSlot]) {
    self.slots = slots
    var ranges: [Range<Int>] = []
    for slot in slots {
      let start = ranges.last?.upperBound ?? 0
      ranges.append(start..<start + slot.count)
    }
    self.ranges = ranges
  }

  /// All numbers.
  public var count: Int { ranges.last?.upperBound ?? 0 }
}

/// All numbers of one kind of a network in one contiguous vector: a point in parameter space.
///
/// An optimizer step, a checkpoint, a comparison and a walk over the loss surface all work on the
/// vector as a whole.
public struct ParameterVector: Equatable, Sendable {
  /// Names and shapes.
  public let layout: ParameterLayout
  /// The numbers in memory order.
  public var scalars: [Float]

  /// Creates a vector of zeros.
  public init(_ layout: ParameterLayout) {
    self.layout = layout
    scalars = [Float](repeating: 0, count: layout.count)
  }

  /// The numbers of one slot in file order.
  ///
  /// - Precondition: `index` names a slot; a new value has as many numbers as the old one.
  public subscript(slot index: Int) -> [Float] {
    get {
      let values = scalars[layout.ranges[index]]
      guard let indices = layout.slots[index].memoryIndices else { return Array(values) }
      return indices.map { values[values.startIndex + $0] }
    }
    set {
      let (slot, range) = (layout.slots[index], layout.ranges[index])
      precondition(newValue.count == range.count, "\(newValue.count) numbers for \(slot)")
      guard let indices = slot.memoryIndices else {
        scalars.replaceSubrange(range, with: newValue)
        return
      }
      for (value, index) in zip(newValue, indices) { scalars[range.lowerBound + index] = value }
    }
  }

  /// Lends the numbers as a region that must not outlive the call.
  public mutating func withRegion<Result>(_ body: (FloatRegion) -> Result) -> Result {
    unsafe scalars.withUnsafeMutableBufferPointer { buffer in
      // An empty vector has no address; its region is never read.
      let base = unsafe buffer.baseAddress ?? UnsafeMutablePointer(bitPattern: 64)
      guard let base = unsafe base else { preconditionFailure("no address for an empty region") }
      return unsafe body(FloatRegion(base: base, count: buffer.count, owner: nil))
    }
  }
}
