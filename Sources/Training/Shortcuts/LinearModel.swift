internal import Tensors

/// Logistic regression without a network: logits are linear in a few features of each sample.
struct LinearModel: DifferentiableModel {
  /// One matrix of classes × features.
  let layout: ParameterLayout
  /// Samples × features.
  private let features: [Float]
  private let featureCount: Int

  /// Holds a batch.
  ///
  /// - Parameter features: Samples × features.
  init(_ features: [Float], featureCount: Int, classCount: Int) {
    self.features = features
    self.featureCount = featureCount
    layout = ParameterLayout([ParameterSlot(name: "weight", shape: [classCount, featureCount])])
  }

  private var classCount: Int { layout.count / featureCount }

  func forward(parameters: ParameterVector, statistics: inout ParameterVector) -> [Float] {
    logits(parameters.scalars)
  }

  /// Samples × classes: each row of features times each row of weights.
  func logits(_ weights: [Float]) -> [Float] {
    var logits = [Float](repeating: 0, count: features.count / featureCount * classCount)
    for place in logits.indices {
      let (row, own) = offsets(place)
      for column in 0..<featureCount {
        logits[place] += features[row + column] * weights[own + column]
      }
    }
    return logits
  }

  func backward(
    logitGradient: [Float], parameters: ParameterVector, statistics: inout ParameterVector,
    gradients: inout ParameterVector
  ) {
    for index in gradients.scalars.indices { gradients.scalars[index] = 0 }
    for (place, error) in logitGradient.enumerated() {
      let (row, own) = offsets(place)
      for column in 0..<featureCount {
        gradients.scalars[own + column] += error * features[row + column]
      }
    }
  }

  /// Where the features of a logit's sample and the weights of its class begin.
  private func offsets(_ place: Int) -> (features: Int, weights: Int) {
    (place / classCount * featureCount, place % classCount * featureCount)
  }
}
