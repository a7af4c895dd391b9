internal import Support

/// Hands out the files of a listing to be read, until there are enough usable images.
///
/// Of every class, and of every ready-made part of it, as nearly the same fraction as there can be
/// is chosen, by a hash of the paths, so that neither the order nor the other files decide. A file
/// that cannot be used is replaced by the next of its class and part, and by one of another where
/// there is none.
struct LimitedFiles {
  /// The files of one class in one part.
  private struct Stratum {
    let classIndex: Int
    /// Places in the listing, in the order in which they are chosen.
    var files: [Int]
    /// The number of usable images that are wanted.
    var share: Int
    /// Files handed out, and those of them that cannot be used.
    var opened = 0, unusable = 0

    /// How many usable images there can be.
    var capacity: Int { files.count - unusable }
  }

  /// A class in a part.
  struct Key: Hashable { var classIndex: Int, part: Split.Part? }

  private var strata: [Stratum] = []
  /// The stratum of each file.
  private var places: [Int] = []
  private let count: Int
  private let total: Int

  /// - Parameter count: The number of usable images wanted; nil for all. One of every class and
  ///   part is wanted anyway.
  init(_ files: [ImageFile], count: Int?) {
    total = files.count
    self.count = min(count ?? total, total)
    var known: [Key: Int] = [:]
    for (index, file) in files.enumerated() {
      let key = Key(classIndex: file.classIndex, part: file.assignedPart)
      let place = known[key] ?? strata.count
      if place == strata.count {
        strata.append(Stratum(classIndex: key.classIndex, files: [], share: 0))
      }
      known[key] = place
      places.append(place)
      strata[place].files.append(index)
    }
    for index in strata.indices {
      strata[index].share = max(1, Int(Double(strata[index].files.count) * fraction))
      guard self.count < total else { continue }
      let hashed = strata[index].files.map {
        (hash: ContentHash.sha256(files[$0].path.pathBytes), file: $0)
      }
      strata[index].files = hashed.sorted { $0.hash < $1.hash }.map(\.file)
    }
    while wanted > self.count {
      let open = strata.indices.filter { strata[$0].share > 1 }
      let excess = excess
      guard let most = open.max(by: { excess[$0] < excess[$1] }) else { break }
      strata[most].share -= 1
    }
  }

  /// The fraction of the files that is wanted.
  private var fraction: Double { Double(count) / Double(max(1, total)) }

  private var wanted: Int { strata.reduce(0) { $0 + $1.share } }

  /// How many images more than its fraction a class has, and how many of them in each part.
  private struct Excess: Comparable {
    var ofClass: Double, ofPart: Double

    static func < (one: Self, other: Self) -> Bool {
      (one.ofClass, one.ofPart) < (other.ofClass, other.ofPart)
    }
  }

  private var excess: [Excess] {
    let own = strata.map { Double($0.share) - Double($0.files.count) * fraction }
    var ofClass: [Int: Double] = [:]
    for (stratum, excess) in zip(strata, own) { ofClass[stratum.classIndex, default: 0] += excess }
    return zip(strata, own).map { Excess(ofClass: ofClass[$0.classIndex] ?? 0, ofPart: $1) }
  }

  /// The places of the files to be read next, in the order of the listing; none when there are
  /// enough usable images, or no more files.
  mutating func next() -> [Int] {
    for index in strata.indices {
      strata[index].share = min(strata[index].share, strata[index].capacity)
    }
    // By the largest remainders.
    var missing = count - wanted
    while missing > 0 {
      let open = strata.indices.filter { strata[$0].share < strata[$0].capacity }
      let excess = excess
      guard let least = open.min(by: { excess[$0] < excess[$1] }) else { break }
      strata[least].share += 1
      missing -= 1
    }
    var chosen: [Int] = []
    for index in strata.indices {
      let stratum = strata[index]
      let end = stratum.share + stratum.unusable
      chosen += stratum.files[stratum.opened..<end]
      strata[index].opened = end
    }
    return chosen.sorted()
  }

  /// Notes that a file that was handed out cannot be used.
  mutating func reject(_ file: Int) { strata[places[file]].unusable += 1 }
}

extension DatasetListing {
  /// `count` files, as nearly the same fraction of every class and part as there can be, selected
  /// by a hash of their paths; one of every class and part that has any, even if that makes more.
  ///
  /// Unreadable files count: `DatasetLoader.load` takes a limit that is one of images.
  public func limited(to count: Int?) -> DatasetListing {
    var limit = LimitedFiles(files, count: count)
    return limited(to: count, files: limit.next())
  }

  /// The files at some places, which are those that a limit lets in.
  func limited(to count: Int?, files places: [Int]) -> DatasetListing {
    guard let count, places.count < files.count else { return self }
    return keeping(
      places.map { files[$0] }, otherwise: "\(Self.limitReason) of \(count.counted("image"))")
  }

  /// The number of classes, counted in each ready-made part: the smallest limit that leaves an
  /// image of every class in every part.
  public var smallestLimit: Int {
    Set(files.map { LimitedFiles.Key(classIndex: $0.classIndex, part: $0.assignedPart) }).count
  }
}
