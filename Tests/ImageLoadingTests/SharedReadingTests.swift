import Foundation
import ImageLoading
import Support
import Tensors
import TestSupport
import Testing

/// Processes that load one folder read some of its files each.
@Suite struct SharedReadingTests {
  static let names = ["cat", "dog"].flatMap { name in (0..<6).map { "\(name)/\($0).png" } }

  /// A folder of twelve images, and in it files that cannot be read.
  static func folder(spoiled: (Int) -> Bool = { _ in false }) throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    for (index, name) in names.enumerated() {
      let pixels = (0..<300).map { UInt8(($0 * (index % 5 + 2) + index * 31) % 256) }
      try folder.write(
        spoiled(index)
          ? [] : ImageEncoder.png(PixelBuffer(width: 10, height: 10, bytes: pixels), level: 1),
        to: name)
    }
    return folder
  }

  static func load(
    _ folder: TemporaryFolder, _ processes: (any ProcessGroup)? = nil, limit: Int? = nil
  ) throws -> LoadedDataset {
    try DatasetLoader(workers: Workers(count: 1, processes: processes)).load(
      DatasetLister.list(folder.path), geometry: ImageGeometry(imageSize: 6, fit: .crop),
      limit: limit)
  }

  @Test func `each process reads its share of the files and has all images`() throws {
    let alone = try Self.load(Self.folder())
    for count in 2...4 {
      let loaded = ThreadGroup.run(count) { group in
        let own = 12 * group.rank / count..<12 * (group.rank + 1) / count
        return try? Self.load(Self.folder { !own.contains($0) }, group)
      }
      for data in loaded {
        #expect(data?.images == alone.images && data?.pixels == alone.pixels)
        #expect((0..<12).allSatisfy { data?.meanColor(of: $0) == alone.meanColor(of: $0) })
        #expect(data?.report.skipped.isEmpty == true)
      }
    }
  }

  @Test func `a file that cannot be read is left out by all, and replaced below a limit`() throws {
    let folder = try Self.folder { $0 == 3 }
    let alone = try Self.load(folder, limit: 8)
    let loaded = ThreadGroup.run(3) { try? Self.load(folder, $0, limit: 8) }
    for data in loaded {
      #expect(data?.images == alone.images && data?.pixels == alone.pixels)
      #expect(data?.report.skipped == alone.report.skipped)
    }
  }
}
