public import Tensors

/// What is known when a layer is compiled.
public struct CompileContext: Sendable {
  /// The input shape of the layer, with the largest batch.
  public internal(set) var input: Shape
  /// Threads that share the work; each may need scratch memory of its own.
  public let workerCount: Int
  /// Whether processes share the batch.
  let sharesBatch: Bool
  /// Whether blocks compute what takes little time again before their backward passes.
  var repeatsCheapOperations = false
  /// How convolutions are computed.
  public let convolution: ConvolutionAlgorithm
  /// What products multiply where that is faster than float32.
  public let precision: Precision
  /// The number of layers before it in the network, including those inside blocks: identifies the
  /// layer's stream of random numbers.
  public internal(set) var place = 0

  init(
    input: Shape, workerCount: Int, sharesBatch: Bool = false, convolution: ConvolutionAlgorithm,
    precision: Precision = .float32
  ) {
    self.input = input
    self.sharesBatch = sharesBatch
    self.workerCount = workerCount
    self.convolution = convolution
    self.precision = precision
  }

  /// The same for another layer.
  func on(_ input: Shape, place: Int) -> CompileContext {
    var context = self
    context.input = input.batch(self.input.batch)
    context.place = place
    return context
  }
}

/// What runs in inference for a layer, or for several neighboring layers.
///
/// An operation is compiled once for a largest batch and a number of workers. It holds no values:
/// each pass gives it the arrays and the memory. Batches are divided into shards by their size
/// alone, so that results do not depend on the number of workers.
public protocol ForwardOperation: Sendable, CustomStringConvertible {
  /// Memory of undefined content during a pass.
  var scratch: WorkspaceLayout { get }
  /// Memory that keeps its content from a forward pass to its backward pass.
  var saved: WorkspaceLayout { get }
  /// Memory of what `prepare` writes, which keeps its content until parameters or statistics
  /// change.
  var prepared: WorkspaceLayout { get }
  /// Whether it can run on some images of a batch while other processes run on the others; false
  /// unless it says so, and then every process runs it, and what follows, on all images.
  var dividesBatch: Bool { get }

  /// What it computes and moves in inference, besides its input and output; for benchmarks.
  var work: OperationWork { get }

  /// Adds to a pass those of the operations it consists of; called once for many batches.
  func bind(_ pass: ForwardPass) -> ForwardPass

  /// Writes what depends on parameters and statistics alone, as folded or transformed weights.
  ///
  /// Inference calls it once for all batches with the same values; training, whose values change,
  /// before every forward pass.
  func prepare(_ pass: ForwardPass)

  /// Writes the output.
  func forward(_ pass: ForwardPass)
}

/// What a backward pass reads that its forward pass had, besides what is saved.
public struct BackwardReads: OptionSet, Sendable {
  public let rawValue: Int

  public init(rawValue: Int) { self.rawValue = rawValue }

  /// The input of the forward pass.
  public static let input = BackwardReads(rawValue: 1)
  /// Its output.
  public static let output = BackwardReads(rawValue: 2)
  /// Room for what is prepared, whose content may be written anew.
  public static let prepared = BackwardReads(rawValue: 4)
  /// All of it.
  public static let all: BackwardReads = [.input, .output, .prepared]
}

/// What runs in training: forward and back.
public protocol TrainingOperation: ForwardOperation {
  /// What its backward pass reads; all unless it says so. The memory of the rest is used for other
  /// things in between.
  var backwardReads: BackwardReads { get }
  /// Whether the gradient of the input may be written over the input; false unless it says so.
  var overwritesInput: Bool { get }

  /// Adds to a pass those of the operations it consists of; its forward pass is already bound.
  func bind(_ pass: BackwardPass) -> BackwardPass

  /// Writes the gradient with respect to the input, if needed, and the gradients of the parameters.
  func backward(_ pass: BackwardPass)
}

extension ForwardOperation {
  public var scratch: WorkspaceLayout { WorkspaceLayout() }
  public var saved: WorkspaceLayout { WorkspaceLayout() }
  public var prepared: WorkspaceLayout { WorkspaceLayout() }
  public func prepare(_ pass: ForwardPass) {}
  public var work: OperationWork { OperationWork() }
  public var dividesBatch: Bool { false }
  public func bind(_ pass: ForwardPass) -> ForwardPass { pass }
  public var description: String { "\(Self.self)" }
}

extension TrainingOperation {
  public var backwardReads: BackwardReads { .all }
  public var overwritesInput: Bool { false }
  public func bind(_ pass: BackwardPass) -> BackwardPass { pass }
}
