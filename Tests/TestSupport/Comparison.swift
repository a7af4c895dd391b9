/// The largest difference between two lists of values; infinite when one is not a number or the
/// lengths differ.
public func largestDifference(_ a: [Float], _ b: [Float]) -> Float {
  guard a.count == b.count else { return .infinity }
  var largest: Float = 0
  for (x, y) in zip(a, b) {
    guard x.isFinite, y.isFinite else { return .infinity }
    largest = max(largest, abs(x - y))
  }
  return largest
}

/// ‖a − b‖ / (‖a‖ + ‖b‖): 0 for equal vectors, 1 for unrelated ones.
public func relativeDifference(_ a: [Double], _ b: [Double]) -> Double {
  func norm(_ values: [Double]) -> Double { values.reduce(0) { $0 + $1 * $1 }.squareRoot() }
  let sum = norm(a) + norm(b)
  return sum == 0 ? 0 : norm(zip(a, b).map { $0 - $1 }) / sum
}

/// √(Σ(a − b)² / Σb²): the error of `a` as a part of the reference `b`; infinite when lengths
/// differ or a number is not finite.
public func relativeRMS(_ a: [Float], _ b: [Float]) -> Double {
  guard a.count == b.count else { return .infinity }
  var (error, size) = (0.0, 0.0)
  for (x, y) in zip(a, b) {
    error += (Double(x) - Double(y)) * (Double(x) - Double(y))
    size += Double(y) * Double(y)
  }
  guard error.isFinite else { return .infinity }
  return size == 0 ? error.squareRoot() : (error / size).squareRoot()
}
