/// How validation went in several trainings of one kind.
public struct ComparedCurve: Hashable, Sendable {
  /// Several lines as one: their mean and their range, over the same places.
  public struct Band: Hashable, Sendable {
    /// From left to right.
    public var mean: [DataPoint], lower: [DataPoint], upper: [DataPoint]

    /// Creates a band.
    public init(mean: [DataPoint], lower: [DataPoint], upper: [DataPoint]) {
      self.mean = mean
      self.lower = lower
      self.upper = upper
    }

    /// Where it goes beyond a height: of each stretch the place of its highest point.
    func ends(beyond top: Double) -> [Double] {
      let heights = upper.isEmpty ? mean : upper
      return heights.split { $0.y <= top || $0.isGap }.compactMap { stretch in
        stretch.max { $0.y < $1.y }?.x
      }
    }

    /// Up to a place, between two points as well.
    func until(_ x: Double) -> Band {
      func cut(_ points: [DataPoint]) -> [DataPoint] {
        let before = points.prefix { $0.x <= x }
        guard let last = before.last, before.count < points.count else { return Array(before) }
        let next = points[before.count]
        let part = (x - last.x) / (next.x - last.x)
        return before + [DataPoint(x, last.y + part * (next.y - last.y))]
      }
      return Band(mean: cut(mean), lower: cut(lower), upper: cut(upper))
    }
  }

  /// Of what.
  public var name: String
  /// The number of its color; see `Theme.pens(for:)`.
  public var group: Int?
  /// The validation loss, and the accuracy, 0…1.
  public var loss: Band, accuracy: Band

  /// Creates a curve.
  public init(_ name: String, group: Int?, loss: Band, accuracy: Band) {
    self.name = name
    self.group = group
    self.loss = loss
    self.accuracy = accuracy
  }
}

/// How the loss at the end of a training depends on the learning rate.
public struct RateCurve: Hashable, Sendable {
  /// Of what.
  public var name: String
  /// The number of its color; see `Theme.pens(for:)`.
  public var group: Int?
  /// Rates, ascending, and losses; NaN where training diverged.
  public var points: [DataPoint]
  /// The point that was chosen.
  public var chosen: DataPoint?

  /// Creates a curve.
  public init(_ name: String, group: Int?, points: [DataPoint], chosen: DataPoint?) {
    self.name = name
    self.group = group
    self.points = points
    self.chosen = chosen
  }
}
