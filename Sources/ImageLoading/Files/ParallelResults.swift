/// The results of parallel tasks, each written by the task it belongs to.
@safe final class ParallelResults<Value: Sendable>: @unchecked Sendable {
  private let elements: UnsafeMutableBufferPointer<Value?>

  init(count: Int) {
    unsafe elements = .allocate(capacity: count)
    unsafe elements.initialize(repeating: nil)
  }

  deinit {
    unsafe elements.deinitialize()
    unsafe elements.deallocate()
  }

  /// Stores the result of one task.
  ///
  /// - Precondition: No other task writes this element, and `values` is read after all are done.
  func set(_ index: Int, _ value: Value) { unsafe elements[index] = value }

  /// One element for each task; nil where a task stored nothing.
  var values: [Value?] { unsafe Array(elements) }
}
