import ConvNet
import Foundation
import ImageLoading
import MessagePassing
import Support
import Tensors
import Training

// What several processes that work together have in common.
extension Ranks {
  /// Joins the processes started by the same `mpirun`; all but the first are silent.
  ///
  /// - Returns: Nil if this process is alone.
  /// - Throws: `MessagePassingError`, or `Failure` if the processes differ.
  static func joinAsCommand() throws -> Ranks? {
    guard let ranks = try join() else { return nil }
    if !ranks.leads { Console.silence() }
    try ranks.requireSame(
      "another version of Marbles", Marbles.version, .usage, "install the same on every host")
    try ranks.requireSame(
      "other rounding of sums", roundedGradient(), .usage,
      "use hosts with processors and libraries of one kind")
    try ranks.requireSame(
      "another command line", CommandLine.arguments.dropFirst().joined(separator: " "), .usage,
      "give every rank the same options")
    return ranks
  }

  /// Refuses to train where ranks have read other choices, images or saved states.
  ///
  /// - Throws: `Failure`.
  func requireSame(
    _ configuration: TrainingConfiguration, _ data: TrainingData, resuming point: ResumePoint? = nil
  ) throws {
    let batchSize = min(configuration.batchSize, data.training.count)
    guard batchSize >= count else {
      throw Failure(
        .usage,
        "a batch of \(batchSize.counted("image")) cannot be divided among \(count) ranks; give "
          + "mpirun -np \(batchSize) or less, or a larger --batch-size")
    }
    try requireSame(choices: configuration, data)
    try requireSame(
      "another saved state", point.map { jsonText($0.state.progress) } ?? "", .data,
      "let every host read the folder of the run")
  }

  /// Refuses to work where ranks have made other choices of what to train, or read other images.
  ///
  /// - Throws: `Failure`.
  func requireSame(choices: some Encodable, _ data: TrainingData) throws {
    try requireSame(
      "other choices", jsonText(choices) + data.fingerprint, .usage,
      "let every rank read the same files")
  }

  /// Refuses to work where ranks have read other networks.
  ///
  /// - Throws: `Failure`.
  func requireSame(_ networks: [Checkpoint]) throws {
    try requireSame(
      "another network", networks.map { ContentHash.sha256(Array($0.encoded)) }.joined(), .data,
      "let every rank read the same files")
  }

  /// Refuses to read images where ranks have found other files.
  ///
  /// - Throws: `Failure`.
  func requireSame(_ listing: DatasetListing) throws {
    try requireSame(
      "other images in \(listing.source)", listing.fingerprint, .data,
      "give every host the same images")
  }

  /// The gradient of a small network, which shows in its last bits how a host computes.
  private static func roundedGradient() throws -> String {
    let network = try Network(
      Architecture("conv 16, batchnorm, relu, conv 16, gelu, conv 12 stride 2, flatten, dense"),
      imageSize: 12, classCount: 2)
    var (parameters, statistics) = network.initialValues(seed: 1)
    let execution = Execution(
      network: network, batchSize: 4, workers: Workers(count: 1), trains: true)
    var generator = SeededGenerator(seed: 1)
    execution.input.copy(
      from: (0..<execution.input.count).map { _ in Float.random(in: -1...1, using: &generator) })
    let phase = Phase.training(seed: 1)
    let logits = execution.forward(
      count: 4, parameters: parameters, statistics: &statistics, phase: phase)
    var gradients = ParameterVector(network.parameterLayout)
    execution.backward(
      logitGradient: logits, parameters: parameters, statistics: &statistics,
      gradients: &gradients, phase: phase)
    return gradients.scalars.map { String($0.bitPattern, radix: 36) }.joined(separator: " ")
  }

  /// Refuses what is not the same on all ranks.
  private func requireSame(
    _ what: String, _ value: String, _ code: FailureCode, _ advice: String
  ) throws {
    let values = all(Array(value.utf8))
    guard let other = values.indices.first(where: { values[$0] != values[0] }) else { return }
    throw Failure(
      code, "\(name(of: other)) has \(what) than \(name(of: 0)); \(advice)")
  }

  /// Ends this process together with the others.
  ///
  /// The first, which has reported what went wrong, waits a little for the others to find the same.
  /// Of one that fails alone, they wait in the middle of a step, and are ended.
  ///
  /// - Parameter failure: What went wrong; nil if nothing did.
  /// - Returns: How this process ends: the first tells for all.
  func end(after failure: Failure?) -> FailureCode {
    let isCommon = failure.map { $0.code.isCommon && !$0.isOfOneProcess } ?? true
    if leave(within: isCommon ? nil : .seconds(leads ? 2 : 3)) {
      return leads ? failure?.code ?? .fine : .fine
    }
    let code = failure?.code ?? .failed
    if !leads, let failure { Console.error("\(name(of: rank)): \(failure.message)") }
    Self.endAll(code: code.rawValue)
  }
}

extension FailureCode {
  /// Whether all ranks end so at the same step.
  fileprivate var isCommon: Bool {
    switch self {
    case .fine, .diverged, .hungUp, .interrupted, .pipeClosed: true
    case .failed, .notReached, .usage, .data, .inputMissing, .internalError, .output: false
    }
  }
}
