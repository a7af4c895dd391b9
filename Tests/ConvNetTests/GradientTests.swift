import ConvNet
import Tensors
import TestSupport
import Testing

/// Backpropagation against differences of the forward pass, for every element of every layer.
@Suite struct GradientTests {
  @Test(arguments: LayerReference.cases)
  func `backpropagation agrees with finite differences`(reference: LayerReference.Case) throws {
    let checks = try GradientCheck.check(
      layer(reference.layer), on: reference.input, samples: 400, workers: Workers(count: 2))
    for check in checks {
      #expect(check.passes, "\(check)")
      #expect(check.checked > 0)
    }
  }

  @Test func `dropout agrees with finite differences`() throws {
    let input = Shape(batch: 2, height: 3, width: 4, channels: 3)
    let check = try #require(
      try GradientCheck.check(layer("dropout 0.4"), on: input, samples: 100).first)
    #expect(check.passes, "\(check)")
  }

  /// Doubles every value, and forgets to double gradients on the way back.
  struct Wrong: Layer {
    var text: String { "wrong" }
    func outputShape(for input: Shape) -> Shape { input }
    func compileForTraining(_ context: CompileContext) -> any TrainingOperation { Operation() }

    struct Operation: TrainingOperation {
      func forward(_ pass: ForwardPass) { Kernels.add(pass.input, pass.input, into: pass.output) }
      func backward(_ pass: BackwardPass) {
        pass.inputGradient?.copy(from: pass.outputGradient.array)
      }
    }
  }

  @Test func `a wrong gradient does not pass`() throws {
    let check = try #require(
      try GradientCheck.check(
        Wrong(), on: Shape(batch: 1, height: 2, width: 2, channels: 3), samples: 100
      ).first)
    #expect(!check.passes)
    #expect(abs(check.relativeError - 0.5) < 1e-3)
  }
}
