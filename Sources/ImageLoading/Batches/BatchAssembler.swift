public import Tensors

/// Writes batches of stored images as the floats a network reads: augmented and normalized.
public struct BatchAssembler: Sendable {
  private let imageSize: Int
  private let sourceSize: Int
  private let normalization: Normalization
  private let table: [Float]
  private let workers: Workers

  /// Creates an assembler for images of one size.
  ///
  /// - Parameters:
  ///   - imageSize: Rows and columns of the images that are written.
  ///   - sourceSize: Rows and columns of the stored images; nil if they are the same. Others are
  ///     sampled bilinearly, so they should not be much larger.
  public init(
    imageSize: Int, sourceSize: Int? = nil, normalization: Normalization, workers: Workers
  ) {
    self.imageSize = imageSize
    self.sourceSize = sourceSize ?? imageSize
    self.normalization = normalization
    table = normalization.table
    self.workers = workers
  }

  /// Writes a batch, one image after another, height × width × channels each.
  ///
  /// - Parameters:
  ///   - pixels: Stored images one after the other, size × size × 3 bytes.
  ///   - indices: Positions in `pixels` of the images to write, in order.
  ///   - samples: Indices of these images in the dataset; nil if they equal `indices`.
  ///   - places: Where in the batch they are written; nil for one after another from its start.
  ///   - batch: Has room for size × size × 3 elements at every place.
  ///   - seed: With the epoch and the sample's index, all that augmentation depends on.
  ///   - isMirrored: Whether every image is mirrored, besides its augmentation.
  public func assemble(
    pixels: [UInt8], indices: [Int], samples: [Int]? = nil, places: [Int]? = nil,
    into batch: FloatRegion, augmentation: AugmentationSettings = AugmentationSettings(),
    seed: UInt64 = 0, epoch: Int = 0, isMirrored: Bool = false
  ) {
    let size = imageSize * imageSize * 3
    let sourceCount = sourceSize * sourceSize * 3
    let isSampled =
      augmentation.interpolates || augmentation.recolors || sourceSize != imageSize
    workers.run(indices.count) { position in
      let index = indices[position]
      var transform = ImageTransform(
        augmentation, seed: seed, epoch: epoch, sample: samples?[position] ?? index,
        size: imageSize)
      if isMirrored { transform.isMirrored.toggle() }
      let source = index * sourceCount..<(index + 1) * sourceCount
      let place = places?[position] ?? position
      let target = batch[place * size..<(place + 1) * size]
      if isSampled {
        let color = transform.colorMap(meanColor: Kernels.meanColor(pixels, source), normalization)
        Kernels.sampleImage(
          pixels, from: source.lowerBound, size: sourceSize,
          transform.map(size: imageSize, sourceSize: sourceSize), color, into: target,
          outputSize: imageSize)
      } else {
        write(pixels[source], transform, to: target)
      }
      if let erased = transform.erased {
        for row in erased.rows {
          let start = (row * imageSize + erased.columns.lowerBound) * 3
          // The mean is 0 once normalized.
          target[start..<start + erased.columns.count * 3].fill(0)
        }
      }
    }
  }

  private func write(
    _ image: ArraySlice<UInt8>, _ transform: ImageTransform, to target: FloatRegion
  ) {
    let rows = transform.sources(size: imageSize, shift: transform.shiftY, mirrored: false)
    let columns = transform.sources(
      size: imageSize, shift: transform.shiftX, mirrored: transform.isMirrored)
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
