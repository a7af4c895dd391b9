import ConvNet
import Foundation
import ImageLoading
import Support
import Training

/// An image with its explanations.
struct ExplainedImage {
  /// The file.
  let path: String
  /// What the network sees.
  let pixels: PixelBuffer
  /// The class it is labeled with, where it is known.
  let label: String?
  /// Where its subject is, row by row, where that is known.
  let mask: [Bool]?
  let prediction: Prediction
  /// The class that is explained.
  let target: ExplanationTarget
  /// One for each method.
  let explanations: [Explanation]
  /// One for each method, or none.
  let checks: [RandomizationCheck]
  /// All that the network computes for it.
  let trace: NetworkTrace

  /// Explains an image by all methods.
  ///
  /// - Parameters:
  ///   - classIndex: The class to explain; nil for the predicted one.
  ///   - checks: Whether to compare with random weights.
  ///   - failure: What to throw if the network's answer is not a number.
  ///   - progress: Is told after each map how many of how many there are.
  init(
    _ path: String, _ pixels: PixelBuffer, _ explainer: Explainer, _ methods: [ExplanationMethod],
    classIndex: Int?, score: ExplanationTarget.Score, label: String? = nil, mask: [Bool]? = nil,
    checks: Bool, failure: Failure, progress: (_ done: Int, _ total: Int) -> Void
  ) throws {
    self.path = path
    self.pixels = pixels
    self.label = label
    self.mask = mask
    let input = explainer.input(of: pixels.bytes)
    prediction = explainer.prediction(for: input)
    guard prediction.logits.allSatisfy(\.isFinite) else { throw failure }
    target = ExplanationTarget(classIndex: classIndex ?? prediction.index, score: score)
    trace = explainer.trace(input, target)
    var (explanations, found): ([Explanation], [RandomizationCheck]) = ([], [])
    let total = methods.count * (checks ? 2 : 1)
    for method in methods {
      let explanation = explainer.explain(input, target, by: method)
      explanations.append(explanation)
      progress(explanations.count + found.count, total)
      guard checks else { continue }
      found.append(explainer.randomizationCheck(input, target, explanation))
      progress(explanations.count + found.count, total)
    }
    self.explanations = explanations
    self.checks = found
  }

  /// The name of the class that is explained, as it is shown.
  var className: String { prediction.classes[target.classIndex].fitted(24) }
  /// Its probability, as it is shown.
  var probability: String {
    Double(prediction.probabilities[target.classIndex]).percentage()
  }
  /// The file's name, as it is shown.
  var fileName: String { URL(filePath: path).lastPathComponent.fitted(40) }

  /// A map at the size of the image.
  func whole(_ map: AttributionMap) -> AttributionMap {
    map.resized(height: pixels.height, width: pixels.width)
  }
}
