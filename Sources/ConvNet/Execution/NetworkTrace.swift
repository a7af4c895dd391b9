public import Tensors

/// All that a network computes for a batch: what each layer puts out, and how a number computed
/// from the logits depends on it.
///
/// Layers run one by one, none of them joined with its neighbors, so every value between two of
/// them is there to be looked at.
public struct NetworkTrace: Sendable {
  /// Images in the batch.
  public let count: Int
  /// The images, followed by the output of each layer, the last of which are the logits.
  ///
  /// Each is count × height × width × channels, of the shapes `Network.shapes`.
  public let activations: [[Float]]
  /// The gradients of the activations, in the same order and of the same sizes.
  public let gradients: [[Float]]
  /// The gradients of the parameters.
  public let parameterGradients: ParameterVector

  /// Logits, count × classes.
  public var logits: [Float] { activations[activations.count - 1] }
}

/// Traces a network on batches up to a given size.
public final class NetworkTracer {
  /// The network that is traced.
  public let network: Network
  private let execution: Execution
  private let phase: Phase

  /// Compiles a network and reserves memory.
  ///
  /// - Parameter phase: Inference, or training with the batch's own statistics.
  public init(network: Network, batchSize: Int, workers: Workers, phase: Phase = .inference) {
    self.network = network
    self.phase = phase
    execution = Execution(
      network: network, batchSize: batchSize, workers: workers, trains: true,
      differentiatesInput: true, keepsOutputs: true, convolution: .im2col)
  }

  /// Runs images forward, and a gradient back from the logits.
  ///
  /// - Parameters:
  ///   - images: count × height × width × channels, normalized; as many as the batch holds at most.
  ///   - logitGradient: Gives, from the logits, the gradient to propagate; both are count ×
  ///     classes. For the score of a class it is 1 at that class and 0 elsewhere.
  public func trace(
    images: [Float], parameters: ParameterVector, statistics: ParameterVector,
    logitGradient: (_ logits: [Float]) -> [Float]
  ) -> NetworkTrace {
    var statistics = statistics
    let activations = activations(of: images, parameters: parameters, statistics: &statistics)
    let (count, logits) = (images.count / network.inputShape.count, activations.last ?? [])
    var gradients = network.shapes.map { [Float](repeating: 0, count: $0.count * count) }
    let last = logitGradient(logits)
    precondition(last.count == logits.count, "\(last.count) gradients of \(logits.count) logits")
    gradients[network.layers.count] = last
    var parameterGradients = ParameterVector(network.parameterLayout)
    execution.backward(
      logitGradient: last, parameters: parameters, statistics: &statistics,
      gradients: &parameterGradients, phase: phase
    ) { layer, gradient in
      gradients[layer] = gradient.array
    }
    return NetworkTrace(
      count: count, activations: activations, gradients: gradients,
      parameterGradients: parameterGradients)
  }

  /// Runs images forward: what `NetworkTrace.activations` are.
  ///
  /// - Parameter images: count × height × width × channels, normalized; as many as the batch holds
  ///   at most.
  public func activations(
    of images: [Float], parameters: ParameterVector, statistics: inout ParameterVector
  ) -> [[Float]] {
    let count = images.count / network.inputShape.count
    precondition(
      images.count == count * network.inputShape.count,
      "\(images.count) numbers for images of \(network.inputShape.count)")
    execution.input.copy(from: images)
    _ = execution.forward(
      count: count, parameters: parameters, statistics: &statistics, phase: phase)
    return [images] + execution.outputs.map { $0.values.array }
  }
}
