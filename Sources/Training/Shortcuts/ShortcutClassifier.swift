internal import Foundation
internal import Optimization
internal import Tensors

/// A classifier that sees a few numbers of each picture: logistic regression.
///
/// What it scores is what the numbers alone give away. A network that scores no more may have
/// learned no more.
public enum ShortcutClassifier {
  /// How many pictures are classified right by a classifier that was fitted to the others.
  ///
  /// Each class is cut into `folds` parts; each part is judged by a classifier fitted to the rest.
  /// Numbers are brought to mean 0 and deviation 1 over the rest. Full batches under Adam.
  ///
  /// - Parameters:
  ///   - features: For each picture the same count of finite numbers.
  ///   - classes: For each picture its class, in `0..<classCount`.
  ///   - seed: Decides who is in which part.
  /// - Returns: Pictures that were classified right.
  /// - Complexity: 100 passes over the pictures for each fold.
  public static func crossValidatedHits(
    features: [[Double]], classes: [Int], classCount: Int, folds: Int = 5, seed: UInt64
  ) -> Int {
    precondition(features.count == classes.count, "\(features.count) and \(classes.count)")
    let parts = parts(of: classes, classCount: classCount, count: folds, seed: seed)
    return (0..<folds).reduce(0) { hits, fold in
      let kept = classes.indices.filter { parts[$0] != fold }
      let judged = classes.indices.filter { parts[$0] == fold }
      guard !kept.isEmpty else { return hits }
      let scaling = Scaling(kept.map { features[$0] })
      let weights = fit(
        kept.flatMap { scaling.apply(features[$0]) }, kept.map { classes[$0] }, classCount)
      return hits
        + judged.count { picture in
          let numbers = scaling.apply(features[picture])
          return largestIndex(scores(numbers, weights, numbers.count)) == classes[picture]
        }
    }
  }

  /// The part of each picture: as even as can be within a class.
  private static func parts(
    of classes: [Int], classCount: Int, count: Int, seed: UInt64
  ) -> [Int] {
    var parts = [Int](repeating: 0, count: classes.count)
    for index in 0..<classCount {
      var generator = SeededGenerator(seed: seed, stream: UInt64(index))
      let own = classes.indices.filter { classes[$0] == index }.shuffled(using: &generator)
      for (place, picture) in own.enumerated() { parts[picture] = place % count }
    }
    return parts
  }

  /// Mean and deviation of each number.
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

    /// With a 1 at the end, whose weight is the bias.
    func apply(_ row: [Double]) -> [Float] {
      row.indices.map { Float((row[$0] - means[$0]) / deviations[$0]) } + [1]
    }
  }

  /// Rows × classes: each row of numbers times each class's weights.
  private static func scores(_ numbers: [Float], _ weights: [Float], _ columns: Int) -> [Float] {
    let classCount = weights.count / columns
    var scores = [Float](repeating: 0, count: numbers.count / columns * classCount)
    for place in scores.indices {
      let (row, own) = (place / classCount * columns, place % classCount * columns)
      for column in 0..<columns {
        scores[place] += numbers[row + column] * weights[own + column]
      }
    }
    return scores
  }

  private static func fit(_ numbers: [Float], _ classes: [Int], _ classCount: Int) -> [Float] {
    let columns = numbers.count / classes.count
    let targets = Targets(classes, classCount: classCount)
    var weights = [Float](repeating: 0, count: classCount * columns)
    let optimizer = OptimizerChoice.adam.makeOptimizer(
      layout: ParameterLayout([ParameterSlot(name: "weight", shape: [classCount, columns])]))
    var state = optimizer.makeState(parameterCount: weights.count)
    for _ in 0..<100 {
      let errors = SoftmaxCrossEntropy().evaluate(
        logits: scores(numbers, weights, columns), targets: targets
      ).gradient
      var gradients = [Float](repeating: 0, count: weights.count)
      for (place, error) in errors.enumerated() {
        let (row, own) = (place / classCount * columns, place % classCount * columns)
        for column in 0..<columns { gradients[own + column] += error * numbers[row + column] }
      }
      optimizer.step(
        &weights, gradients: gradients, learningRate: 0.1, state: &state,
        workers: Workers(count: 1))
    }
    return weights
  }
}
