import Foundation
import ImageLoading
import Support
import Tensors
import TestSupport
import Testing

/// Images that are not kept but read again.
@Suite struct RereadingTests {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    for (place, name) in ["cat", "dog"].enumerated() {
      for index in 0..<6 {
        let bytes = (0..<300).map { UInt8(($0 * (place + 2) + index * 31) % 256) }
        try folder.write(
          ImageEncoder.png(PixelBuffer(width: 10, height: 10, bytes: bytes), level: 1),
          to: "\(name)/\(index).png")
      }
    }
  }

  func load(keepsPixels: Bool) throws -> LoadedDataset {
    try DatasetLoader(workers: Workers(count: 2)).load(
      DatasetLister.list(folder.path), geometry: ImageGeometry(imageSize: 6, fit: .crop),
      keepsPixels: keepsPixels)
  }

  func image(_ position: Int, of batch: ImageBatch) -> [UInt8] {
    let size = 6 * 6 * 3
    return Array(batch.pixels[batch.places[position] * size..<(batch.places[position] + 1) * size])
  }

  @Test func `what is read again is what would have been kept, in the order of the batches`()
    throws
  {
    let (kept, read) = (try load(keepsPixels: true), try load(keepsPixels: false))
    #expect(read.pixels.isEmpty)
    let batches = [11, 3, 7, 0, 1, 2, 5, 4, 10, 9, 8].batches(of: 2)
    #expect(batches.last == [8])
    var (readers) = (BatchReader(kept, batches: batches), BatchReader(read, batches: batches))
    for batch in batches {
      let (a, b) = (try readers.0.next(), try readers.1.next())
      #expect(a.samples == batch && b.samples == batch)
      for position in batch.indices {
        #expect(image(position, of: a) == image(position, of: b))
      }
    }
  }

  @Test func `normalization needs no pixels`() throws {
    let indices = [0, 4, 9]
    #expect(
      try Normalization.measure(load(keepsPixels: true), indices: indices)
        == Normalization.measure(load(keepsPixels: false), indices: indices))
  }

  @Test func `an image that changed or went away is named`() throws {
    let data = try load(keepsPixels: false)
    try folder.write(folder.read("cat/1.png"), to: "cat/2.png")
    try FileManager.default.removeItem(atPath: "\(folder.path)/dog/0.png")
    #expect(throws: DatasetError.changed(path: "cat/2.png", reason: "its content differs")) {
      _ = try data.images(at: [2])
    }
    var reader = BatchReader(data, batches: [[0], [6]])
    _ = try reader.next()
    #expect(
      throws: DatasetError.changed(path: "dog/0.png", reason: "No such file or directory")
    ) { _ = try reader.next() }
  }

  @Test func `a reader may be left before its end`() throws {
    let data = try load(keepsPixels: false)
    for _ in 0..<20 {
      var reader = BatchReader(data, batches: Array(0..<12).batches(of: 1))
      #expect(try reader.next().samples == [0])
    }
  }
}
