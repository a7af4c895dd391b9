public import Tensors

/// What is known when a layer is compiled into an operation.
public struct CompileContext: Sendable {
  /// What reaches the layer, with the largest batch.
  public internal(set) var input: Shape
  /// Threads that share the work; each may need scratch memory of its own.
  public let workerCount: Int
  /// How convolutions are computed.
  public let convolution: ConvolutionAlgorithm
  /// Layers of the network that come before, those inside a block included: names the layer's
  /// stream of random numbers.
  public internal(set) var place = 0

  init(input: Shape, workerCount: Int, convolution: ConvolutionAlgorithm) {
    self.input = input
    self.workerCount = workerCount
    self.convolution = convolution
  }

  /// The same for another layer.
  func on(_ input: Shape, place: Int) -> CompileContext {
    var context = self
    context.input = input.batch(self.input.batch)
    context.place = place
    return context
  }
}

/// What runs in inference for a layer, or for neighboring layers together.
///
/// An operation is compiled once for a largest batch and a number of workers. It holds no values:
/// each pass hands it the arrays and the memory. Batches are cut into shards by their size alone,
/// so that results do not depend on the number of workers.
public protocol ForwardOperation: Sendable, CustomStringConvertible {
  /// Memory of undefined content for the length of a pass.
  var scratch: WorkspaceLayout { get }
  /// Memory that keeps its content from a forward pass to its backward pass.
  var saved: WorkspaceLayout { get }

  /// The pass together with those of the operations it is made of; called once for many batches.
  func bind(_ pass: ForwardPass) -> ForwardPass

  /// Writes the output.
  func forward(_ pass: ForwardPass)
}

/// What runs in training: forward and back.
public protocol TrainingOperation: ForwardOperation {
  /// The pass together with those of the operations it is made of; its forward pass is bound.
  func bind(_ pass: BackwardPass) -> BackwardPass

  /// Writes the gradient with respect to the input, where it is wanted, and the gradients of the
  /// parameters.
  func backward(_ pass: BackwardPass)
}

extension ForwardOperation {
  public var scratch: WorkspaceLayout { WorkspaceLayout() }
  public var saved: WorkspaceLayout { WorkspaceLayout() }
  public func bind(_ pass: ForwardPass) -> ForwardPass { pass }
  public var description: String { "\(Self.self)" }
}

extension TrainingOperation {
  public func bind(_ pass: BackwardPass) -> BackwardPass { pass }
}
