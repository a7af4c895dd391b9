internal import Tensors

/// Brings the singular values of matrices near 1 by a polynomial of odd powers, applied again and
/// again: X ← (aI + bG + cG²)X with G = XXᵀ.
///
/// All of them are polynomials of the first G, so several steps can be taken on the smaller G alone
/// before X is multiplied once: with P = aI + bG + cG², Q ← PQ and G ← P²G.
///
/// - Source: Jordan et al., 2024, "Muon: an optimizer for hidden layers".
struct Orthogonalizer {
  private static let (a, b, c): (Float, Float, Float) = (3.4445, -4.775, 2.0315)
  /// Steps taken on G alone before G is computed from X again.
  ///
  /// Each multiplies rounding errors by up to a² = 12; after three, the result is still as accurate
  /// as with X itself.
  private static let stepsAtOnce = 3

  /// Two matrices, and four square products of the shorter side.
  private let wholes: [FloatRegion], squares: [FloatRegion]

  /// Reserves room.
  ///
  /// - Parameters:
  ///   - largest: Elements of the largest matrix.
  ///   - side: The shorter side of a matrix, at most.
  init(largest: Int, side: Int) {
    let sizes = [largest, largest] + [Int](repeating: side * side, count: 4)
    let arena = Arena(pieces: sizes)
    let pieces = sizes.map(arena.piece)
    (wholes, squares) = (Array(pieces.prefix(2)), Array(pieces.suffix(4)))
  }

  /// Takes some steps with one matrix of norm at most 1.
  ///
  /// - Parameter result: As many elements as the range has.
  /// - Precondition: The range lies inside and holds whole rows.
  func apply(
    to values: [Float], _ range: Range<Int>, rows: Int, steps: Int, into result: FloatRegion
  ) {
    let columns = range.count / rows
    let side = min(rows, columns)
    let isWide = rows <= columns
    func whole(_ index: Int) -> Matrix {
      Matrix(wholes[index][0..<range.count], rows: rows, columns: columns)
    }
    func square(_ index: Int) -> Matrix {
      Matrix(squares[index][0..<side * side], rows: side, columns: side)
    }
    var (x, next) = (whole(0), whole(1))
    var (gram, polynomial, product, spare) = (square(0), square(1), square(2), square(3))
    x.region.copy(from: values[range])
    // A matrix that is almost square is no larger than G.
    let most = 2 * max(rows, columns) < 3 * side ? 1 : Self.stepsAtOnce
    for start in stride(from: 0, to: steps, by: most) {
      let last = min(start + most, steps) - 1
      gram.setGram(of: isWide ? x : x.transposed)
      for step in start...last {
        polynomial.region.copy(from: gram.region)
        polynomial.setGram(of: gram, times: Self.c, keeping: Self.b)
        for place in 0..<side { polynomial.region[place * (side + 1)] += Self.a }
        if step < last {
          spare.setProduct(polynomial, gram)
          gram.setProduct(polynomial, spare)
        }
        if step == start {
          swap(&product, &polynomial)
        } else {
          spare.setProduct(polynomial, product)
          swap(&product, &spare)
        }
      }
      next.setProduct(isWide ? product : x, isWide ? x : product)
      swap(&x, &next)
    }
    result.copy(from: x.region)
  }
}
