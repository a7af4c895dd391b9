internal import Foundation
internal import Optimization
internal import Support

/// The images for validation with the highest loss after epochs: `worst-images.json`.
///
/// Of a run of many epochs, some are kept: at most 64 evenly spaced ones and the last.
public struct WorstImages: Codable, Equatable, Sendable {
  /// What a network said of an image.
  public struct Image: Codable, Equatable, Sendable {
    /// As in `split.json`.
    public var path: String
    /// The numbers of its class and of the class that the network gives it.
    public var label: Int, answer: Int
    /// How probable the network finds its answer, and the right one; 0…1, by softmax.
    public var probability: Double, labelProbability: Double
    /// Under the run's objective, without label smoothing.
    public var loss: Double
  }

  /// Those of an epoch, the highest loss first.
  public struct Epoch: Codable, Equatable, Sendable {
    /// Epochs done, and steps in total.
    public var epoch: Int, step: Int
    /// At most a dozen.
    public var images: [Image]
  }

  /// In their order.
  public private(set) var epochs: [Epoch] = []

  /// Images of an epoch, and epochs about as many as are kept.
  package static let most = 12
  static let mostEpochs = 64
  /// Bytes that such a file has at most, with long paths.
  private static let limit = 8 << 20

  /// Creates a list without epochs.
  init() {}

  /// Adds an epoch, and drops what is then too much.
  ///
  /// What is kept depends on the number of the epoch alone, so that a run which was resumed keeps
  /// the same.
  mutating func add(_ epoch: Epoch) {
    var stride = 1
    while epoch.epoch / stride > Self.mostEpochs { stride *= 2 }
    epochs = epochs.filter { $0.epoch < epoch.epoch && $0.epoch.isMultiple(of: stride) } + [epoch]
  }

  /// Drops what came after an epoch.
  ///
  /// - Returns: Whether there was any.
  mutating func removeAll(afterEpoch epoch: Int) -> Bool {
    defer { epochs.removeAll { $0.epoch > epoch } }
    return epochs.contains { $0.epoch > epoch }
  }

  // MARK: Files

  /// Reads the file of a run; empty if there is none.
  ///
  /// - Throws: `CheckpointError.unreadable` or `.inconsistent` naming the file.
  public init(contentsOf run: RunDirectory) throws(CheckpointError) {
    let bytes: [UInt8]
    do {
      bytes = try PlainFile.bytes(
        of: run.worstImages, limit: Self.limit, followsLinks: false)
    } catch {
      if error.isMissing { return }
      throw CheckpointError(run.worstImages, error)
    }
    do {
      self = try jsonDecoder().decode(WorstImages.self, from: Data(bytes))
    } catch {
      throw .undecodable(
        run.worstImages, error, of: Data(bytes), otherwise: "it is no list of images")
    }
  }

  /// Writes the file of a run, whole or not at all.
  func write(to run: RunDirectory) throws(FileError) {
    // The state that follows is synchronized; without it, this is written again.
    try AtomicFile.write(Data((jsonText(self) + "\n").utf8), to: run.worstImages)
  }

  // MARK: Finding

  /// The images with the highest loss, the highest first; equal ones stay in their order.
  ///
  /// A loss that is not a number counts as the highest.
  ///
  /// - Parameter logits: Count × classes.
  static func images(
    logits: [Float], targets: [Int], paths: [String], classCount: Int, objective: any Objective
  ) -> [Image] {
    let losses = targets.indices.map { index in
      let row = Array(logits[index * classCount..<(index + 1) * classCount])
      let loss = objective.evaluate(logits: row, targets: [targets[index]]).loss
      return loss.isNaN ? Float.infinity : loss
    }
    let worst = targets.indices.sorted { (losses[$1], $0) < (losses[$0], $1) }.prefix(most)
    return worst.map { index in
      let row = logits[index * classCount..<(index + 1) * classCount]
      let answer = row.offsetOfLargest
      let largest = Double(row[row.startIndex + answer])
      let exponentials = row.map { exp(Double($0) - largest) }
      let sum = exponentials.reduce(0, +)
      return Image(
        path: paths[index], label: targets[index], answer: answer,
        probability: exponentials[answer] / sum,
        labelProbability: exponentials[targets[index]] / sum, loss: Double(losses[index]))
    }
  }
}
