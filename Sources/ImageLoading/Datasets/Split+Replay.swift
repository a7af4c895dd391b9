extension Split {
  /// What became of the images of a split when they were loaded again.
  public struct Match: Sendable {
    /// The part of each loaded image; nil for one that the split does not have.
    public var parts: [Part?]
    /// Entries of images that are not among the loaded ones, in the order of the split.
    public var missing: [Entry]
  }

  /// Finds the images of this split among those that were loaded again.
  ///
  /// An image is matched by its content and class; the path decides among several with the same
  /// bytes.
  public func matched(with images: [LoadedImage], classNames: [String]) -> Match {
    var open = Dictionary(grouping: entries.indices) { entries[$0].sha256 }
    var found = [Part?](repeating: nil, count: images.count)
    // Images that still have their path come first, so that no copy takes their entry.
    for pass in [true, false] {
      for (index, image) in images.enumerated() where found[index] == nil {
        let places = open[image.sha256] ?? []
        let name = classNames[image.classIndex]
        let place = places.firstIndex {
          entries[$0].class == name
            && (!pass || entries[$0].path.utf8.elementsEqual(image.path.utf8))
        }
        if let place {
          found[index] = entries[places[place]].split
          open[image.sha256]?.remove(at: place)
        }
      }
    }
    return Match(parts: found, missing: open.values.joined().sorted().map { entries[$0] })
  }

  /// Applies this split to images that were loaded again.
  ///
  /// - Parameter file: Where the split was read from, for errors.
  /// - Throws: `DatasetError.splitMismatch` when an image is not in the split, is missing, is in it
  ///   twice, or has another class there.
  public func replayed(
    on images: [LoadedImage], classNames: [String], from file: String
  ) throws(DatasetError) -> Split {
    var known: Set<[UInt8]> = []
    let repeated = entries.filter { !known.insert($0.path.pathBytes).inserted }
    if let first = repeated.first {
      throw .splitMismatch(
        file: file, count: repeated.count, example: first.path, reason: "in it more than once")
    }
    let match = matched(with: images, classNames: classNames)
    if let first = match.missing.first {
      throw .splitMismatch(
        file: file, count: match.missing.count, example: first.path,
        reason: "in it, but not among the readable images, or with other content or class")
    }
    let strangers = images.indices.filter { match.parts[$0] == nil }
    if let first = strangers.first {
      throw .splitMismatch(
        file: file, count: strangers.count, example: images[first].path,
        reason: "not in it")
    }
    return Split(
      seed: seed,
      entries: images.enumerated().map { index, image in
        Entry(
          path: image.path, sha256: image.sha256, class: classNames[image.classIndex],
          split: match.parts[index] ?? .train)
      })
  }
}
