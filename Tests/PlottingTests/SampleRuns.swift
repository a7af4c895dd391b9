import Foundation
import Plotting
import Testing

/// Inputs that every figure must cope with.
struct SampleRuns: CustomTestStringConvertible, Sendable {
  var name: String
  var curves: [TrainingCurve]
  var testDescription: String { name }

  static let all: [SampleRuns] = [
    SampleRuns(name: "no run at all", curves: []),
    SampleRuns(name: "untrained", curves: [run(epochs: 0)]),
    SampleRuns(name: "one epoch of eight steps", curves: [run(epochs: 1, stepsPerEpoch: 8)]),
    SampleRuns(name: "two epochs", curves: [run(epochs: 2, stepsPerEpoch: 60)]),
    typical,
    SampleRuns(name: "without steps", curves: [run(stepsPerEpoch: 0)]),
    SampleRuns(name: "overfitting", curves: [run(epochs: 20, overfit: 0.05)]),
    SampleRuns(name: "diverged", curves: [run(epochs: 6, divergence: 3.3)]),
    SampleRuns(name: "nothing but NaN", curves: [run(epochs: 3, divergence: -1)]),
    SampleRuns(name: "10 000 steps", curves: [run(epochs: 50)]),
    SampleRuns(name: "ten classes", curves: [run(classCount: 10)]),
    SampleRuns(name: "three runs", curves: runs(3)),
    SampleRuns(name: "eight runs", curves: runs(8)),
    SampleRuns(name: "forty runs", curves: runs(40)),
    SampleRuns(name: "named runs", curves: named(runs(5))),
    SampleRuns(name: "named crowd", curves: named(runs(12))),
    SampleRuns(
      name: "long names",
      curves: (1...4).map { run(String(repeating: "a very long name ", count: 6) + "\($0)") }),
  ]

  static let typical = SampleRuns(name: "typical", curves: [run()])

  static func runs(_ count: Int) -> [TrainingCurve] {
    (0..<count).map { run("run \($0)", floor: 0.1 + 0.004 * Double($0 * 7 % 40), seed: $0) }
  }

  /// Runs that are called otherwise than their lines.
  static func named(_ runs: [TrainingCurve]) -> [TrainingCurve] {
    runs.enumerated().map { index, run in
      var run = run
      run.runName = "my \(index). experiment"
      return run
    }
  }

  /// A run whose loss decays exponentially, with noise that is the same each time.
  static func run(
    _ name: String = "adam", epochs: Int = 12, stepsPerEpoch: Int = 200, floor: Double = 0.1,
    overfit: Double = 0, classCount: Int = 2, divergence: Double = .infinity, seed: Int = 1
  ) -> TrainingCurve {
    func noise(_ index: Int) -> Double { sin(Double(index * (index + seed)) * 12.9898) }
    let guessing = log(Double(classCount))
    func train(_ epoch: Double) -> Double {
      if epoch > divergence { return .nan }
      let explosion = epoch > divergence - 0.6 ? exp((epoch - divergence + 0.6) * 9) : 1
      return (floor + (guessing - floor) * exp(-0.25 * epoch)) * explosion
    }
    let rows = (0...epochs).map { index in
      let epoch = Double(index)
      let validation =
        1.1 * train(epoch) + 0.01 * noise(index) + overfit * max(0, epoch - 4)
      return TrainingCurve.Epoch(
        epoch: epoch, trainLoss: index == 0 ? nil : train(epoch), validationLoss: validation,
        trainAccuracy: index == 0 ? nil : max(0, 1 - 0.3 * train(epoch)),
        validationAccuracy: max(0, 1 - 0.35 * validation), seconds: epoch * 31,
        learningRate: 0.001)
    }
    let stepCount = epochs * stepsPerEpoch
    let steps = (0..<stepCount).map { index in
      let epoch = Double(index + 1) / Double(stepsPerEpoch)
      let spike = index % 701 == 700 ? 6.0 : 1
      return TrainingCurve.Step(
        step: index + 1, epoch: epoch, loss: train(epoch) * (1 + 0.4 * noise(index)) * spike,
        learningRate: 0.001 * (1 - epoch / Double(epochs + 1)))
    }
    return TrainingCurve(
      name: name, epochs: rows, steps: steps, classCount: classCount,
      notes: "kitten · \(name) 0.001 · batch 64 · seed \(seed) · 11\u{2009}200 images")
  }
}
