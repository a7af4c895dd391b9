internal import Foundation

/// A way to ask a network where it looks.
public enum ExplanationMethod: String, CaseIterable, Codable, Sendable {
  /// Channels of a layer, each weighted by its mean gradient.
  ///
  /// - Source: Selvaraju et al., 2017, arXiv:1610.02391.
  case gradCAM = "grad-cam"
  /// Channels of a layer, weighted at each place by the positive gradient there.
  ///
  /// - Source: Jiang et al., 2021, "LayerCAM: Exploring Hierarchical Class Activation Maps".
  case layerCAM = "layer-cam"
  /// Gradients on the way from a plain image to this one, times the difference.
  ///
  /// - Source: Sundararajan, Taly & Yan, 2017, arXiv:1703.01365.
  case integratedGradients = "integrated-gradients"
  /// How much the score falls where a patch covers the image.
  ///
  /// - Source: Zeiler & Fergus, 2013, arXiv:1311.2901.
  case occlusion

  /// What people call it.
  public var name: String {
    switch self {
    case .gradCAM: "Grad-CAM"
    case .layerCAM: "LayerCAM"
    case .integratedGradients: "Integrated gradients"
    case .occlusion: "Occlusion"
    }
  }

  /// Whether it asks a layer; the others ask the whole network.
  public var usesLayer: Bool { self == .gradCAM || self == .layerCAM }
}

/// The number that an explanation divides among the places of an image.
public struct ExplanationTarget: Hashable, Sendable {
  /// What is computed from the logits.
  public enum Score: String, CaseIterable, Codable, Sendable {
    /// The logit of the class.
    case logit
    /// How much its logit is above those of all others together: log(p / (1 − p)).
    ///
    /// What adds to all logits alike, and so changes no probability, does not change it.
    case logOdds = "log-odds"
  }

  /// The class that is asked about.
  public let classIndex: Int
  /// Its score.
  public let score: Score

  /// Creates a target.
  public init(classIndex: Int, score: Score = .logit) {
    self.classIndex = classIndex
    self.score = score
  }

  /// The score of an image.
  func value(_ logits: ArraySlice<Float>) -> Float {
    let own = logits[logits.startIndex + classIndex]
    switch score {
    case .logit: return own
    case .logOdds: return own - Self.logSum(others(logits))
    }
  }

  /// The gradient of the score with respect to the logits of an image.
  func gradient(_ logits: ArraySlice<Float>) -> [Float] {
    var gradient = [Float](repeating: 0, count: logits.count)
    if score == .logOdds {
      let total = Self.logSum(others(logits))
      for (index, logit) in logits.enumerated() {
        gradient[index] = -Float(Foundation.exp(Double(logit - total)))
      }
    }
    gradient[classIndex] = 1
    return gradient
  }

  private func others(_ logits: ArraySlice<Float>) -> [Float] {
    logits.enumerated().filter { $0.offset != classIndex }.map(\.element)
  }

  private static func logSum(_ logits: [Float]) -> Float {
    let largest = logits.max() ?? 0
    return largest + Float(Foundation.log(logits.reduce(0) { $0 + exp(Double($1 - largest)) }))
  }
}
