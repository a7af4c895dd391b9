public import ConvNet
public import ImageLoading
public import Optimization
public import Tensors

/// Runs decoded pictures through a network as it is, without augmentation or dropout.
public final class Evaluator {
  private let execution: Execution
  private let assembler: BatchAssembler
  private let batchSize: Int

  /// Reserves memory for batches.
  public init(
    network: Network, normalization: Normalization, workers: Workers, batchSize: Int = 64,
    convolution: ConvolutionAlgorithm = .automatic
  ) {
    self.batchSize = batchSize
    execution = Execution(
      network: network, batchSize: batchSize, workers: workers, trains: false,
      convolution: convolution)
    assembler = BatchAssembler(
      imageSize: network.inputShape.width,
      normalization: normalization, workers: workers)
  }

  /// The logits of pictures, in the order of `indices`.
  ///
  /// - Parameters:
  ///   - data: Pictures of the network's size.
  ///   - indices: Which of them.
  /// - Returns: `indices.count` × classes.
  /// - Throws: `DatasetError.changed` when a picture that is read again is not what it was.
  public func logits(
    of data: LoadedDataset, indices: [Int], parameters: ParameterVector, statistics: ParameterVector
  ) throws(DatasetError) -> [Float] {
    let batches = indices.batches(of: batchSize)
    var reader = BatchReader(data, batches: batches)
    var logits: [Float] = []
    for _ in batches {
      let batch = try reader.next()
      logits += self.logits(
        of: batch.pixels, places: batch.places, parameters: parameters, statistics: statistics)
    }
    return logits
  }

  /// The logits of pictures of the network's size, one after the other, 8-bit RGB.
  ///
  /// - Returns: `count` × classes.
  public func logits(
    of pixels: [UInt8], count: Int, parameters: ParameterVector, statistics: ParameterVector
  ) -> [Float] {
    Array(0..<count).batches(of: batchSize).flatMap {
      logits(of: pixels, places: $0, parameters: parameters, statistics: statistics)
    }
  }

  private func logits(
    of pixels: [UInt8], places: [Int], parameters: ParameterVector, statistics: ParameterVector
  ) -> [Float] {
    var (parameters, statistics) = (parameters, statistics)
    assembler.assemble(pixels: pixels, indices: places, into: execution.input)
    return execution.forward(
      count: places.count, parameters: parameters, statistics: &statistics, phase: .inference)
  }
}

/// How far logits are from the truth.
public struct Evaluation: Codable, Equatable, Sendable {
  /// Class names in order of the logits.
  public let classes: [String]
  /// Pictures judged.
  public let count: Int
  /// Mean loss under the objective it was judged by.
  public let loss: Double
  /// `confusion[truth][prediction]`: numbers of pictures.
  public let confusion: [[Int]]

  /// Judges logits.
  ///
  /// - Parameters:
  ///   - logits: Count × classes.
  ///   - targets: The true classes.
  ///   - objective: What the loss is measured by.
  /// - Precondition: There is at least one picture.
  public init(
    logits: [Float], targets: [Int], classes: [String],
    objective: any Objective = SoftmaxCrossEntropy()
  ) {
    self.classes = classes
    count = targets.count
    loss = Double(objective.evaluate(logits: logits, targets: targets).loss)
    var confusion = [[Int]](
      repeating: [Int](repeating: 0, count: classes.count), count: classes.count)
    for (index, target) in targets.enumerated() {
      let row = logits[index * classes.count..<(index + 1) * classes.count]
      confusion[target][largestIndex(row)] += 1
    }
    self.confusion = confusion
  }

  /// Pictures classified right.
  public var correct: Int { classes.indices.reduce(0) { $0 + confusion[$1][$1] } }

  /// Part classified right, 0…1.
  public var accuracy: Double { Double(correct) / Double(count) }

  /// 95 % interval of the accuracy by Wilson's method.
  public var accuracyInterval: ClosedRange<Double> { wilsonInterval(correct, of: count) }

  /// How one class fared.
  public struct ClassScore: Codable, Equatable, Sendable {
    /// The class, and how many pictures are of it.
    public let name: String, count: Int
    /// Of those called so, the part that is; nil when none was called so.
    public let precision: Double?
    /// Of those that are, the part called so; nil when there are none.
    public let recall: Double?
    /// Harmonic mean of precision and recall; nil when either is, or both are 0.
    public let f1: Double?
  }

  /// One score per class.
  public var scores: [ClassScore] {
    classes.indices.map { index in
      let hits = Double(confusion[index][index])
      let actual = confusion[index].reduce(0, +)
      let called = confusion.reduce(0) { $0 + $1[index] }
      let precision = called > 0 ? hits / Double(called) : nil
      let recall = actual > 0 ? hits / Double(actual) : nil
      var f1: Double?
      if let precision, let recall, precision + recall > 0 {
        f1 = 2 * precision * recall / (precision + recall)
      }
      return ClassScore(
        name: classes[index], count: actual, precision: precision, recall: recall, f1: f1)
    }
  }
}

/// The first index of the largest value; what a classifier answers.
public func largestIndex(_ values: some Collection<Float>) -> Int {
  var best = 0
  var largest = -Float.infinity
  for (index, value) in values.enumerated() where value > largest {
    (best, largest) = (index, value)
  }
  return best
}

/// The 95 % interval of a proportion.
///
/// - Source: Wilson, 1927, "Probable inference, the law of succession, and statistical inference".
public func wilsonInterval(_ hits: Int, of count: Int) -> ClosedRange<Double> {
  guard count > 0 else { return 0...1 }
  let z = 1.959_963_985
  let n = Double(count)
  let p = Double(hits) / n
  let center = p + z * z / (2 * n)
  let spread = z * (p * (1 - p) / n + z * z / (4 * n * n)).squareRoot()
  let scale = 1 + z * z / n
  return max(0, (center - spread) / scale)...min(1, (center + spread) / scale)
}
