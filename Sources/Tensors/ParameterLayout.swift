/// One named array among the parameters or statistics of a network.
public struct ParameterSlot: Hashable, Sendable {
  /// How the elements lie in memory, compared with their order in a file.
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
  /// Order of the elements in memory.
  public let order: Order

  /// Creates a slot.
  public init(name: String, shape: [Int], order: Order = .rowMajor) {
    self.name = name
    self.shape = shape
    self.order = order
  }

  /// Elements in the slot.
  public var count: Int { shape.reduce(1, *) }

  /// The same slot inside a layer of that name.
  public func named(in layer: String) -> ParameterSlot {
    ParameterSlot(name: "\(layer).\(name)", shape: shape, order: order)
  }

  /// Visits every element of an array whose order in memory differs from that in the file.
  ///
  /// Goes through a few outputs at a time, so that strides stay short enough for the cache in both
  /// orders.
  fileprivate func forEachPlace(_ body: (_ file: Int, _ memory: Int) -> Void) {
    let (outputs, inputs, places) = (shape[0], shape[1], shape[2] * shape[3])
    for first in stride(from: 0, to: outputs, by: 16) {
      for input in 0..<inputs {
        for place in 0..<places {
          let memory = (place * inputs + input) * outputs
          for output in first..<min(first + 16, outputs) {
            body((output * inputs + input) * places + place, memory + output)
          }
        }
      }
    }
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

  /// Elements of all slots.
  public var count: Int { ranges.last?.upperBound ?? 0 }
}

/// All parameters, or all statistics, of a network in one contiguous vector: a point in parameter
/// space.
///
/// An optimizer step, a checkpoint, a comparison and a walk over the loss surface all work on the
/// vector as a whole.
public struct ParameterVector: Equatable, Sendable {
  /// Names and shapes.
  public let layout: ParameterLayout
  /// The elements in memory order.
  public var scalars: [Float]

  /// Creates a vector of zeros.
  public init(_ layout: ParameterLayout) {
    self.layout = layout
    scalars = [Float](repeating: 0, count: layout.count)
  }

  /// The elements of one slot in file order.
  ///
  /// - Precondition: `index` names a slot; a new value has as many elements as the old one.
  public subscript(slot index: Int) -> [Float] {
    get {
      let (slot, range) = (layout.slots[index], layout.ranges[index])
      guard slot.order == .convolution else { return Array(scalars[range]) }
      var values = [Float](repeating: 0, count: range.count)
      slot.forEachPlace { file, memory in values[file] = scalars[range.lowerBound + memory] }
      return values
    }
    set {
      let count = layout.ranges[index].count
      precondition(newValue.count == count, "\(newValue.count) elements, not \(count)")
      fill(slot: index) { $0.copy(from: newValue) }
    }
  }

  /// Lets `write` write all elements of one slot in file order.
  public mutating func fill(slot index: Int, _ write: (FloatRegion) -> Void) {
    let (slot, range) = (layout.slots[index], layout.ranges[index])
    withRegion { region in
      let target = region[range]
      guard slot.order == .convolution else { return write(target) }
      let file = Arena(pieces: [slot.count]).piece(slot.count)
      write(file)
      slot.forEachPlace { target[$1] = file[$0] }
    }
  }

  /// Calls `body` with the elements as a region that must not outlive the call.
  public mutating func withRegion<Result>(_ body: (FloatRegion) -> Result) -> Result {
    unsafe scalars.withUnsafeMutableBufferPointer { unsafe body(.borrowed($0)) }
  }

  /// Whether both have the same elements in the same memory.
  ///
  /// While one of two such vectors is kept, the other cannot change in place.
  public func sharesMemory(with other: ParameterVector) -> Bool {
    withRegionToRead { own in other.withRegionToRead { own.isSame(as: $0) } }
  }

  /// Calls `body` with the elements as a region that must not outlive the call or be written to.
  ///
  /// Vectors may share memory until one of them changes; this makes no copy.
  public func withRegionToRead<Result>(_ body: (FloatRegion) -> Result) -> Result {
    unsafe scalars.withUnsafeBufferPointer { unsafe body(.borrowed(.init(mutating: $0))) }
  }
}
