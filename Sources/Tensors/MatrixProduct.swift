internal import COpenBLAS
internal import Foundation

/// A matrix of floats in row-major order inside a region; rows may be farther apart than their
/// length.
public struct Matrix: Sendable {
  /// The elements.
  public let region: FloatRegion
  /// Extent as stored, before any transposition.
  public let rows: Int, columns: Int
  /// Distance between the starts of two rows, elements.
  public let stride: Int
  /// Whether a product reads it transposed.
  public private(set) var isTransposed = false

  /// Creates a view of a region as a matrix.
  ///
  /// - Precondition: The region holds all rows.
  public init(_ region: FloatRegion, rows: Int, columns: Int, stride: Int? = nil) {
    self.region = region
    self.rows = rows
    self.columns = columns
    self.stride = stride ?? columns
    precondition(
      rows == 0 || (rows - 1) * self.stride + columns <= region.count,
      "a \(rows)×\(columns) matrix in a region of \(region.count)")
  }

  /// The same matrix, read with rows and columns exchanged.
  public var transposed: Matrix {
    var result = self
    result.isTransposed.toggle()
    return result
  }

  /// Overwrites this matrix with a·b, or adds a·b to it.
  ///
  /// - Precondition: The extents agree and this matrix is not transposed.
  public func setProduct(_ a: Matrix, _ b: Matrix, adding: Bool = false) {
    let inner = a.isTransposed ? a.rows : a.columns
    precondition(
      !isTransposed && rows == (a.isTransposed ? a.columns : a.rows)
        && columns == (b.isTransposed ? b.rows : b.columns)
        && inner == (b.isTransposed ? b.columns : b.rows),
      "product of \(a.extent) and \(b.extent) into \(extent)")
    guard rows > 0 && columns > 0 else { return }
    Self.useOneThread
    unsafe cblas_sgemm(
      CblasRowMajor, a.isTransposed ? CblasTrans : CblasNoTrans,
      b.isTransposed ? CblasTrans : CblasNoTrans,
      blasint(rows), blasint(columns), blasint(inner),
      1, a.region.base, blasint(a.stride), b.region.base, blasint(b.stride),
      adding ? 1 : 0, region.base, blasint(stride))
  }

  /// Overwrites this matrix with `factor`·a·aᵀ + `part`·itself, in half the time of a product.
  ///
  /// - Precondition: This matrix has a row and a column for each row of a and is not transposed;
  ///   where a part is kept it is symmetric.
  public func setGram(of a: Matrix, times factor: Float = 1, keeping part: Float = 0) {
    let (size, inner) = a.isTransposed ? (a.columns, a.rows) : (a.rows, a.columns)
    precondition(
      !isTransposed && rows == size && columns == size,
      "product of \(a.extent) and its transpose into \(extent)")
    Self.useOneThread
    unsafe cblas_ssyrk(
      CblasRowMajor, CblasUpper, a.isTransposed ? CblasTrans : CblasNoTrans, blasint(size),
      blasint(inner), factor, a.region.base, blasint(a.stride), part, region.base, blasint(stride))
    // Mirror below the diagonal, tile by tile, so that rows and columns stay in the cache.
    let tile = 16
    for top in Swift.stride(from: 0, to: size, by: tile) {
      for left in Swift.stride(from: 0, through: top, by: tile) {
        for row in top..<min(top + tile, size) {
          for column in left..<min(left + tile, row) {
            unsafe region.base[row * stride + column] = region.base[column * stride + row]
          }
        }
      }
    }
  }

  /// Addresses that OpenBLAS reserves for each product that runs at the same time, bytes; most of
  /// them are never used.
  public static let reservedBytes = 128 << 20

  /// Lets OpenBLAS reserve its buffers for products of some workers at the same time.
  ///
  /// Later, when there is no room for one, it would try again without end.
  ///
  /// - Returns: Whether there was room.
  public static func reserveBuffers(workers: Workers) -> Bool {
    useOneThread
    let size = workers.count * reservedBytes
    let (access, kind) = (PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS)
    guard let room = unsafe mmap(nil, size, access, kind, -1, 0), unsafe room != MAP_FAILED else {
      return false
    }
    unsafe munmap(room, size)
    let buffers = unsafe (0..<workers.count).map { _ in unsafe blas_memory_alloc(0) }
    unsafe buffers.forEach { unsafe blas_memory_free($0) }
    return true
  }

  private var extent: String { "\(rows)×\(columns)\(isTransposed ? "ᵀ" : "")" }

  /// Limits OpenBLAS to one thread before its first product.
  ///
  /// Work is parallel over shards of the batch; idle threads of OpenBLAS would spin and take cores
  /// away from the workers.
  private static let useOneThread: Void = openblas_set_num_threads(1)
}
