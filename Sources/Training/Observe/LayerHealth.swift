internal import ConvNet
internal import Support
internal import Tensors

/// What the rows of `layers.csv` say about a run: whether its layers learn, and how fast.
public struct LayerHealth: Sendable {
  /// An array of weights and its medians over the steps of the run.
  public struct Array: Equatable, Sendable {
    /// Its number among the network's arrays, and its name, as in `0 conv 24 2x2`.
    public let number: Int, name: String
    /// ‖change‖/‖θ‖ of a step, and ‖∇‖/‖θ‖.
    public let updateRatio: Double, gradientRatio: Double
    /// Whether no gradient has reached it in the later half of the steps.
    public let isDead: Bool
  }

  /// The relative change of a step that is usual: around a thousandth, half a power of ten up and
  /// down.
  ///
  /// - Source: Karpathy et al., notes to Stanford's CS231n, "Ratio of weights:updates".
  public static let usualRatio = 3e-4...3e-3
  /// Medians from the first to the second are called healthy; above the third is much.
  static let littleRatio = 1e-4, quickRatio = 1e-2, muchRatio = 0.1
  /// Gradients, relative to their weights, that differ by this factor between layers vanish.
  static let vanishingFactor = 1e3

  /// In the order of the network.
  public let arrays: [Array]

  /// Takes the medians over the steps that rows stand for.
  ///
  /// - Parameter names: Of arrays, by their numbers.
  public init(_ rows: [LayerRecord], names: [Int: String]) {
    arrays = Dictionary(grouping: rows, by: \.array).sorted { $0.key < $1.key }.map {
      number, rows in
      let later = rows.suffix((rows.count + 1) / 2)
      return Array(
        number: number, name: names[number] ?? "array \(number)",
        updateRatio: Self.median(rows, \.updateRatio),
        gradientRatio: Self.median(rows) {
          $0.parameterNorm > 0 ? $0.gradientNorm / $0.parameterNorm : nil
        }, isDead: later.allSatisfy { $0.gradientNorm == 0 })
    }
  }

  /// A sentence for a reader of the figure.
  public var summary: String {
    let dead = arrays.filter(\.isDead), living = arrays.filter { !$0.isDead }
    guard dead.isEmpty else {
      return "Dead: no gradient reaches \(Self.list(dead)); its units may all be below 0."
    }
    // The head starts with far smaller weights than the others.
    let hidden = living.count > 2 ? living.dropLast() : living[...]
    guard let most = living.max(by: { $0.updateRatio < $1.updateRatio }),
      let least = living.min(by: { $0.updateRatio < $1.updateRatio }),
      let steepest = hidden.max(by: { $0.gradientRatio < $1.gradientRatio }),
      let flattest = hidden.min(by: { $0.gradientRatio < $1.gradientRatio })
    else { return "No array of weights was measured." }
    if most.updateRatio > Self.muchRatio {
      return "Much: \(most.name) changes by \(Self.percent(most.updateRatio)) a step; a lower "
        + "learning rate is steadier."
    }
    if steepest.gradientRatio > Self.vanishingFactor * flattest.gradientRatio {
      let isVanishing = flattest.number < steepest.number
      let factor = (steepest.gradientRatio / flattest.gradientRatio).grouped
      return isVanishing
        ? "Vanishing: the gradient of \(flattest.name) is \(factor) times smaller than that of "
          + "\(steepest.name), for the size of their weights."
        : "Exploding: the gradient of \(steepest.name) is \(factor) times larger than that of "
          + "\(flattest.name), for the size of their weights."
    }
    if most.updateRatio < Self.littleRatio {
      return "Little: no layer changes by more than \(Self.percent(most.updateRatio)) a step; a "
        + "higher learning rate is faster."
    }
    let range =
      living.count == 1
      ? Self.percent(most.updateRatio)
      : "\(Self.percent(least.updateRatio)) to \(Self.percent(most.updateRatio))"
    return "Layers change by \(range) of their weights a step, in the median: "
      + (most.updateRatio > Self.quickRatio
        ? "quick; about 0.1% is usual." : "healthy; about 0.1% is usual.")
  }

  private static func list(_ arrays: [Array]) -> String {
    arrays.prefix(2).map(\.name).joined(separator: " and ")
      + (arrays.count > 2 ? " and \(arrays.count - 2) more" : "")
  }

  /// A fraction as a percentage with two digits.
  private static func percent(_ fraction: Double) -> String {
    let decimals = fraction >= 0.1 ? 0 : fraction >= 0.01 ? 1 : fraction >= 1e-3 ? 2 : 3
    return fraction.percentage(decimals: decimals)
  }

  /// The least value that holds for half of the steps at most; 0 without values.
  ///
  /// A row stands for the steps since the one before it: the first steps of a run have more rows
  /// than later ones.
  private static func median(
    _ rows: [LayerRecord], _ value: (LayerRecord) -> Double?
  ) -> Double {
    let weighted = zip(rows, [0] + rows.map(\.step)).compactMap { row, previous in
      value(row).map { (value: $0, steps: row.step - previous) }
    }.sorted { $0.value < $1.value }
    let total = weighted.map(\.steps).reduce(0, +)
    var passed = 0
    return weighted.first {
      passed += $0.steps
      return 2 * passed >= total
    }?.value ?? 0
  }
}

extension Double {
  /// A whole number in groups of three digits.
  fileprivate var grouped: String { isFinite ? rounded().decimal(0) : "infinitely many" }
}

extension LayerHealth {
  /// The names of the arrays of weights of a run, as in `0 conv 24 2x2`, by their numbers; none if
  /// its layers are not known.
  public static func names(_ record: RunRecord) -> [Int: String] {
    let network = try? record.configuration.makeNetwork(classCount: record.classes.count)
    guard let network else { return [:] }
    let slots = network.parameterLayout.slots
    return Dictionary(
      uniqueKeysWithValues: slots.indices.map { index in
        let name = slots[index].name.split(separator: ".").dropLast().joined(separator: ".")
        let layer = network.layer(ofParameterSlot: index).map { network.layers[$0].text } ?? ""
        let words = layer.split(separator: " ").prefix(3).joined(separator: " ")
        return (index, name.contains(".") ? name : "\(name) \(words)")
      })
  }
}
