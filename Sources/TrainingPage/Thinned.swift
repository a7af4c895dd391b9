/// Values in order, of which evenly spaced ones are kept once there are too many.
struct Thinned<Element: Sendable>: Sendable {
  private(set) var elements: [Element] = []
  /// The latest of all, which may not be among those.
  private(set) var last: Element?
  private let limit: Int
  /// Each so manieth is kept.
  private var stride = 1
  private var count = 0

  /// - Precondition: `limit` is at least 2.
  init(limit: Int) {
    precondition(limit >= 2, "\(limit) values are no line")
    self.limit = limit
  }

  mutating func add(_ element: Element) {
    last = element
    defer { count += 1 }
    guard count.isMultiple(of: stride) else { return }
    elements.append(element)
    guard elements.count == limit else { return }
    elements = elements.indices.filter { $0.isMultiple(of: 2) }.map { elements[$0] }
    stride *= 2
  }

  /// What is drawn: those that are kept, and the latest.
  var drawn: [Element] {
    count == 0 || (count - 1).isMultiple(of: stride) && (elements.count - 1) * stride == count - 1
      ? elements : elements + (last.map { [$0] } ?? [])
  }
}
