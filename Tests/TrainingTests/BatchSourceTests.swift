import Foundation
import ConvNet
import ImageLoading
import Optimization
import Support
import Tensors
import TestSupport
import Testing
import Training

@Suite struct BatchSourceTests {
  func source(_ configuration: TrainingConfiguration) throws -> BatchSource {
    let data = try TrainingData(Stripes.load(60), validationSplit: 0.1, testSplit: 0.1, seed: 1)
    return BatchSource(configuration, data: data, workers: Workers(count: 2))
  }

  /// All batches of an epoch: indices, labels, and the values of the images.
  func batches(
    _ source: BatchSource, epoch: Int, fromStep step: Int = 0
  ) throws -> [(samples: [Int], targets: Targets, values: [Float])] {
    let size = source.batches(ofEpoch: epoch).imageSize
    let arena = Arena(pieces: [source.batchSize * size * size * 3])
    let region = arena.piece(source.batchSize * size * size * 3)
    var batches = source.batches(ofEpoch: epoch, fromStep: step)
    var all: [(samples: [Int], targets: Targets, values: [Float])] = []
    while let batch = try batches.next(into: region) {
      all.append(
        (batch.samples, batch.targets, region[0..<batch.samples.count * size * size * 3].array))
    }
    return all
  }

  @Test func `an epoch has every training image once`() throws {
    let source = try source(Stripes.augmented())
    let samples = try batches(source, epoch: 3).flatMap(\.samples)
    #expect(samples.sorted() == source.order(ofEpoch: 0).sorted())
    #expect(samples == source.order(ofEpoch: 3) && samples != source.order(ofEpoch: 4))
  }

  @Test func `batches from the middle of an epoch are those of the whole epoch`() throws {
    let source = try source(Stripes.augmented())
    let whole = try batches(source, epoch: 1)
    let rest = try batches(source, epoch: 1, fromStep: 1)
    #expect(whole.count == source.stepsPerEpoch && rest.count == whole.count - 1)
    #expect(rest.map(\.values) == whole.dropFirst().map(\.values))
  }

  /// The values of every image in an epoch, by its index.
  func images(_ configuration: TrainingConfiguration, epoch: Int) throws -> [Int: [Float]] {
    var images: [Int: [Float]] = [:]
    for batch in try batches(source(configuration), epoch: epoch) {
      for (place, sample) in batch.samples.enumerated() {
        images[sample] = Array(batch.values[place * 768..<(place + 1) * 768])
      }
    }
    return images
  }

  @Test func `each epoch and each seed augments an image in another way`() throws {
    var configuration = Stripes.configuration()
    configuration.augmentation = .none
    let plain = try images(configuration, epoch: 0)
    #expect(try images(configuration, epoch: 1) == plain)
    configuration.augmentation = .strong
    let first = try images(configuration, epoch: 0)
    let second = try images(configuration, epoch: 1)
    configuration.seed = 2
    let other = try images(configuration, epoch: 0)
    for (a, b) in [(plain, first), (first, second), (first, other)] {
      #expect(a.keys == b.keys && a.keys.allSatisfy { a[$0] != b[$0] })
    }
  }

  @Test func `each epoch and each seed has another order`() throws {
    var configuration = Stripes.configuration()
    let source = try source(configuration)
    configuration.seed = 2
    let other = try self.source(configuration)
    let first = source.order(ofEpoch: 0)
    let orders = [first, first.sorted(), source.order(ofEpoch: 1), other.order(ofEpoch: 0)]
    #expect(Set(orders).count == 4)
  }

  @Test func `labels are mixed as images are, in every batch in another way`() throws {
    var configuration = Stripes.configuration()
    configuration.augmentation = .none
    let plain = try images(configuration, epoch: 0)
    configuration.mixing = BatchMixing(mixup: 1)
    let labels = Stripes.load(60).images.map(\.classIndex)
    var shares: Set<Float> = []
    for epoch in 0...1 {
      for batch in try batches(source(configuration), epoch: epoch) {
        for (place, sample) in batch.samples.enumerated() {
          let kept = batch.targets.probabilities[2 * place + labels[sample]]
          // Both of a pair may be of one class.
          guard kept > 0, kept < 1 else { continue }
          shares.insert(kept)
          let mixed = Array(batch.values[place * 768..<(place + 1) * 768])
          let own = try #require(plain[sample])
          let given: Float = 1 - kept
          let isMixed = batch.samples.contains { partner in
            let sum = zip(own, plain[partner] ?? []).map { (a: Float, b: Float) -> Float in
              kept * a + given * b
            }
            return largestDifference(mixed, sum) < 1e-4
          }
          #expect(isMixed, "image \(sample) keeps \(kept)")
        }
      }
    }
    // Three batches an epoch.
    #expect(shares.count == 6)
  }

