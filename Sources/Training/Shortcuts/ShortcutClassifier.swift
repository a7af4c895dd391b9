internal import Foundation
internal import Optimization
internal import Support
internal import Tensors

/// A classifier that sees a few features of each image: logistic regression.
///
/// Its accuracy is what these features alone give away. A network with no higher accuracy may have
/// learned no more.
public enum ShortcutClassifier {
  /// Counts images classified correctly by a classifier fitted to the others.
  ///
  /// Each class is divided into `folds` parts; each part is classified by a classifier fitted to
  /// the rest, with full batches and Adam. Features are scaled to mean 0 and deviation 1 over the
  /// rest.
  ///
  /// - Parameters:
  ///   - features: Finite values, equally many for each image.
  ///   - classes: The class of each image, in `0..<classCount`.
  ///   - seed: Determines the part of each image.
  /// - Returns: Images classified correctly.
  /// - Complexity: 100 passes over the images per fold.
  public static func crossValidatedHits(
    features: [[Double]], classes: [Int], classCount: Int, folds: Int = 5, seed: UInt64
  ) -> Int {
    precondition(features.count == classes.count, "\(features.count) and \(classes.count)")
    let parts = parts(of: classes, classCount: classCount, count: folds, seed: seed)
    return (0..<folds).reduce(0) { hits, fold in
      let fitted = classes.indices.filter { parts[$0] != fold }
      let judged = classes.indices.filter { parts[$0] == fold }
      guard !fitted.isEmpty else { return hits }
      let scaling = Scaling(fitted.map { features[$0] })
      let weights = fit(
        fitted.map { scaling.apply(features[$0]) }, fitted.map { classes[$0] }, classCount)
      return hits
        + judged.count { image in
          let row = scaling.apply(features[image])
          let model = LinearModel(row, featureCount: row.count, classCount: classCount)
          return model.logits(weights).offsetOfLargest == classes[image]
        }
    }
  }

  /// The part of each image: as even as possible within a class.
  private static func parts(
    of classes: [Int], classCount: Int, count: Int, seed: UInt64
  ) -> [Int] {
    var parts = [Int](repeating: 0, count: classes.count)
    for index in 0..<classCount {
      var generator = SeededGenerator(seed: seed, stream: UInt64(index))
      let own = classes.indices.filter { classes[$0] == index }.shuffled(using: &generator)
      for (place, image) in own.enumerated() { parts[image] = place % count }
    }
    return parts
  }

  /// Mean and deviation of each feature.
  private struct Scaling {
    var means: [Double], deviations: [Double]

    init(_ rows: [[Double]]) {
      let columns = rows[0].indices
      let count = Double(rows.count)
      let means = columns.map { column in rows.reduce(0) { $0 + $1[column] } / count }
      self.means = means
      deviations = columns.map { column in
        let sum = rows.reduce(0) { $0 + pow($1[column] - means[column], 2) }
        return max((sum / count).squareRoot(), 1e-9)
      }
    }

    /// The scaled features, with a 1 at the end, whose weight is the bias.
    func apply(_ row: [Double]) -> [Float] {
      row.indices.map { Float((row[$0] - means[$0]) / deviations[$0]) } + [1]
    }
  }

  /// Fits weights, classes × features, to all rows at once: 100 steps of Adam.
  private static func fit(_ rows: [[Float]], _ classes: [Int], _ classCount: Int) -> [Float] {
    let model = LinearModel(
      rows.flatMap(\.self), featureCount: rows[0].count, classCount: classCount)
    let optimizer = OptimizerChoice.adam.makeOptimizer(layout: model.layout)
    let step = TrainingStep(
      layout: model.layout, objective: SoftmaxCrossEntropy(), optimizer: optimizer,
      workers: Workers(count: 1))
    var state = ModelState(
      parameters: ParameterVector(model.layout), statistics: ParameterVector(ParameterLayout([])),
      optimizer: optimizer.makeState(parameterCount: model.layout.count))
    let targets = Targets(classes, classCount: classCount)
    for _ in 0..<100 {
      // Features of deviation 1 and steps of 0.1 stay finite; if not, the last weights are kept.
      _ = try? step.take(model, targets: targets, learningRate: 0.1, state: &state)
    }
    return state.parameters.scalars
  }
}
