import Foundation
import Optimization
import Tensors
import Testing

@Suite(.serialized) struct TimingScratch {
  @Test(arguments: OptimizerChoice.all) func timing(choice: OptimizerChoice) {
    let layout = ParameterLayout((0..<8).map { ParameterSlot(name: "\($0)", shape: [256, 512]) })
    let optimizer = choice.makeOptimizer(layout: layout)
    var p = (0..<layout.count).map { Float($0 % 97) / 97 - 0.5 }
    let g = p.map { $0 * 0.01 }
    var state = optimizer.makeState(parameterCount: p.count)
    optimizer.step(&p, gradients: g, learningRate: 0.001, state: &state)
    var best = Double.infinity
    for _ in 0..<20 {
      let start = ContinuousClock.now
      optimizer.step(&p, gradients: g, learningRate: 0.001, state: &state)
      let d = ContinuousClock.now - start
      best = min(best, Double(d.components.attoseconds) * 1e-15)
    }
    print("TIMING \(choice.name) \(best) ms for \(layout.count)")
  }
}