  @Test func `a balanced epoch shows every class equally often, and all images in turn`() throws {
    var configuration = Stripes.configuration(epochs: 3)
    configuration.balance = true
    // Of 60 standing stripes, 50 are left out.
    let images = Stripes.load(120)
    let entries = images.images.enumerated().map { index, image in
      [
        "path": image.path, "sha256": image.sha256, "class": images.classNames[image.classIndex],
        "split": index < 70 ? "train" : "validation",
      ]
    }
    let json = try JSONSerialization.data(withJSONObject: ["seed": 1, "entries": entries])
    let split = try JSONDecoder().decode(Split.self, from: json)
    let source = BatchSource(
      configuration, data: try TrainingData(images, split: split), workers: Workers(count: 1))
    var seen: Set<Int> = []
    for epoch in 0..<2 {
      let order = source.order(ofEpoch: epoch)
      #expect(order.count == 70 && order.count { $0 < 60 } == 35)
      seen.formUnion(order)
    }
    #expect(seen == Set(0..<70))
  }

  @Test func `images of another size are the stored images resized`() throws {
    var configuration = Stripes.configuration(epochs: 3)
    configuration.augmentation = .none
    configuration.imageSizes = ImageSizes("8:0.3,12")
    let source = try source(configuration)
    #expect([0, 0.29, 0.3, 1].map(configuration.imageSize(at:)) == [8, 8, 12, 12])
    let stored = Stripes.load(60)
    for epoch in 0...1 {
      let size = [8, 12][epoch]
      let batch = try #require(batches(source, epoch: epoch).first)
      let sample = batch.samples[1]
      let bytes = stored.pixels[sample * 768..<(sample + 1) * 768]
      let resized = ImageGeometry(imageSize: size, fit: .stretch)
        .apply(to: PixelBuffer(width: 16, height: 16, bytes: Array(bytes)))
      let data = try TrainingData(stored, validationSplit: 0.1, testSplit: 0.1, seed: 1)
      let count = size * size * 3
      #expect(data.normalization.bytes(of: Array(batch.values[count..<2 * count])) == resized.bytes)
    }
  }
}

@Suite struct ImageSizeTests {
  func configuration(_ sizes: String) -> TrainingConfiguration {
    var configuration = Stripes.augmented(epochs: 4)
    configuration.imageSizes = ImageSizes(sizes)
    return configuration
  }

  @Test func `a network with global pooling trains on images that grow`() throws {
    var configuration = configuration("8:0.25,12:0.5,16")
    configuration.epochs = 8
    configuration.augmentation = .none
    configuration.mixing = nil
    let rehearsal = try Rehearsal(configuration, count: 300)
    let record = try rehearsal.train()
    #expect(try #require(record.result?.testAccuracy) > 0.9)
    #expect(
      try Checkpoint(contentsOf: rehearsal.directory.bestCheckpoint).description.imageSize == 16)
  }

  @Test func `the sizes of training images change the run`() throws {
    let (plain, growing) = (
      try Rehearsal(configuration("16")), try Rehearsal(configuration("8:0.25,16"))
    )
    try plain.train()
    try growing.train()
    let (a, b) = (try plain.metrics(), try growing.metrics())
    #expect(a[0] == b[0] && a[1] != b[1])
    let usual = try Rehearsal(Stripes.augmented(epochs: 4))
    try usual.train()
    #expect(try usual.metrics() == a)
  }

  @Test(arguments: [3, 6, 9])
  func `a stop changes no bit of a run whose images grow`(steps: Int) throws {
    let whole = try Rehearsal(configuration("8:0.25,12:0.5,16"))
    try whole.train()
    let parts = try Rehearsal(configuration("8:0.25,12:0.5,16"))
    try parts.train(stopAfter: steps)
    try parts.train(resuming: parts.resumePoint())
    #expect(try whole.state().checkpoint.parameters == parts.state().checkpoint.parameters)
    #expect(try whole.metrics() == parts.metrics())
  }

  @Test func `a network whose parameters depend on the image size is refused`() throws {
    var configuration = configuration("8:0.5,16")
    configuration.architecture = "conv 4 3x3, relu, flatten, dense"
    let rehearsal = try Rehearsal(configuration)
    #expect(throws: TrainingError.fixedImageSize(8, expected: 16)) { try rehearsal.train() }
  }
}
