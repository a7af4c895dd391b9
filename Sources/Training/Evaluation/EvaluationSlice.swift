internal import ImageLoading
internal import Statistics

/// Images that have something in common, and how well they are classified.
public struct EvaluationSlice: Codable, Equatable, Sendable {
  /// What they were divided by, such as `brightness` or the name of a column.
  public let quantity: String
  /// What they have in common, such as `below 84`.
  public let value: String
  /// How many images there are, and how many of them are classified correctly.
  public let count: Int, correct: Int
  /// Fraction classified correctly, 0…1, and its 95% interval by Wilson's method.
  public let accuracy: Double, accuracyLow: Double, accuracyHigh: Double

  init(_ quantity: String, _ value: String, hits: [Bool]) {
    self.quantity = quantity
    self.value = value
    count = hits.count
    correct = hits.count(where: \.self)
    accuracy = Double(correct) / Double(max(1, count))
    let interval = Proportion(hits: correct, of: count).interval
    (accuracyLow, accuracyHigh) = (interval.lowerBound, interval.upperBound)
  }
}

/// A division of images into slices.
public struct Slicing: Equatable, Sendable {
  /// What they are divided by.
  public let quantity: String
  /// What the images of each slice have in common, in the order to show.
  public let values: [String]
  /// The slice of each image, an index into `values`.
  public let places: [Int]

  /// Divides images by a text that each has; slices are in natural order of the texts.
  public init(_ quantity: String, texts: [String]) {
    self.quantity = quantity
    let values = naturallySorted(Set(texts), by: \.self)
    let index = Dictionary(uniqueKeysWithValues: values.enumerated().map { ($1, $0) })
    self.values = values
    places = texts.map { index[$0] ?? 0 }
  }

  /// Divides images by a number that each has, into quarters of about equally many.
  ///
  /// Equal numbers are never divided, so that there may be fewer than four slices.
  ///
  /// - Parameter write: How a limit is written.
  public init(_ quantity: String, numbers: [Double], write: (Double) -> String) {
    self.init(quantity, numbers: numbers, otherwise: "none", write: write)
  }

  /// The same of numbers that some images may lack, which are a slice of their own, the last one.
  ///
  /// - Parameter otherwise: What that slice is called.
  public init(
    _ quantity: String, numbers: [Double?], otherwise: String, write: (Double) -> String
  ) {
    self.quantity = quantity
    let sorted = numbers.compactMap(\.self).sorted()
    var limits: [Double] = []
    for quarter in 1..<4 where !sorted.isEmpty {
      let limit = sorted[sorted.count * quarter / 4]
      if limit > limits.last ?? sorted[0] { limits.append(limit) }
    }
    let isLacking = numbers.contains { $0 == nil }
    let quarters =
      limits.isEmpty
      ? ["all"]
      : (0...limits.count).map { place in
        switch place {
        case 0: "below \(write(limits[0]))"
        case limits.count: "\(write(limits[place - 1])) and above"
        default: "\(write(limits[place - 1])) to \(write(limits[place]))"
        }
      }
    values = quarters + (isLacking ? [otherwise] : [])
    places = numbers.map { number in
      number.map { number in limits.count { $0 <= number } } ?? quarters.count
    }
  }

  /// How well the images of each slice are classified.
  ///
  /// - Parameter hits: Whether each image is classified correctly.
  public func slices(of hits: [Bool]) -> [EvaluationSlice] {
    precondition(hits.count == places.count, "\(hits.count) results of \(places.count) images")
    var parts = values.map { _ in [Bool]() }
    for (place, hit) in zip(places, hits) { parts[place].append(hit) }
    return zip(values, parts).map { EvaluationSlice(quantity, $0, hits: $1) }
  }
}
