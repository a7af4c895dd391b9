/// Which images are copies of each other: the same bytes, or nearly the same image.
///
/// Copies of copies belong to the same group.
///
/// - Complexity: Near-linear; only images that share a part of their hash are compared.
struct CopyGroups {
  /// For each image, the index of the first image of its group.
  let first: [Int]

  init(_ images: [LoadedImage]) {
    var forest = Forest(count: images.count)
    var byContent: [String: Int] = [:]
    var byHash: [PerceptualHash: Int] = [:]
    for (index, image) in images.enumerated() {
      if let other = byContent.updateValue(index, forKey: image.sha256) {
        forest.join(index, other)
      }
      guard let hash = image.perceptualHash else { continue }
      if let other = byHash[hash] { forest.join(index, other) } else { byHash[hash] = index }
    }
    // A key in the upper half, the index in the lower: one sort of integers brings images that
    // share a key together.
    var bands: [UInt64] = []
    bands.reserveCapacity(byHash.count * 25)
    for (hash, index) in byHash {
      for key in hash.bandKeys { bands.append(key << 32 | UInt64(index)) }
    }
    bands.sort()
    var start = 0
    while start < bands.count {
      var end = start + 1
      while end < bands.count, bands[end] >> 32 == bands[start] >> 32 { end += 1 }
      for one in start..<end - 1 {
        let index = Int(bands[one] & 0xFFFF_FFFF)
        guard let hash = images[index].perceptualHash else { continue }
        for other in bands[one + 1..<end].lazy.map({ Int($0 & 0xFFFF_FFFF) })
        where images[other].perceptualHash.map(hash.isNear) == true {
          forest.join(index, other)
        }
      }
      start = end
    }
    first = images.indices.map { forest.root(of: $0) }
  }

  /// The name of each image's group: the smallest content hash in it, which depends neither on the
  /// order nor on the number of other images.
  func keys(_ images: [LoadedImage]) -> [String] {
    var smallest: [Int: String] = [:]
    for (index, image) in images.enumerated() {
      smallest[first[index]] = min(smallest[first[index]] ?? image.sha256, image.sha256)
    }
    return first.map { smallest[$0] ?? "" }
  }

  /// Groups of images that look alike, without groups of identical bytes.
  func nearCopies(_ images: [LoadedImage]) -> [[LoadedImage]] {
    Dictionary(grouping: images.indices) { first[$0] }.values
      .map { $0.map { images[$0] } }
      .filter { Set($0.map(\.sha256)).count > 1 }
      .sorted { $0[0].path < $1[0].path }
  }

  /// Disjoint sets (union–find with path halving).
  private struct Forest {
    private var parents: [Int]

    init(count: Int) { parents = Array(0..<count) }

    mutating func root(of index: Int) -> Int {
      var index = index
      while parents[index] != index {
        parents[index] = parents[parents[index]]
        index = parents[index]
      }
      return index
    }

    /// Joins two sets; the smaller index stays the root.
    mutating func join(_ a: Int, _ b: Int) {
      let (a, b) = (root(of: a), root(of: b))
      parents[max(a, b)] = min(a, b)
    }
  }
}
