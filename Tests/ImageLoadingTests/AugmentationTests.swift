import Foundation
import ImageLoading
import Tensors
import TestSupport
import Testing

@Suite struct AugmentationTests {
  let size = 32
  /// Bytes come out as they are.
  let plain = Normalization(
    mean: [0, 0, 0], standardDeviation: [Float](repeating: 1 / 255, count: 3))

  func assemble(
    _ image: [UInt8], _ settings: AugmentationSettings, epoch: Int = 0, seed: UInt64 = 1
  ) -> [Float] {
    let batch = Arena(pieces: [image.count]).piece(image.count)
    BatchAssembler(imageSize: size, normalization: plain, workers: Workers(count: 1))
      .assemble(
        pixels: image, indices: [0], into: batch, augmentation: settings, seed: seed,
        epoch: epoch)
    return batch.array
  }

  /// Red grows to the right, green downward, blue is the same everywhere.
  var ramp: [UInt8] {
    (0..<size * size).flatMap { [UInt8($0 % size * 8), UInt8($0 / size * 8), 100] }
  }

  func settings(_ change: (inout AugmentationSettings) -> Void) -> AugmentationSettings {
    var settings = AugmentationSettings()
    change(&settings)
    return settings
  }

  @Test func `sampling at whole pixels gives the image itself`() {
    // A zoom range so narrow that it is 1, but that takes the sampling path.
    let sampled = assemble(ramp, settings { $0.zoom = 0.9999999...1 })
    #expect(largestDifference(sampled, ramp.map(Float.init)) < 0.01)
  }

  @Test func `sampling mirrors and shifts like copying does`() {
    for epoch in 0..<6 {
      let copied = assemble(
        ramp,
        settings {
          $0.flips = true
          $0.shift = 1 / 8
        }, epoch: epoch)
      let sampled = assemble(
        ramp,
        settings {
          $0.flips = true
          $0.shift = 1 / 8
          $0.zoom = 0.9999999...1
        }, epoch: epoch)
      #expect(largestDifference(copied, sampled) < 0.01)
    }
  }

  @Test func `half the side zooms to twice the size about the middle`() {
    let zoomed = assemble(ramp, settings { $0.zoom = 0.5...0.5 })
    // The middle lies between pixels 15 and 16, so between red 120 and 128.
    func red(_ column: Int) -> Float { zoomed[(16 * size + column) * 3] }
    #expect(abs(red(16) - red(15) - 4) < 0.01)
    #expect(abs((red(15) + red(16)) / 2 - 124) < 0.01)
    #expect(abs(red(0) - (124 - 15.5 * 4)) < 0.01)
  }

  @Test func `a turn stays within its angle, both ways, about the middle`() {
    let turned = settings { $0.rotation = 20 }
    var slopes: [Float] = []
    for epoch in 0..<40 {
      let batch = assemble(ramp, turned, epoch: epoch)
      // Red along a column: 8·sin(angle) a pixel.
      slopes.append(
        (batch[(18 * size + 16) * 3] - batch[(14 * size + 16) * 3]) / 4 / 8)
      let middle = (15...16).flatMap { row in (15...16).map { batch[(row * size + $0) * 3] } }
      #expect(abs(middle.reduce(0, +) / 4 - 124) < 0.05)
    }
    let largest: Float = 0.34202  // sin 20°
    #expect(slopes.allSatisfy { abs($0) <= largest + 1e-3 })
    #expect(slopes.contains { $0 < -0.2 } && slopes.contains { $0 > 0.2 })
  }

  @Test func `brightness scales, contrast keeps the mean gray, saturation keeps the gray`() {
    let flat = [[UInt8]](repeating: [100, 80, 60], count: size * size).flatMap { $0 }
    let gray: Float = 0.299 * 100 + 0.587 * 80 + 0.114 * 60
    for epoch in 0..<20 {
      let bright = assemble(flat, settings { $0.brightness = 0.3 }, epoch: epoch)
      #expect(abs(bright[0] / bright[2] - 100 / 60) < 1e-3)
      #expect((69.9...130.1).contains(bright[0]))
      let contrasted = assemble(flat, settings { $0.contrast = 0.5 }, epoch: epoch)
      let faded = assemble(flat, settings { $0.saturation = 0.5 }, epoch: epoch)
      for colors in [contrasted, faded] {
        let seen: Float = 0.299 * colors[0] + 0.587 * colors[1] + 0.114 * colors[2]
        #expect(abs(seen - gray) < 0.02)
        #expect((0.49...1.51).contains((colors[0] - gray) / (100 - gray)))
      }
    }
  }

