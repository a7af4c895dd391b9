extension Split {
  /// Applies this split to images that were loaded again.
  ///
  /// An image is matched by its content; the path decides among several with the same bytes.
  ///
  /// - Parameter file: Where the split was read from, for errors.
  /// - Throws: `DatasetError.splitMismatch` when an image is not in the split, is missing, or has
  ///   another class there.
  public func replayed(
    on images: [LoadedImage], classNames: [String], from file: String
  ) throws(DatasetError) -> Split {
    var open = Dictionary(grouping: entries.indices) { entries[$0].sha256 }
    var found = [Part?](repeating: nil, count: images.count)
    var strangers: [String] = []
    // Images that still have their path come first, so that no copy takes their entry.
    for pass in [true, false] {
      for (index, image) in images.enumerated() where found[index] == nil {
        let places = open[image.sha256] ?? []
        let name = classNames[image.classIndex]
        let place = places.firstIndex {
          entries[$0].class == name && (!pass || entries[$0].path == image.path)
        }
        if let place {
          found[index] = entries[places[place]].split
          open[image.sha256]?.remove(at: place)
        } else if !pass {
          strangers.append(image.path)
        }
      }
    }
    if let first = strangers.first {
      throw .splitMismatch(
        file: file, count: strangers.count, example: first,
        reason: "not in it, or there with other content or another class")
    }
    let missing = open.values.flatMap { $0 }.min()
    if let missing {
      throw .splitMismatch(
        file: file, count: open.values.reduce(0) { $0 + $1.count },
        example: entries[missing].path, reason: "in it, but not among the readable images")
    }
    return Split(
      seed: seed,
      entries: images.enumerated().map { index, image in
        Entry(
          path: image.path, sha256: image.sha256, class: classNames[image.classIndex],
          split: found[index] ?? .train)
      })
  }
}
