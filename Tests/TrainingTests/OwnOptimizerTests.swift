import ImageLoading
import Optimization
import Tensors
import Testing
import Training

/// Gradient descent, written as outside of the library.
private struct OwnDescent: Optimizer {
  let memoryNames: [String] = []

  func step(
    _ parameters: inout [Float], gradients: [Float], learningRate: Float,
    state: inout OptimizerState, workers: Workers
  ) {
    state.stepCount += 1
    Kernels.update(&parameters, gradients, in: parameters.indices, workers: workers) { p, g in
      p -= learningRate * g
    }
  }
}

@Suite struct OwnOptimizerTests {
  @Test func `a run with an optimizer of one's own is that of the same one built in`() throws {
    let catalogue = OptimizerCatalogue.standard.adding(
      OptimizerEntry("own", "plain descent", .gradientDescent, .slope, usualRate: 0.1) { _ in
        OwnDescent()
      })
    var (own, builtIn) = (Stripes.configuration(epochs: 2), Stripes.configuration(epochs: 2))
    own.optimizer = try OptimizerChoice("own:ema=0.9", in: catalogue)
    builtIn.optimizer = try OptimizerChoice("sgd:ema=0.9")
    (own.learningRate, builtIn.learningRate) = (0.1, 0.1)
    var a = try Rehearsal(own)
    a.catalogues.optimizers = catalogue
    let b = try Rehearsal(builtIn)
    try a.train()
    try b.train()
    #expect(try a.state().checkpoint.parameters == b.state().checkpoint.parameters)
  }
}
