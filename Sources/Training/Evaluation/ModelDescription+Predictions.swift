internal import Statistics
internal import Support

extension ModelDescription {
  /// What the network's outputs say of images, in their order.
  ///
  /// - Parameters:
  ///   - outputs: Of the network; with features unless it always answers.
  ///   - alwaysAnswers: Whether the rule for what it does not know is left out.
  public func predictions(
    _ outputs: NetworkOutputs, alwaysAnswers: Bool = false
  ) -> [Prediction] {
    let rule = alwaysAnswers ? nil : answering
    return (0..<outputs.count).map { index in
      var prediction = Prediction(
        classes: classes, logits: Array(outputs.logits(of: index)),
        temperature: temperature ?? 1)
      if let rule {
        let features = outputs.features(of: index)
        prediction.verdict = rule.verdict(
          features: features, probabilities: prediction.probabilities)
        prediction.similarity = rule.similarity(features: features, toClass: prediction.index)
      }
      return prediction
    }
  }

  /// Chooses the temperature, and when the label is an answer.
  ///
  /// Too few images leave both as they are without: probabilities are the softmax of the logits,
  /// and the network always answers.
  ///
  /// - Parameters:
  ///   - outputs: With features, of images that the network was not trained on.
  ///   - targets: Their labels.
  ///   - coverage: The fraction of them that is to be answered, 0…1.
  public mutating func calibrate(
    _ outputs: NetworkOutputs, targets: [Int], coverage: Double = AnswerRule.usualCoverage
  ) {
    (temperature, answering) = (nil, nil)
    guard targets.count >= AnswerRule.fewestImages, outputs.logits.allSatisfy(\.isFinite) else {
      return
    }
    let fitted = LabeledProbabilities.fittedTemperature(
      logits: outputs.logits, labels: targets, classCount: classes.count)
    // Two digits are as many as some hundred images tell.
    let rounded = Float(fitted).withTwoDigits
    temperature = rounded
    answering = AnswerRule(
      outputs, targets: targets, classCount: classes.count, temperature: rounded,
      coverage: coverage)
  }
}
