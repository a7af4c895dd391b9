// Concrete types: a generic method allocates when it is called from another module.

extension ArraySlice<Float> {
  /// The distance from the start to the first of the largest elements; 0 when there is none.
  ///
  /// Elements that are not a number are never the largest.
  package var offsetOfLargest: Int {
    var best = startIndex
    var largest = -Float.infinity
    for index in indices where self[index] > largest {
      (best, largest) = (index, self[index])
    }
    return best - startIndex
  }
}

extension Array<Float> {
  /// The index of the first of the largest elements; 0 when there is none.
  package var offsetOfLargest: Int { self[...].offsetOfLargest }
}
