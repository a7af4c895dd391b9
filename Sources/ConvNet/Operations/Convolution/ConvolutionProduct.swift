internal import Tensors

/// The sums of products of a convolution, by one of the methods.
enum ConvolutionProduct: Sendable {
  case columns(ColumnProduct)
  case indirect(IndirectProduct)
  case winograd(WinogradProduct)

  init(
    _ plan: ConvolutionPlan, prepared: inout WorkspaceLayout, scratch: inout WorkspaceLayout
  ) {
    self =
      switch plan.method {
      case .columns: .columns(ColumnProduct(plan, in: &scratch))
      case .indirect:
        .indirect(
          IndirectProduct(
            IndirectGeometry(plan), isBackward: false,
            workerCount: plan.workerCount, prepared: &prepared, scratch: &scratch))
      case .winograd:
        .winograd(
          WinogradProduct(plan, isBackward: false, prepared: &prepared, scratch: &scratch))
      }
  }

  /// Brings the weights into the order in which the method reads them.
  func prepare(_ pass: ForwardPass) {
    switch self {
    case .columns: break
    case .indirect(let product): product.prepare(pass, in: pass.prepared)
    case .winograd(let product): product.prepare(pass, in: pass.prepared)
    }
  }

  /// Writes the sums as the epilogue says.
  ///
  /// - Precondition: The epilogue pools, scales and rectifies only if the plan can.
  func run(_ pass: ForwardPass, _ epilogue: Epilogue) {
    switch self {
    case .columns(let product): product.run(pass, epilogue)
    case .indirect(let product):
      product.run(FeatureMap(pass.input), pass, epilogue, prepared: pass.prepared)
    case .winograd(let product):
      product.run(FeatureMap(pass.input), pass, epilogue, prepared: pass.prepared)
    }
  }
}

/// The gradients of a convolution with respect to its weights and its input.
struct ConvolutionGradients: Sendable {
  private enum Method: Sendable {
    case columns(ColumnGradients)
    case indirect(weights: IndirectWeightGradient, input: IndirectProduct?)
    case winograd(weights: WinogradWeightGradient, input: WinogradProduct)
  }

  private let method: Method
  /// Computes both gradients if the method cannot compute that of the input.
  private let fallback: ColumnGradients?
  /// What the product with the rotated weights prepares.
  private let rotated: WorkspacePiece<Workspace>

  init(_ plan: ConvolutionPlan, in scratch: inout WorkspaceLayout) {
    let reserved = scratch
    var (input, columns, prepared) = (reserved, reserved, WorkspaceLayout())
    switch plan.method {
    case .columns:
      method = .columns(ColumnGradients(plan, in: &scratch))
      fallback = nil
    case .indirect:
      let geometry = IndirectGeometry(plan)
      method = .indirect(
        weights: IndirectWeightGradient(plan, in: &scratch),
        input: geometry.backward.map {
          IndirectProduct(
            $0, isBackward: true, workerCount: plan.workerCount, prepared: &prepared,
            scratch: &input)
        })
      fallback = geometry.backward == nil ? ColumnGradients(plan, in: &columns) : nil
    case .winograd:
      method = .winograd(
        weights: WinogradWeightGradient(plan, in: &scratch),
        input: WinogradProduct(plan, isBackward: true, prepared: &prepared, scratch: &input))
      fallback = nil
    }
    rotated = input.reserve(prepared)
    // The two are computed one after the other, so they share memory.
    scratch = .union(scratch, input, columns)
  }

  /// - Parameter gradient: Of the output, or of the pooled output.
  func run(_ pass: BackwardPass, _ gradient: FeatureMap) {
    if let fallback, pass.inputGradient != nil { return fallback.run(pass) }
    switch method {
    case .columns(let gradients): gradients.run(pass)
    case .indirect(let weights, let product):
      weights.run(pass, gradient)
      guard let target = pass.inputGradient else { return }
      let prepared = pass.forward.scratch[rotated]
      product?.prepare(pass.forward, in: prepared)
      product?.run(
        gradient, pass.forward, Epilogue(bias: nil, into: target), prepared: prepared)
    case .winograd(let weights, let product):
      weights.run(pass, gradient)
      guard let target = pass.inputGradient else { return }
      let prepared = pass.forward.scratch[rotated]
      product.prepare(pass.forward, in: prepared)
      product.run(gradient, pass.forward, Epilogue(bias: nil, into: target), prepared: prepared)
    }
  }
}
