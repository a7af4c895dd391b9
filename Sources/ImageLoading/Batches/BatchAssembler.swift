public import Tensors

/// Turns stored images into the numbers a network sees: augmented, normalized, side by side.
public struct BatchAssembler: Sendable {
  private let imageSize: Int
  private let normalization: Normalization
  private let table: [Float]
  private let workers: Workers

  /// Creates an assembler for images of one size.
  public init(imageSize: Int, normalization: Normalization, workers: Workers) {
    self.imageSize = imageSize
    self.normalization = normalization
    table = normalization.table
    self.workers = workers
  }

  /// Writes a batch, height × width × channels each.
  ///
  /// - Parameters:
  ///   - pixels: Images one after the other, size × size × 3 bytes.
  ///   - indices: Which images, in order.
  ///   - samples: The numbers of these images in the dataset, if others.
  ///   - batch: At least `indices.count` × size × size × 3 numbers.
  ///   - seed: With the epoch and the image's number, all that the change depends on.
  public func assemble(
    pixels: [UInt8], indices: [Int], samples: [Int]? = nil, into batch: FloatRegion,
    augmentation: AugmentationSettings = AugmentationSettings(), seed: UInt64 = 0, epoch: Int = 0
  ) {
    let size = imageSize * imageSize * 3
    let isSampled = augmentation.interpolates || augmentation.recolors
    workers.run(indices.count) { position in
      let index = indices[position]
      let change = ImageTransform(
        augmentation, seed: seed, epoch: epoch, sample: samples?[position] ?? index,
        size: imageSize)
      let source = index * size..<(index + 1) * size
      let target = batch[position * size..<(position + 1) * size]
      if isSampled {
        let color = change.colorMap(meanColor: Kernels.meanColor(pixels, source), normalization)
        Kernels.sampleImage(
          pixels, from: source.lowerBound, size: imageSize, change.map(size: imageSize), color,
          into: target)
      } else {
        write(pixels[source], change, to: target)
      }
      if let erased = change.erased {
        for row in erased.rows {
          let start = (row * imageSize + erased.columns.lowerBound) * 3
          // The mean is 0 once normalized.
          target[start..<start + erased.columns.count * 3].fill(0)
        }
      }
    }
  }

  private func write(_ image: ArraySlice<UInt8>, _ change: ImageTransform, to target: FloatRegion) {
    let rows = change.sources(size: imageSize, shift: change.shiftY, mirrored: false)
    let columns = change.sources(
      size: imageSize, shift: change.shiftX, mirrored: change.isMirrored)
    unsafe image.withUnsafeBufferPointer { source in
      unsafe table.withUnsafeBufferPointer { table in
        unsafe target.withUnsafeMutablePointer { target in
          var next = unsafe target
          for row in rows {
            for column in columns {
              let pixel = (row * imageSize + column) * 3
              unsafe next[0] = table[Int(source[pixel])]
              unsafe next[1] = table[256 + Int(source[pixel + 1])]
              unsafe next[2] = table[512 + Int(source[pixel + 2])]
              unsafe next += 3
            }
          }
        }
      }
    }
  }
}
