package import ConvNet
internal import Tensors

/// Whether a map depends on the weights of a network: with random ones it should be another one.
///
/// A map that stays the same shows the image alone, as a filter for edges does.
///
/// - Source: Adebayo et al., 2018, "Sanity checks for saliency maps", arXiv:1810.03292, the
///   cascading randomization of parameters.
public struct RandomizationCheck: Sendable {
  /// The map of a network of which the last layers have random weights.
  public struct Stage: Sendable {
    /// How many of the layers with weights are random, the last ones.
    public let layers: Int
    /// The map of the first seed.
    public let map: AttributionMap
    /// Rank correlations with the map of the trained network, one for each seed: of the values or
    /// of their sizes, whichever is larger; nil where a map is the same everywhere, and so another.
    public let correlations: [Double?]

    /// Creates a stage.
    ///
    /// - Precondition: There is a correlation.
    public init(layers: Int, map: AttributionMap, correlations: [Double?]) {
      precondition(!correlations.isEmpty, "a stage without correlations")
      (self.layers, self.map, self.correlations) = (layers, map, correlations)
    }

    /// The mean size of the correlations, 0…1.
    public var similarity: Double {
      correlations.reduce(0) { $0 + abs($1 ?? 0) } / Double(correlations.count)
    }
  }

  /// How the maps were made.
  public let method: ExplanationMethod
  /// The last layer, half of them, and all of them at random.
  public let stages: [Stage]

  /// Creates a check.
  ///
  /// - Precondition: There is a stage.
  public init(method: ExplanationMethod, stages: [Stage]) {
    precondition(!stages.isEmpty, "a check without stages")
    (self.method, self.stages) = (method, stages)
  }

  /// The mean size of the rank correlation with maps of random networks, 0…1.
  public var similarity: Double { stages[stages.count - 1].similarity }
  /// Whether the map depends on the weights.
  public var passes: Bool { similarity < Self.limit }

  /// Maps above this similarity are no proof of anything learned.
  public static let limit = 0.5
  /// Random networks that a map is compared with.
  public static let seeds = 3
}

extension Explainer {
  /// Explains an image again by networks with random weights.
  ///
  /// - Parameter map: What the trained network gives.
  public func randomizationCheck(
    _ image: [Float], _ target: ExplanationTarget, _ explanation: Explanation
  ) -> RandomizationCheck {
    let own = options
    // As many steps as the trained network needs: none of the others has to add up.
    if let steps = explanation.completeness?.steps { options.steps = min(steps, 64) }
    defer { options = own }
    let learning = network.learningLayers
    let counts = Set([1, (learning.count + 1) / 2, learning.count]).sorted()
    let stages = counts.map { count in
      let seeds = count == learning.count ? RandomizationCheck.seeds : 1
      let maps = (0..<seeds).map { seed in
        with(
          values.randomized(
            fromLayer: learning[learning.count - count], of: network, seed: UInt64(seed + 1))
        ) {
          explain(image, target, by: explanation.method).map
        }
      }
      return RandomizationCheck.Stage(
        layers: count, map: maps[0],
        correlations: maps.map { explanation.map.likeness(to: $0) })
    }
    return RandomizationCheck(method: explanation.method, stages: stages)
  }
}

extension AttributionMap {
  /// The rank correlation with another map, of the values or of their sizes, whichever is larger.
  ///
  /// Values of either sign at single pixels may seem unrelated where the same edges light up.
  func likeness(to other: AttributionMap) -> Double? {
    let sizes = [self, other].map { map in
      AttributionMap(height: map.height, width: map.width, values: map.values.map(abs))
    }
    return [rankCorrelation(with: other), sizes[0].rankCorrelation(with: sizes[1])]
      .compactMap(\.self).max { abs($0) < abs($1) }
  }
}

extension Network {
  /// The layers that have weights, in order; also frozen ones.
  package var learningLayers: [Int] {
    let slots = (parameterLayout.slots + statisticLayout.slots).filter { $0.shape.count > 1 }
    return Set(slots.compactMap(\.layer)).sorted()
  }
}

extension NetworkValues {
  /// The values with fresh ones for all layers from a place on.
  func randomized(fromLayer first: Int, of network: Network, seed: UInt64) -> NetworkValues {
    let fresh = network.initialValues(seed: seed)
    func mixed(_ own: ParameterVector, _ fresh: ParameterVector) -> ParameterVector {
      var mixed = own
      for (slot, range) in zip(own.layout.slots, own.layout.ranges) where slot.layer ?? 0 >= first {
        mixed.scalars.replaceSubrange(range, with: fresh.scalars[range])
      }
      return mixed
    }
    return NetworkValues(
      parameters: mixed(parameters, fresh.parameters),
      statistics: mixed(statistics, fresh.statistics))
  }
}

extension ParameterSlot {
  /// The layer of the network that it belongs to, with which its name begins.
  fileprivate var layer: Int? { Int(name.prefix { $0 != "." }) }
}
