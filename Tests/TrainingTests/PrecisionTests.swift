import ConvNet
import Foundation
import Tensors
import TestSupport
import Testing
import Training

/// Runs whose products multiply bfloat16.
@Suite struct PrecisionTests {
  /// Stripes, seen through convolutions that are wide enough for Winograd's algorithm.
  static func configuration(_ precision: Precision?, epochs: Int = 2) -> TrainingConfiguration {
    var configuration = Stripes.configuration(epochs: epochs)
    configuration.architecture =
      "conv 16 3x3 no-bias, batchnorm, relu, conv 16 3x3, pool 2, relu, conv 20 3x3, relu, "
      + "global-pool, flatten, dense 16, relu, dense"
    configuration.precision = precision
    return configuration
  }

  @Test func `a run that was killed goes on to the bits of one that was not`() throws {
    let whole = try Rehearsal(Self.configuration(.bfloat16, epochs: 3))
    try whole.train()
    let parts = try Rehearsal(Self.configuration(.bfloat16, epochs: 3))
    try parts.train(threads: 1, stopAfter: 8)
    try parts.train(threads: 3, resuming: parts.resumePoint())
    #expect(try whole.state().checkpoint.parameters == parts.state().checkpoint.parameters)
    #expect(try whole.state().checkpoint.statistics == parts.state().checkpoint.statistics)
    #expect(try whole.metrics() == parts.metrics())
  }

  @Test func `stripes are learned as well, by another run`() throws {
    let runs = try [nil, Precision.bfloat16].map {
      try Rehearsal(Self.configuration($0, epochs: 5), count: 240)
    }
    for run in runs { #expect(try #require(run.train().result?.testAccuracy) > 0.9) }
    let losses = try runs.map { try $0.steps().map(\.loss) }
    #expect(losses[0] != losses[1])
    // Later on, small differences have grown; how fast depends on the last bits.
    #expect(zip(losses[0], losses[1]).prefix(5).allSatisfy { abs($0 - $1) < 0.02 })
  }

  @Test(arguments: [nil, Precision.bfloat16])
  func `a checkpoint says what it was trained in, and can be used in the other`(
    precision: Precision?
  ) throws {
    let run = try Rehearsal(Self.configuration(precision))
    try run.train()
    #expect(try RunRecord(contentsOf: run.directory).configuration.precision == precision)
    let checkpoint = try Checkpoint(contentsOf: run.directory.bestCheckpoint)
    #expect(checkpoint.description.precision == precision)
    let pixels = Array(run.data.loaded.pixels.prefix(16 * 16 * 3))
    let found = try [nil, Precision.float32, .bfloat16].map {
      try Classifier(checkpoint, workers: Workers(count: 2), precision: $0)
        .predictions(of: [pixels])[0].logits
    }
    #expect(found[0] == found[precision == nil ? 1 : 2])
    #expect(found[1] != found[2])
    #expect(zip(found[1], found[2]).allSatisfy { abs($0 - $1) < 0.05 })
  }
}
