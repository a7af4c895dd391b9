/// Images from the highest score to the lowest, and which of them are of a class.
///
/// Everything is counted with a weight for each image, so that a resample needs no sorting.
struct RankedScores {
  /// The images in order, each with its class and whether the next has a lower score.
  private let places: [Place]

  private struct Place {
    var image: Int
    var isPositive: Bool
    var endsTie: Bool
  }

  /// Points of ROC and precision–recall curves at which bands are measured: 0, 0.01, … 1.
  ///
  /// Their products with counts are rounded, so they are compared with a little to spare.
  static let grid = (0...100).map { Double($0) / 100 }

  /// - Parameters:
  ///   - scores: One for each image; not NaN.
  ///   - positives: Whether each image is of the class.
  init(_ scores: [Double], _ positives: [Bool]) {
    precondition(scores.count == positives.count, "\(scores.count) scores for \(positives.count)")
    let order = scores.indices.sorted { scores[$0] > scores[$1] }
    places = order.indices.map { rank in
      let image = order[rank]
      return Place(
        image: image, isPositive: positives[image],
        endsTie: rank + 1 == order.count || scores[order[rank + 1]] < scores[image])
    }
  }

  /// Images of the class and others above each threshold, from none to all.
  func counts() -> [(truePositives: Double, falsePositives: Double)] {
    var counts = [(0.0, 0.0)]
    var (positives, negatives) = (0.0, 0.0)
    for place in places {
      if place.isPositive { positives += 1 } else { negatives += 1 }
      if place.endsTie { counts.append((positives, negatives)) }
    }
    return counts
  }

  /// What is measured of some images.
  struct Measures {
    /// The areas below both curves; nil without images of the class, the first also without others.
    var rocArea: Double?, averagePrecision: Double?
    /// Sensitivity at each false positive rate of the grid, on the straight lines between
    /// thresholds and at the top of a vertical one; nil where the area is.
    var sensitivities: [Double]?
    /// Precision at the highest threshold that reaches each recall of the grid.
    var precisions: [Double]?
  }

  /// Measures both curves.
  ///
  /// - Parameters:
  ///   - weights: One for each image, by its number: how often it was drawn.
  ///   - all: The sum of the weights of images of the class.
  ///   - others: That of the other images.
  func measures(_ weights: [Double], all: Double, others: Double) -> Measures {
    let grid = Self.grid
    guard all > 0 else { return Measures() }
    var (positives, negatives, lastPositives, lastNegatives) = (0.0, 0.0, 0.0, 0.0)
    var (area, precision) = (0.0, 0.0)
    var (sensitivities, precisions) = ([Double](), [Double]())
    sensitivities.reserveCapacity(grid.count)
    precisions.reserveCapacity(grid.count)
    for place in places {
      if place.isPositive {
        positives += weights[place.image]
      } else {
        negatives += weights[place.image]
      }
      guard place.endsTie else { continue }
      let (gain, width) = (positives - lastPositives, negatives - lastNegatives)
      area += width * (positives + lastPositives) / 2
      while sensitivities.count < grid.count,
        grid[sensitivities.count] * others < negatives - 1e-9
      {
        let part = max(0, grid[sensitivities.count] * others - lastNegatives) / width
        sensitivities.append((lastPositives + part * gain) / all)
      }
      if gain > 0 {
        let value = positives / (positives + negatives)
        precision += gain * value
        while precisions.count < grid.count, grid[precisions.count] * all <= positives + 1e-9 {
          precisions.append(value)
        }
      }
      (lastPositives, lastNegatives) = (positives, negatives)
    }
    sensitivities += Array(repeating: 1, count: grid.count - sensitivities.count)
    return Measures(
      rocArea: others > 0 ? area / (all * others) : nil, averagePrecision: precision / all,
      sensitivities: others > 0 ? sensitivities : nil, precisions: precisions)
  }
}
