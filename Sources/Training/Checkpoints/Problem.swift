/// What is wrong with values that were read, in words.
enum Problem {
  /// A value outside its range.
  static func text<Value: Comparable>(
    _ name: String, _ value: Value, _ range: ClosedRange<Value>
  ) -> String {
    "\(name) is \(value), expected \(range.lowerBound) to \(range.upperBound)"
  }

  /// Names of classes that are no names of classes; nil if they are.
  static func ofClasses(_ classes: [String]) -> String? {
    if classes.count < 2 {
      return "there are \(classes.count) classes, expected at least 2"
    }
    if classes.contains("") { return "a class has no name" }
    var seen: Set<String> = []
    let twice = classes.first { !seen.insert($0).inserted }
    return twice.map { "the class '\($0)' occurs twice" }
  }

  /// The first of some values that is outside its range; nil if none is.
  static func first(_ checks: [String?]) -> String? { checks.lazy.compactMap(\.self).first }

  /// A value outside its range; nil if it is absent or inside.
  static func of<Value: Comparable>(
    _ name: String, _ value: Value?, in range: ClosedRange<Value>
  ) -> String? {
    value.flatMap { range.contains($0) ? nil : text(name, $0, range) }
  }
}
