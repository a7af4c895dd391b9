import ConvNet
import Foundation
import ImageLoading
import Tensors
import TestSupport
import Testing
import Training

@Suite struct AnswerRuleTests {
  /// A network that has been trained on stripes, and images of neither class.
  private func train(
    threads: Int = 2
  ) throws -> (best: Checkpoint, saved: Checkpoint, RunDirectory, TemporaryFolder) {
    let folder = try TemporaryFolder()
    var configuration = Stripes.configuration(epochs: 6)
    configuration.architecture =
      "conv 8 3x3, pool 2, batchnorm, relu, conv 16 3x3, batchnorm, relu, global-pool, flatten, "
      + "dense"
    let data = try TrainingData(
      Stripes.load(300), validationSplit: 0.3, testSplit: 0.1, seed: 1)
    let workers = Workers(count: threads)
    let recorder = try RunRecorder.create(
      in: folder.path, name: "a", configuration: configuration, data: data, workers: workers)
    let outcome = try Trainer(
      configuration: configuration, data: data, workers: workers, recorder: recorder
    ).run()
    let saved = try Checkpoint(contentsOf: recorder.directory.bestCheckpoint)
    return (outcome.best, saved, recorder.directory, folder)
  }

  /// What a network puts out for all images of a dataset.
  private func outputs(
    of checkpoint: Checkpoint, for images: LoadedDataset, _ indices: [Int]
  ) throws -> NetworkOutputs {
    try Evaluator(
      network: checkpoint.description.makeNetwork(),
      normalization: checkpoint.description.normalization, workers: Workers(count: 2)
    ).outputs(
      of: images, indices: indices, parameters: checkpoint.parameters,
      statistics: checkpoint.statistics)
  }

  private func count(
    _ rule: AnswerRule, of checkpoint: Checkpoint, for images: LoadedDataset
  ) throws -> AnswerCounts {
    let found = try outputs(of: checkpoint, for: images, Array(images.images.indices))
    var description = checkpoint.description
    description.answering = rule
    return AnswerCounts(
      description.predictions(found).map(\.verdict),
      hits: found.hits(images.images.map(\.classIndex)))
  }

  /// Images of one color each, which are neither lying nor standing stripes.
  private func plain(_ count: Int) -> LoadedDataset {
    let images = (0..<count).map {
      LoadedImage(
        path: "\($0).png", sha256: "\($0)", classIndex: 0, assignedPart: nil, width: 16,
        height: 16, format: .png)
    }
    let listing = DatasetListing(
      root: "", layout: .flatNames, classNames: ["lying", "standing"], files: [])
    return LoadedDataset(
      classNames: ["lying", "standing"], images: images,
      pixels: (0..<count).flatMap { [UInt8](repeating: UInt8(20 + $0 * 5), count: 16 * 16 * 3) },
      report: DataReport.Log().report(listing, images, seconds: 0))
  }

  @Test func `a run ends with a rule that answers new images and not plain ones`() throws {
    let (best, saved, _, _) = try train()
    let rule = try #require(saved.description.answering)
    #expect(best == saved)
    #expect(rule.directions.count == 2 && rule.directions[0].count == 16)
    #expect((0.9...1).contains(rule.coverage) && rule.imageCount == 90)
    let known = try count(rule, of: saved, for: Stripes.load(200, seed: 77))
    #expect(known.images == 200 && known.answered + known.unsure + known.none == 200)
    #expect(known.answered >= 170, "\(known)")
    let strange = try count(rule, of: saved, for: plain(40))
    #expect(strange.answered <= 10, "\(strange)")
  }

  @Test func `the rule is the same for any number of threads`() throws {
    let (one, _, _, _) = try train(threads: 1)
    let (two, _, _, _) = try train(threads: 2)
    #expect(one.description.answering != nil && one == two)
  }

  @Test func `coverage is the fraction that is answered, of the images it was chosen on`() throws {
    let (_, saved, _, _) = try train()
    let images = Stripes.load(400, seed: 5)
    let found = try outputs(of: saved, for: images, Array(0..<400))
    for coverage in [0.5, 0.8, 0.95] {
      let rule = try #require(
        AnswerRule(
          found, targets: images.images.map(\.classIndex), classCount: 2,
          temperature: saved.description.temperature ?? 1, coverage: coverage))
      #expect(abs(rule.coverage - coverage) < 0.02)
      let counts = try count(rule, of: saved, for: images)
      #expect(Double(counts.answered) / 400 == rule.coverage)
      #expect(counts.none > counts.unsure)
    }
  }

  @Test func `probabilities of a calibrated network are as often right as they say`() throws {
    var (_, saved, _, _) = try train()
    let images = Stripes.load(400, seed: 5)
    let labels = images.images.map(\.classIndex)
    let found = try outputs(of: saved, for: images, Array(0..<400))
    let plain = try #require(saved.description.temperature)
    #expect(plain != 1 && (0.05...20).contains(plain))
    // Logits that are ten times as large say the same, with a temperature ten times as high.
    let large = NetworkOutputs(
      logits: found.logits.map { $0 * 10 }, features: found.features, classCount: 2,
      featureCount: 16)
    saved.description.calibrate(found, targets: labels)
    let own = saved.description.predictions(found)
    let temperature = try #require(saved.description.temperature)
    saved.description.calibrate(large, targets: labels)
    #expect(abs((saved.description.temperature ?? 0) / temperature - 10) < 0.6)
    for (one, other) in zip(own, saved.description.predictions(large)) {
      #expect(one.index == other.index && abs(one.probability - other.probability) < 0.03)
    }
    saved.description.calibrate(
      NetworkOutputs(logits: [1, 0], features: [], classCount: 2, featureCount: 0), targets: [0])
    #expect(saved.description.temperature == nil && saved.description.answering == nil)
  }

  @Test func `few images, and a class with few, give no rule`() throws {
    let (_, saved, _, _) = try train()
    let images = Stripes.load(200, seed: 5)
    for indices in [Array(0..<39), Array(0..<104)] {
      #expect(
        AnswerRule(
          try outputs(of: saved, for: images, indices),
          targets: indices.map { images.images[$0].classIndex }, classCount: 2) == nil)
    }
  }

  @Test func `verdicts follow the cosine and the probability`() throws {
    let text = """
      {"directions": [[1, 0], [0, 1]], "least_similarity": 0.8, "least_probability": 0.7,
      "coverage": 0.95, "image_count": 100}
      """
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    let rule = try decoder.decode(AnswerRule.self, from: Data(text.utf8))
    // The cosine of (4, 3) with (1, 0) is 0.8.
    #expect(rule.verdict(features: [8, 6], probabilities: [0.71, 0.29]) == .answered)
    #expect(rule.verdict(features: [8, 6.1], probabilities: [0.71, 0.29]) == .none)
    #expect(rule.verdict(features: [8, 6], probabilities: [0.69, 0.31]) == .unsure)
    #expect(rule.verdict(features: [8, 6], probabilities: [0.29, 0.71]) == .none)
    #expect(rule.verdict(features: [0, 0], probabilities: [0.71, 0.29]) == .none)
    #expect(rule.verdict(features: [.nan, 1], probabilities: [0.71, 0.29]) == .none)
    #expect(rule.verdict(features: [1, 1, 1], probabilities: [0.71, 0.29]) == .none)
  }
}