  @Test func `colors stay inside 0 to 255`() {
    let pair: [UInt8] = [0, 0, 255, 255, 255, 0]
    let extremes = [[UInt8]](repeating: pair, count: size * size / 2).flatMap { $0 }
    for epoch in 0..<20 {
      let values = assemble(extremes, Augmentation.strong.settings, epoch: epoch)
      #expect(values.allSatisfy { (-0.01...255.01).contains($0) })
    }
  }

  @Test func `as many images have an erased rectangle as the probability says`() {
    let white = [UInt8](repeating: 200, count: size * size * 3)
    let erased = (0..<400).filter { epoch in
      let batch = assemble(white, settings { $0.erasing = 0.25 }, epoch: epoch)
      let zeros = batch.count { $0 == 0 }
      #expect(zeros < size * size * 3 / 3)
      #expect(batch.allSatisfy { $0 == 0 || abs($0 - 200) < 0.01 })
      return zeros > 0
    }
    // Four standard deviations around 100.
    #expect((65...135).contains(erased.count))
  }

  @Test func `crops lie anywhere in the image, and stay inside`() {
    let crops = settings {
      $0.zoom = 0.5...0.5
      $0.cropsAnywhere = true
    }
    let corners = (0..<200).map { epoch in
      let batch = assemble(ramp, crops, epoch: epoch)
      return (left: batch[0], top: batch[1], right: batch[(size * size - 1) * 3])
    }
    // Red is 8 times the column; a crop of half the side begins at columns -0.25…15.75.
    #expect(corners.allSatisfy { (0...127).contains($0.left) && (0...127).contains($0.top) })
    #expect(corners.allSatisfy { abs($0.right - $0.left - 15.5 * 8) < 4.1 })
    #expect(corners.contains { $0.left < 12 } && corners.contains { $0.left > 112 })
    #expect(corners.contains { $0.top < 12 } && corners.contains { $0.top > 112 })
  }

  @Test func `crops are stretched within their limit, both ways`() {
    let stretched = settings {
      $0.zoom = 0.5...0.5
      $0.stretch = 0.4
    }
    let ratios = (0..<100).map { epoch in
      let batch = assemble(ramp, stretched, epoch: epoch)
      let middle = (16 * size + 16) * 3
      let across = batch[middle + 3] - batch[middle],
        down = batch[middle + size * 3 + 1] - batch[middle + 1]
      return log2(Double(across / down))
    }
    #expect(ratios.allSatisfy { abs($0) < 0.401 })
    #expect(ratios.contains { $0 > 0.3 } && ratios.contains { $0 < -0.3 })
  }

  @Test(arguments: [16, 24, 48])
  func `a larger image is sampled down about its middle`(target: Int) {
    let batch = Arena(pieces: [target * target * 3]).piece(target * target * 3)
    BatchAssembler(
      imageSize: target, sourceSize: size, normalization: plain, workers: Workers(count: 1)
    ).assemble(pixels: ramp, indices: [0], into: batch)
    let middle = target / 2
    let red =
      (batch.array[(middle * target + middle) * 3]
        + batch.array[(middle * target + middle - 1) * 3]) / 2
    #expect(abs(red - 124) < 0.1)
    let slope =
      batch.array[(middle * target + middle + 1) * 3]
      - batch.array[(middle * target + middle) * 3]
    #expect(abs(slope - 8 * Float(size) / Float(target)) < 0.1)
  }

  @Test func `the last image of the data is sampled like any other`() {
    let both = ramp + ramp
    let count = ramp.count
    let batch = Arena(pieces: [2 * count]).piece(2 * count)
    var middle = settings { $0.zoom = 0.7...0.7 }
    middle.flips = false
    BatchAssembler(imageSize: size, normalization: plain, workers: Workers(count: 1))
      .assemble(pixels: both, indices: [0, 1], into: batch, augmentation: middle)
    #expect(batch[0..<count].array == batch[count..<2 * count].array)
  }
}
