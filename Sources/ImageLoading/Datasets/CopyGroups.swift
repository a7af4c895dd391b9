internal import Support

/// Which images are copies of each other: the same bytes, or nearly the same image.
///
/// Copies of copies belong to the same group. The same bytes are always a group, also across
/// classes. A group of near copies lies within one class, and is believed only while it is small:
/// where a quarter of a class looks alike, that is how the class looks.
///
/// - Complexity: Near-linear; only images that share a part of their hash are compared, and each
///   with a bounded number of others.
struct CopyGroups {
  /// For each image, the index of the first image of its group.
  let first: [Int]
  /// Groups of images that look alike but are too many to be copies, as indices.
  let disbelieved: [[Int]]

  /// Groups of images that look alike although they are in several classes and their bytes differ.
  ///
  /// Like near copies, they are believed only while they are few: where much of a class looks like
  /// another one, that is how the classes look.
  let conflicts: [[Int]]

  /// Images after it that an image is compared with, among those that share a part of their hash.
  private static let comparisonLimit = 32

  init(_ images: [LoadedImage]) {
    var alike = Forest(count: images.count)
    var alikeAcross = alike
    for (one, other) in Self.nearPairs(images) {
      alikeAcross.join(one, other)
      if images[one].classIndex == images[other].classIndex { alike.join(one, other) }
    }
    let classCounts = Dictionary(grouping: images, by: \.classIndex).mapValues(\.count)
    var believed = Forest(count: images.count)
    var disbelieved: [[Int]] = []
    let groups = Dictionary(grouping: images.indices) { alike.root(of: $0) }.values
    for group in groups where group.count > 1 {
      // Equal bytes count once: they are one image.
      let distinct = Set(group.map { images[$0].sha256 }).count
      let limit = max(2, (classCounts[images[group[0]].classIndex] ?? 0) / 4)
      if distinct <= limit {
        for index in group { believed.join(index, group[0]) }
      } else {
        disbelieved.append(group)
      }
    }
    var byContent: [String: Int] = [:]
    for (index, image) in images.enumerated() {
      if let other = byContent.updateValue(index, forKey: image.sha256) {
        believed.join(index, other)
      }
    }
    first = images.indices.map { believed.root(of: $0) }
    self.disbelieved = disbelieved.sorted { $0[0] < $1[0] }
    conflicts = Dictionary(grouping: images.indices) { alikeAcross.root(of: $0) }.values
      .filter { group in
        let classes = Set(group.map { images[$0].classIndex })
        guard classes.count > 1 else { return false }
        let distinct = Set(group.map { images[$0].sha256 }).count
        let smallest = classes.compactMap { classCounts[$0] }.min() ?? 0
        return (2...max(2, smallest / 4)).contains(distinct)
      }
      .sorted { $0[0] < $1[0] }
  }

  /// Pairs of images whose hashes are near, as indices: enough of a group to join it.
  private static func nearPairs(_ images: [LoadedImage]) -> [(Int, Int)] {
    struct Key: Hashable { var classIndex: Int, hash: PerceptualHash }
    var known: [Key: Int] = [:]
    var chosen: [(index: Int, hash: PerceptualHash)] = []
    var pairs: [(Int, Int)] = []
    for (index, image) in images.enumerated() {
      guard let hash = image.perceptualHash else { continue }
      let key = Key(classIndex: image.classIndex, hash: hash)
      if let other = known[key] {
        pairs.append((other, index))
      } else {
        known[key] = index
        chosen.append((index, hash))
      }
    }
    // An order that does not depend on that of the images.
    chosen.sort { one, other in
      let (a, b) = ((one.hash.across, one.hash.down), (other.hash.across, other.hash.down))
      return a == b ? images[one.index].sha256 < images[other.index].sha256 : a < b
    }
    // A key in the upper half, the place in the lower: one sort of integers brings images that
    // share a key together.
    var bands: [UInt64] = []
    bands.reserveCapacity(chosen.count * 25)
    for (place, image) in chosen.enumerated() {
      for key in image.hash.bandKeys { bands.append(key << 32 | UInt64(place)) }
    }
    bands.sort()
    for start in bands.indices {
      let one = chosen[Int(bands[start] & 0xFFFF_FFFF)]
      for next in bands[(start + 1)...].prefix(comparisonLimit) {
        guard next >> 32 == bands[start] >> 32 else { break }
        let other = chosen[Int(next & 0xFFFF_FFFF)]
        if one.hash.isNear(other.hash) { pairs.append((one.index, other.index)) }
      }
    }
    return pairs
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

  /// Says which images look alike and are still treated as different ones.
  func notes(_ images: [LoadedImage], _ classNames: [String]) -> [String] {
    disbelieved.map { group in
      let image = images[group[0]]
      let count = images.count { $0.classIndex == image.classIndex }
      return "\(group.count == count ? "all" : "\(group.count.grouped) of the") \(count.grouped) "
        + "images of '\(classNames[image.classIndex])' look "
        + "alike (\(image.path), …): too many to be copies, so they are divided as different ones"
    }
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
