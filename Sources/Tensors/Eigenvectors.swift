/// Returns the eigenvalues and eigenvectors of a symmetric matrix, by Jacobi rotations.
///
/// Each rotation makes one pair of off-diagonal entries zero; sweeps over all pairs converge
/// quadratically. Each of about eight sweeps takes time proportional to size³.
///
/// - Parameter matrix: size × size, row by row; only symmetric ones have real eigenvalues.
/// - Returns: Each eigenvalue with its eigenvector of unit length, in no order.
/// - Source: Golub & Van Loan, "Matrix computations", §8.5.
public func symmetricEigenvectors(
  _ matrix: [Double], size: Int
) -> [(value: Double, vector: [Double])] {
  precondition(matrix.count == size * size, "\(matrix.count) elements of a \(size)×\(size) matrix")
  var a = matrix
  var vectors = [Double](repeating: 0, count: size * size)
  for index in 0..<size { vectors[index * size + index] = 1 }
  let total = a.reduce(0) { $0 + $1 * $1 }
  for _ in 0..<50 {
    var rest = 0.0
    for p in 0..<size {
      for q in p + 1..<size { rest += a[p * size + q] * a[p * size + q] }
    }
    if rest <= 1e-24 * total { break }
    for p in 0..<size {
      for q in p + 1..<size where a[p * size + q] != 0 {
        // tan of the angle that makes entry (p, q) zero; the smaller of the two.
        let ratio = (a[q * size + q] - a[p * size + p]) / (2 * a[p * size + q])
        let tangent = (ratio < 0 ? -1 : 1) / (abs(ratio) + (ratio * ratio + 1).squareRoot())
        let cosine = 1 / (tangent * tangent + 1).squareRoot()
        let sine = tangent * cosine
        func rotate(_ values: inout [Double], _ first: Int, _ second: Int) {
          let (x, y) = (values[first], values[second])
          values[first] = cosine * x - sine * y
          values[second] = sine * x + cosine * y
        }
        for k in 0..<size { rotate(&a, k * size + p, k * size + q) }
        for k in 0..<size { rotate(&a, p * size + k, q * size + k) }
        for k in 0..<size { rotate(&vectors, k * size + p, k * size + q) }
      }
    }
  }
  return (0..<size).map { column in
    (a[column * size + column], (0..<size).map { vectors[$0 * size + column] })
  }
}
