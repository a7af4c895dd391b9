internal import Support

extension Split {
  /// The number of images of a class that a fraction of them is: of three or more at least one.
  static func quota(_ fraction: Double, of count: Int) -> Int {
    let share = share(fraction, of: count)
    return fraction > 0 && count >= 3 ? max(1, share) : share
  }

  private static func share(_ fraction: Double, of count: Int) -> Int {
    Int((fraction * Double(count)).rounded())
  }

  /// Says which classes are so small that a part gets more of their images than its fraction; nil
  /// for none.
  package static func note(
    images: [LoadedImage], classNames: [String], validationFraction: Double, testFraction: Double
  ) -> String? {
    let settled = settledParts(images.map(\.assignedPart))
    let divided = images.filter {
      $0.assignedPart == nil || $0.assignedPart == .train && !settled.contains(.validation)
    }
    let counts = Dictionary(grouping: divided, by: \.classIndex).mapValues(\.count)
    let fractions = [validationFraction] + (settled.contains(.test) ? [] : [testFraction])
    let small = counts.filter { _, count in
      fractions.contains { quota($0, of: count) > share($0, of: count) }
    }.keys.sorted()
    guard let first = small.first else { return nil }
    return "\(small.count.counted("class")) of few images ('\(classNames[first])'"
      + "\(small.count > 1 ? ", …" : "")): one image of each is held out for a part, which is more "
      + "than the fraction that was asked for"
  }
}
