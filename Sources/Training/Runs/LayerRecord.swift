internal import Tensors

/// One array of weights in one step of a run: a row of `layers.csv`.
///
/// Arrays with one axis, such as biases that begin at 0, have no size that a change could be
/// compared with, and are left out.
public struct LayerRecord: TableRow, Equatable {
  /// The step, counted from 1 over the whole run.
  public var step: Int
  /// The number of the array among the network's arrays of parameters, from 0.
  public var array: Int
  /// ‖θ‖ before the step, ‖∇‖ as the optimizer was given it, and ‖change of θ‖.
  public var parameterNorm: Double, gradientNorm: Double, updateNorm: Double

  /// Creates a row.
  public init(
    step: Int, array: Int, parameterNorm: Double, gradientNorm: Double, updateNorm: Double
  ) {
    self.step = step
    self.array = array
    self.parameterNorm = parameterNorm
    self.gradientNorm = gradientNorm
    self.updateNorm = updateNorm
  }

  /// ‖change of θ‖ / ‖θ‖; nil if all values were 0.
  public var updateRatio: Double? { parameterNorm > 0 ? updateNorm / parameterNorm : nil }

  /// Whether a step is measured: 64 steps at the beginning, then 32 of each doubling.
  ///
  /// It follows from the step alone, so a resumed run has the same rows, and a run of a million
  /// steps has about 500 for each array.
  package static func isDue(atStep step: Int) -> Bool { PathSnapshots.isDue(atStep: step) }

  public static let columns = ["step", "array", "parameter_norm", "gradient_norm", "update_norm"]

  public var values: [Double?] {
    [Double(step), Double(array), parameterNorm, gradientNorm, updateNorm]
  }

  public init?(values: [Double?]) {
    guard values.count == Self.columns.count,
      let step = values[0].flatMap(wholeNumber), let array = values[1].flatMap(wholeNumber),
      let parameterNorm = values[2], let gradientNorm = values[3], let updateNorm = values[4]
    else { return nil }
    self.init(
      step: step, array: array, parameterNorm: parameterNorm, gradientNorm: gradientNorm,
      updateNorm: updateNorm)
  }
}

extension TrainingStep {
  /// How much the last step changed each array of weights.
  func layers(from before: ParameterVector, to state: RunState) -> [LayerRecord] {
    let layout = before.layout
    return layout.slots.indices.filter { layout.slots[$0].shape.count > 1 }.map { array in
      let range = layout.ranges[array]
      let change = Kernels.squaredDistance(
        state.model.parameters.scalars, before.scalars, in: range)
      return LayerRecord(
        step: state.progress.step, array: array,
        parameterNorm: Kernels.sumOfSquares(before.scalars, in: range).squareRoot(),
        gradientNorm: Kernels.sumOfSquares(gradients.scalars, in: range).squareRoot(),
        updateNorm: change.squareRoot())
    }
  }
}
