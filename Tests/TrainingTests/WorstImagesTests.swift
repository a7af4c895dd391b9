import Foundation
import TestSupport
import Testing
import Training

/// The images for validation with the highest loss.
@Suite struct WorstImagesTests {
  @Test func `each epoch lists the images with the highest loss, and what was said of them`() throws
  {
    let run = try Rehearsal(Stripes.configuration(epochs: 3))
    try run.train()
    let found = try WorstImages(contentsOf: run.directory).epochs
    #expect(found.map(\.epoch) == [1, 2, 3] && found.map(\.step) == [6, 12, 18])
    let last = try #require(found.last)
    let network = try Checkpoint(contentsOf: run.directory.lastCheckpoint)
    let validation = run.data.validation
    #expect(last.images.count == min(12, validation.count) && validation.count >= 10)
    let losses = try validation.map { try run.loss(of: network, on: [$0]) }
    #expect(
      zip(last.images.map(\.loss), losses.sorted(by: >)).allSatisfy { abs($0 - $1) < 1e-5 })
    for image in last.images {
      let index = try #require(validation.first { run.data.loaded.images[$0].path == image.path })
      #expect(image.label == run.data.loaded.images[index].classIndex)
      #expect(try abs(image.loss - run.loss(of: network, on: [index])) < 1e-5)
      // Cross-entropy is the logarithm of how probable the right answer was.
      #expect(abs(exp(-image.loss) - image.labelProbability) < 1e-4)
      #expect(image.probability >= image.labelProbability)
      #expect((image.answer == image.label) == (image.probability == image.labelProbability))
    }
  }

  @Test func `a run that was stopped and resumed lists the same, also of many epochs`() throws {
    let whole = try Rehearsal(Stripes.configuration(epochs: 140), count: 40)
    try whole.train()
    var run = try Rehearsal(Stripes.configuration(epochs: 140), count: 40)
    run.record = try run.train(stopAfter: 70)
    run.record = try run.train(stopAfter: 101, resuming: run.resumePoint())
    try run.train(resuming: run.resumePoint())
    let (a, b) = (
      try WorstImages(contentsOf: whole.directory), try WorstImages(contentsOf: run.directory)
    )
    #expect(a == b && a.epochs.last?.epoch == 140 && a.epochs.count == 35)
  }
}
