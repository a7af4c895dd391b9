/// One image that was read.
public struct LoadedImage: Hashable, Sendable {
  /// Relative to the folder of the dataset.
  public let path: String
  /// SHA-256 of the file's bytes, hexadecimal.
  public let sha256: String
  /// Its class, an index into the class names.
  public let classIndex: Int
  /// The part a ready-made split puts it in.
  public let assignedPart: Split.Part?
  /// Width and height of the file's image, upright by its Exif orientation, pixels.
  public let width: Int, height: Int
  /// The format its first bytes state.
  public let format: ImageFormat
  /// Fingerprint of its appearance; nil for a flat image.
  public let perceptualHash: PerceptualHash?

  init(_ file: ImageFile, _ image: ImageReader.Image) {
    self.init(
      path: file.path, sha256: image.sha256, classIndex: file.classIndex,
      assignedPart: file.assignedPart, width: image.width, height: image.height,
      format: image.format, perceptualHash: image.perceptualHash)
  }

  package init(
    path: String, sha256: String, classIndex: Int, assignedPart: Split.Part?, width: Int,
    height: Int, format: ImageFormat, perceptualHash: PerceptualHash? = nil
  ) {
    self.path = path
    self.sha256 = sha256
    self.classIndex = classIndex
    self.assignedPart = assignedPart
    self.width = width
    self.height = height
    self.format = format
    self.perceptualHash = perceptualHash
  }
}

/// Images resized to one size: kept in memory, or read again for each batch.
public struct LoadedDataset: Sendable {
  /// In natural order.
  public let classNames: [String]
  /// The readable images, class by class.
  public let images: [LoadedImage]
  /// The images one after another, in the order of `images`: size × size × 3 bytes each, red,
  /// green, blue.
  ///
  /// Empty when the dataset was only scanned, or is read again for each batch.
  public let pixels: [UInt8]
  /// What was found while loading.
  public package(set) var report: DataReport
  /// Images that were decoded and that came from a cache.
  public let cacheUse: CacheUse
  /// Channel sums of each image.
  let channelSums: [ChannelSums]
  /// Reads images again; nil when they are in memory.
  let files: ImageSource?

  package init(
    classNames: [String], images: [LoadedImage], pixels: [UInt8], report: DataReport
  ) {
    let size = pixels.count / max(1, images.count)
    self.init(
      classNames: classNames, images: images, pixels: pixels, report: report,
      cacheUse: CacheUse(),
      channelSums: images.indices.map { ChannelSums(pixels[$0 * size..<($0 + 1) * size]) },
      files: nil)
  }

  init(
    classNames: [String], images: [LoadedImage], pixels: [UInt8], report: DataReport,
    cacheUse: CacheUse, channelSums: [ChannelSums], files: ImageSource?
  ) {
    self.classNames = classNames
    self.images = images
    self.pixels = pixels
    self.report = report
    self.cacheUse = cacheUse
    self.channelSums = channelSums
    self.files = files
  }

  /// Returns a batch of images, reading them again if they are not in memory.
  ///
  /// - Throws: `DatasetError.changed` when a file has changed since it was loaded.
  public func images(at indices: [Int]) throws(DatasetError) -> ImageBatch {
    guard let files else { return ImageBatch(pixels: pixels, places: indices, samples: indices) }
    return ImageBatch(
      pixels: try files.pixels(indices.map { images[$0] }),
      places: Array(indices.indices), samples: indices)
  }

  /// Whether the pixels are kept, and not read again.
  package var isInMemory: Bool { files == nil }

  /// The number of different images among some: copies and near copies count once.
  public func distinctCount(of indices: [Int]) -> Int {
    let groups = CopyGroups(images).first
    return Set(indices.map { groups[$0] }).count
  }

  /// The mean of some images in memory, value by value, 0…255; zeros for no image.
  ///
  /// Sums are integers, so the result does not depend on the order.
  public func meanImage(of indices: [Int]) -> [Double] {
    let size = images.isEmpty ? 0 : pixels.count / images.count
    var sums = [Int](repeating: 0, count: size)
    for index in indices {
      for position in 0..<size { sums[position] += Int(pixels[index * size + position]) }
    }
    return sums.map { Double($0) / Double(max(1, indices.count)) }
  }
}
