internal import Support
public import Tensors

extension Network {
  /// Addresses for what is not counted: stacks of threads, images, figures; bytes.
  private static let headroom = 192 << 20

  /// Bytes that an `Execution` reserves.
  ///
  /// - Parameters:
  ///   - batchSize: Images of a pass.
  ///   - trains: Whether backward passes will be run.
  public func executionBytes(
    batchSize: Int, workers: Workers, trains: Bool, convolution: ConvolutionAlgorithm = .automatic,
    precision: Precision = .float32
  ) -> Int {
    Execution.byteCount(
      network: self, batchSize: batchSize, workers: workers, trains: trains,
      convolution: convolution, precision: precision)
  }

  /// Whether any layer multiplies this way in inference; in training no more do.
  public func multiplies(
    _ precision: Precision, convolution: ConvolutionAlgorithm = .automatic
  ) -> Bool {
    let context = CompileContext(
      input: inputShape.batch(1), workerCount: 1, convolution: convolution, precision: precision)
    return precision == .float32
      || sequence.compile(context).steps.contains {
        "\($0.operation)".contains(precision.rawValue)
      }
  }

  /// Refuses what does not fit into memory, before any of it is reserved, and reserves the memory
  /// of matrix products, which must not run out of it later.
  ///
  /// - Parameters:
  ///   - bytes: Bytes that will be reserved.
  ///   - workers: Those that will multiply matrices.
  ///   - remedy: What to make smaller, for the message.
  /// - Throws: `ArchitectureError.outOfMemory`.
  public static func requireMemory(
    _ bytes: Int, workers: Workers, remedy: String
  ) throws(ArchitectureError) {
    if let available = MemoryLimit.available, bytes > available {
      throw .outOfMemory(bytes: bytes, available: available, remedy: remedy)
    }
    let products = workers.count * Matrix.reservedBytes
    if let addresses = MemoryLimit.addressSpace, bytes + products + headroom > addresses {
      throw .outOfMemory(
        bytes: bytes + products + headroom, available: addresses,
        remedy: "use fewer --threads, or raise the limit (ulimit -v)")
    }
    guard Matrix.reserveBuffers(workers: workers) else {
      throw .outOfMemory(
        bytes: bytes + products, available: MemoryLimit.available ?? 0,
        remedy: "use fewer --threads")
    }
  }
}
