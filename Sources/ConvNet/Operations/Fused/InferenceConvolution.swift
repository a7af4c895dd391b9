internal import Tensors

/// A convolution in inference with the normalization, rectifier and pooling after it.
///
/// Running statistics do not depend on the batch, so a normalization is a scale and an offset for
/// each channel, applied to the sums while they are in registers.
struct InferenceConvolution: ForwardOperation {
  /// How sums are normalized.
  private struct Normalization {
    let epsilon: Float
    let scale: WorkspacePiece<Float>, offset: WorkspacePiece<Float>
  }

  private let product: ConvolutionProduct
  private let usesBias: Bool
  private let normalization: Normalization?
  private let rectifies: Bool
  private let pooling: Epilogue.Pooling
  let scratch: WorkspaceLayout, prepared: WorkspaceLayout
  let description: String
  let dividesBatch = true
  let work: OperationWork

  /// - Precondition: The plan can pool or scale if that is requested.
  init(
    _ plan: ConvolutionPlan, normalization: BatchNormalization? = nil, rectifies: Bool = false,
    pooling: Epilogue.Pooling = .never
  ) {
    precondition(
      (pooling == .never || plan.canPool) && (normalization == nil || plan.canScale),
      "an epilogue by \(plan.method)")
    var (scratch, prepared) = (WorkspaceLayout(), WorkspaceLayout())
    self.normalization = normalization.map {
      Normalization(
        epsilon: $0.epsilon, scale: prepared.reserve(plan.outputChannels),
        offset: prepared.reserve(plan.outputChannels))
    }
    product = ConvolutionProduct(plan, prepared: &prepared, scratch: &scratch)
    (self.scratch, self.prepared) = (scratch, prepared)
    work = plan.work
    usesBias = plan.usesBias
    self.rectifies = rectifies
    self.pooling = pooling
    description =
      "\(plan.methodText) conv" + (pooling == .beforeScaling ? " + pool 2" : "")
      + (normalization == nil ? "" : " + batchnorm") + (rectifies ? " + relu" : "")
      + (pooling == .afterScaling ? " + pool 2" : "")
  }

  func prepare(_ pass: ForwardPass) {
    product.prepare(pass)
    guard let normalization else { return }
    let bias = usesBias ? pass.parameters[1] : nil
    let scale = pass.prepared[normalization.scale]
    let offset = pass.prepared[normalization.offset]
    let (gamma, beta) = (
      pass.parameters[pass.parameters.count - 2], pass.parameters[pass.parameters.count - 1]
    )
    let (mean, variance) = (pass.statistics[0], pass.statistics[1])
    for channel in 0..<scale.count {
      scale[channel] = gamma[channel] / (variance[channel] + normalization.epsilon).squareRoot()
      let constant = bias?[channel] ?? 0
      offset[channel] = beta[channel] + (constant - mean[channel]) * scale[channel]
    }
  }

  func forward(_ pass: ForwardPass) {
    let bias = usesBias ? pass.parameters[1] : nil
    product.run(
      pass,
      Epilogue(
        scale: normalization.map { pass.prepared[$0.scale] },
        bias: normalization.map { pass.prepared[$0.offset] } ?? bias, rectifies: rectifies,
        pooling: pooling, into: pass.output))
  }
}
