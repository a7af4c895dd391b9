internal import Tensors

/// A convolution in training; if it pools, together with a rectifier and a maximum over squares.
///
/// A pooled convolution never stores the whole map: squares are reduced while their pixels are in
/// registers, and a byte for each says which pixel was the largest, or that the rectifier zeroed
/// it. The rectifier may come before or after the pooling; both orders give the same values and
/// gradients.
struct ConvolutionOperation: TrainingOperation {
  private let product: ConvolutionProduct
  private let gradients: ConvolutionGradients
  private let bias: BiasGradient?
  private let rectifies: Bool
  private let argMax: WorkspacePiece<UInt8>?
  let scratch: WorkspaceLayout, saved: WorkspaceLayout, prepared: WorkspaceLayout
  let description: String
  let dividesBatch = true
  let backwardReads = BackwardReads.input
  let work: OperationWork

  /// - Precondition: It pools only if the plan can.
  init(_ plan: ConvolutionPlan, rectifies: Bool = false, pools: Bool = false) {
    precondition(!pools || plan.canPool, "pooling by \(plan.method)")
    precondition(pools || !rectifies, "a rectifier without pooling")
    var (forward, backward, sums) = (WorkspaceLayout(), WorkspaceLayout(), WorkspaceLayout())
    var prepared = WorkspaceLayout()
    product = ConvolutionProduct(plan, prepared: &prepared, scratch: &forward)
    self.prepared = prepared
    work = plan.work
    gradients = ConvolutionGradients(plan, in: &backward)
    bias =
      plan.usesBias
      ? BiasGradient(channels: plan.outputChannels, sharesBatch: plan.sharesBatch, in: &sums) : nil
    scratch = .union(forward, backward, sums)
    var saved = WorkspaceLayout()
    let pooled = plan.batch * (plan.window.outputHeight / 2) * (plan.window.outputWidth / 2)
    argMax = pools ? saved.reserveBytes(pooled * plan.outputChannels) : nil
    self.saved = saved
    self.rectifies = rectifies
    description =
      "\(plan.methodText) conv" + (rectifies ? " + relu" : "") + (pools ? " + pool 2" : "")
  }

  func prepare(_ pass: ForwardPass) { product.prepare(pass) }

  func forward(_ pass: ForwardPass) {
    product.run(
      pass,
      Epilogue(
        bias: bias == nil ? nil : pass.parameters[1], rectifies: rectifies,
        pooling: argMax == nil ? .never : .beforeScaling, into: pass.output,
        argMax: argMax.map { pass.saved[$0] }))
  }

  func backward(_ pass: BackwardPass) {
    let gradient = FeatureMap(
      pass.outputGradient, argMax: argMax.map { pass.forward.saved[$0] })
    gradients.run(pass, gradient)
    bias?.run(gradient, pass.forward, into: pass.parameterGradients[1])
  }
}
