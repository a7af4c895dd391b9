import ImageLoading
import Tensors
import TestSupport
import Testing

@Suite struct BatchAssemblerTests {
  let size = 32
  let normalization = Normalization(
    mean: [0.5, 0.25, 0], standardDeviation: [0.5, 0.25, 1])

  /// Ten images in which every pixel's red and green tell its place.
  var pixels: [UInt8] {
    var bytes: [UInt8] = []
    for image in 0..<10 {
      for row in 0..<size {
        for column in 0..<size {
          bytes += [UInt8(column * 8), UInt8(row * 8), UInt8(image)]
        }
      }
    }
    return bytes
  }

  func assemble(
    _ indices: [Int], _ augmentation: Augmentation = .none, epoch: Int = 0, seed: UInt64 = 5,
    workers: Int = 2
  ) -> [Float] {
    let count = indices.count * size * size * 3
    let batch = Arena(pieces: [count]).piece(count)
    BatchAssembler(
      imageSize: size, normalization: normalization, workers: Workers(count: workers)
    ).assemble(
      pixels: pixels, indices: indices, into: batch, augmentation: augmentation.settings,
      seed: seed,
      epoch: epoch)
    return batch.array
  }

  @Test func `values are normalized channel by channel`() {
    let batch = assemble([3])
    // Place 33: column 1, row 1.
    #expect(batch[33 * 3] == (8 / 255 - 0.5) / 0.5 as Float)
    #expect(batch[33 * 3 + 1] == (8 / 255 - 0.25) / 0.25 as Float)
    #expect(batch[33 * 3 + 2] == 3 / 255 as Float)
  }

  @Test func `images stand in the order asked for`() {
    #expect(assemble([4, 1]) == assemble([4]) + assemble([1]))
  }

  @Test(arguments: [Augmentation.light, .standard, .strong])
  func `a change depends on sample, epoch and seed, not on batch or workers`(
    augmentation: Augmentation
  ) {
    let one = assemble([9], augmentation, epoch: 3)
    let many = assemble([7, 9, 5], augmentation, epoch: 3, workers: 3)
    #expect(Array(many[size * size * 3..<2 * size * size * 3]) == one)
    #expect(assemble([9], augmentation, epoch: 4) != one)
    #expect(assemble([9], augmentation, epoch: 3, seed: 6) != one)
  }

  /// The direction in which red grows along the middle row.
  func isMirrored(_ batch: [Float]) -> Bool {
    let row = size / 2 * size * 3
    return batch[row + 12 * 3] > batch[row + 20 * 3]
  }

  @Test func `a sample is mirrored every other epoch, and half of them begin mirrored`() {
    let first = (0..<10).map { isMirrored(assemble([$0], .light)) }
    for epoch in 1..<6 {
      let now = (0..<10).map { isMirrored(assemble([$0], .light, epoch: epoch)) }
      #expect(now == first.map { epoch % 2 == 0 ? $0 : !$0 })
    }
    #expect(Set(first) == [true, false])
  }

  @Test func `shifts stay within a sixteenth and all occur`() {
    var seen: Set<Int> = []
    for epoch in 0..<60 {
      let batch = assemble([0], .light, epoch: epoch)
      // Green of the middle tells by how many rows the image moved.
      let green = batch[(size / 2 * size + size / 2) * 3 + 1] * 0.25 + 0.25
      seen.insert(Int((green * 255 / 8).rounded()) - size / 2)
    }
    #expect(seen == Set(-2...2))
  }

  @Test func `no augmentation changes nothing from epoch to epoch`() {
    #expect(assemble([1], .none, epoch: 1) == assemble([1], .none, epoch: 2))
  }
}

@Suite struct NormalizationTests {
  func dataset(_ pixels: [UInt8], count: Int) -> LoadedDataset {
    let images = (0..<count).map {
      LoadedImage(
        path: "\($0)", sha256: "\($0)", classIndex: 0, assignedPart: nil, width: 1, height: 1,
        format: .png)
    }
    let listing = DatasetListing(root: "", layout: .flatNames, classNames: ["a"], files: [])
    return LoadedDataset(
      classNames: ["a"], images: images, pixels: pixels,
      report: DataReport.Log().report(listing, images, seconds: 0))
  }

  @Test func `mean and deviation are those of the chosen images`() {
    let data = dataset([0, 10, 50, 255, 10, 100, 9, 9, 9], count: 3)
    let normalization = Normalization.measure(data, indices: [0, 1])
    #expect(largestDifference(normalization.mean, [0.5, 10 / 255, 75 / 255]) < 1e-6)
    #expect(largestDifference(normalization.standardDeviation, [0.5, 1, 25 / 255]) < 1e-6)
  }
}
