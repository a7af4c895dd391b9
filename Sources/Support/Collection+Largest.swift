extension Collection<Float> {
  /// The distance from the start to the first of the largest elements; 0 when there is none.
  ///
  /// Elements that are not a number are never the largest.
  package var offsetOfLargest: Int {
    var best = 0
    var largest = -Float.infinity
    for (offset, element) in enumerated() where element > largest {
      (best, largest) = (offset, element)
    }
    return best
  }
}
