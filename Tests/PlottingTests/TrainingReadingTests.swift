import Foundation
import Plotting
import Testing

/// What figures of training say there is to see.
@Suite struct TrainingReadingTests {
  private func reading(
    _ curves: [TrainingCurve], _ quantity: TrainingFigure.Quantity = .loss
  ) -> String {
    TrainingFigure(curves: curves, quantity: quantity).figure.reading
  }

  /// A run without steps; epoch 0 first.
  private func run(
    _ name: String = "adam", validation: [Double?], training: [Double?] = [],
    accuracy: [Double] = [], rates: [Double] = []
  ) -> TrainingCurve {
    TrainingCurve(
      name: name,
      epochs: validation.indices.map { index in
        TrainingCurve.Epoch(
          epoch: Double(index), trainLoss: index < training.count ? training[index] : nil,
          validationLoss: validation[index],
          validationAccuracy: index < accuracy.count ? accuracy[index] : nil,
          learningRate: index < rates.count ? rates[index] : nil)
      }, classCount: 2)
  }

  @Test func `a run that learns the training images by heart is said to overfit`() {
    let run = run(
      validation: [0.69, 0.5, 0.4, 0.3, 0.4, 0.5, 0.6],
      training: [0.69, 0.5, 0.35, 0.25, 0.15, 0.1, 0.05])
    #expect(
      reading([run])
        == "Validation stopped improving at epoch 3 while training went on: overfitting.")
  }

  @Test func `a run that still gets better is said to need more epochs`() {
    let run = run(validation: [0.69, 0.6, 0.52, 0.44, 0.36])
    #expect(
      reading([run])
        == "Validation was still getting better at the end, 0.360: more epochs may help.")
  }

  @Test func `a run that has settled says from which epoch on`() {
    let run = run(validation: [0.69, 0.4, 0.11, 0.1, 0.105, 0.102, 0.101])
    #expect(reading([run]) == "Validation hardly changed from epoch 2 on, 0.101 at the end.")
  }

  @Test func `a run that gets worse without learning by heart says where it was best`() {
    let run = run(validation: [0.69, 0.4, 0.2, 0.3])
    #expect(
      reading([run])
        == "Validation was best at epoch 2, 0.200, and is worse, 0.300 at the end.")
  }

  @Test(arguments: [[0.693, 0.69, 0.7, 0.685], [0.7, 0.9, 0.8]])
  func `a run that only guesses is said to`(validation: [Double]) {
    #expect(
      reading([run(validation: validation)])
        == "Validation never got clearly better than guessing.")
  }

  @Test func `a run that learns by heart and only guesses elsewhere is said to`() {
    #expect(
      reading([run(validation: [0.693, 0.7, 0.72], training: [0.693, 0.6, 0.4])])
        == "Validation never got clearly better than guessing, but training did.")
  }

  @Test func `a run that diverged says in which epoch`() {
    let run = run(validation: [0.69, 0.5, .nan, .nan])
    #expect(reading([run]) == "The loss was no longer a number in epoch 2.")
    #expect(
      reading([SampleRuns.run(epochs: 6, divergence: 3.3)])
        == "The loss was no longer a number in epoch 4.")
  }

  @Test func `a run without validation images says that it may have learned by heart`() {
    let run = run(validation: [nil, nil, nil], training: [0.69, 0.4, 0.2])
    #expect(
      reading([run])
        == "Training went from 0.690 to 0.200; no images were held out to tell whether it learned "
        + "by heart.")
  }

  @Test func `an untrained network and no run have little to say`() {
    #expect(
      reading([run(validation: [0.693])])
        == "The network before training: nothing has been learned yet.")
    #expect(reading([]).isEmpty)
  }

  @Test func `accuracies are better the higher they are`() {
    let settled = run(
      validation: [0.7, 0.4, 0.3, 0.3, 0.3], accuracy: [0.5, 0.9, 0.93, 0.94, 0.938])
    #expect(
      reading([settled], .accuracy)
        == "Validation hardly changed from epoch 2 on, 93.8% at the end.")
    let guessing = run(validation: [0.7, 0.69, 0.69], accuracy: [0.5, 0.49, 0.505])
    #expect(
      reading([guessing], .accuracy) == "Validation never got clearly better than guessing.")
  }

  @Test func `several runs name the best and the worst, and count those that diverged`() {
    let runs = [
      run("sgd", validation: [0.69, 0.5, 0.45]), run("adam", validation: [0.69, 0.2, 0.3]),
      run("muon", validation: [0.69, .nan, .nan]), run("nesterov", validation: [0.69, 0.4, 0.35]),
    ]
    #expect(
      reading(runs)
        == "Of the epochs that are kept, the lowest is 0.200, by adam at epoch 1; the highest "
        + "0.690, by muon; 1 run diverged.")
    #expect(
      reading(Array(runs.prefix(2)))
        == "Of the epochs that are kept, the lowest is 0.200, by adam at epoch 1; the highest "
        + "0.450, by sgd.")
  }

  @Test func `learning rates name their highest and their last`() {
    let run = run(validation: [0.69, 0.5, 0.45], rates: [0, 0.01, 0.002])
    #expect(
      reading([run], .learningRate) == "At its highest it is 0.0100, and 0.0020 at the end.")
  }

  @Test func `what training was measured with is told beside how it is drawn`() {
    var run = SampleRuns.run()
    run.trainingConditions = ["augmentation", "label smoothing"]
    #expect(
      TrainingFigure(curves: [run], quantity: .loss).figure.subtitle.hasSuffix(
        "with augmentation, label smoothing"))
    #expect(
      !TrainingFigure(curves: [SampleRuns.run()], quantity: .loss).figure.subtitle.contains(
        "augmentation"))
  }
}
