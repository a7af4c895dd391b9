import Tensors
import TestSupport
import Testing

@Suite struct EigenvectorTests {
  @Test(arguments: [1, 2, 7])
  func `a symmetric matrix is the sum of its eigenvalues times their directions`(size: Int) {
    let numbers = hashedNumbers(stream: size, count: size * size).map(Double.init)
    let matrix = (0..<size * size).map { numbers[$0] + numbers[$0 % size * size + $0 / size] }
    let pairs = symmetricEigenvectors(matrix, size: size)
    #expect(pairs.count == size)
    for place in matrix.indices {
      let (row, column) = (place / size, place % size)
      let sum = pairs.reduce(0) { $0 + $1.value * $1.vector[row] * $1.vector[column] }
      #expect(abs(sum - matrix[place]) < 1e-12)
    }
    for (index, pair) in pairs.enumerated() {
      for (other, second) in pairs.enumerated() {
        let product = zip(pair.vector, second.vector).reduce(0) { $0 + $1.0 * $1.1 }
        #expect(abs(product - (index == other ? 1 : 0)) < 1e-12)
      }
    }
  }
}
