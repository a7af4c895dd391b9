public import Support
public import Tensors

/// An image that a program has in memory, with its class.
public struct LabeledImage: Sendable {
  /// Identifies the image in reports and splits; unique within a dataset.
  public var name: String
  /// The image, of any size.
  public var pixels: PixelBuffer
  /// Its class, an index into the class names.
  public var classIndex: Int
  /// The part a ready-made split puts it in; nil leaves that to `Split.make`.
  public var assignedPart: Split.Part?

  /// Labels an image.
  public init(
    name: String, pixels: PixelBuffer, classIndex: Int, assignedPart: Split.Part? = nil
  ) {
    self.name = name
    self.pixels = pixels
    self.classIndex = classIndex
    self.assignedPart = assignedPart
  }
}

extension LoadedDataset {
  /// Makes a dataset of images that a program has in memory.
  ///
  /// Images are resized by `geometry`, ordered class by class, and checked like those of a folder:
  /// the report has copies, near copies and conflicts. An image's content hash, which decides its
  /// part of a split, is that of its pixels before resizing.
  ///
  /// - Parameters:
  ///   - images: In any order; within a class their order is kept.
  ///   - classNames: At least two.
  ///   - geometry: The size of all images of the dataset, and how others are fitted.
  ///   - workers: The workers that share the work; results do not depend on their number.
  ///   - name: Identifies the dataset in errors and in the report.
  /// - Throws: `DatasetError.singleClass`, or `.emptyClass` when a class has no image.
  /// - Precondition: Class names and image names are unique, class indices have a name.
  public init(
    _ images: [LabeledImage], classNames: [String], geometry: ImageGeometry, workers: Workers,
    name: String = "memory"
  ) throws(DatasetError) {
    let start = ContinuousClock.now
    Self.requireUnique(classNames, "class name")
    Self.requireUnique(images.map(\.name), "image name")
    for image in images {
      precondition(
        classNames.indices.contains(image.classIndex),
        "\(image.name) has class \(image.classIndex) of \(classNames.count)")
    }
    let sorted = images.enumerated().sorted {
      ($0.element.classIndex, $0.offset) < ($1.element.classIndex, $1.offset)
    }.map(\.element)
    let listing = DatasetListing(
      root: name, layout: .memory, classNames: classNames,
      files: sorted.map {
        ImageFile(path: $0.name, classIndex: $0.classIndex, assignedPart: $0.assignedPart)
      })
    try listing.requireClasses()
    let results = ParallelResults<(image: LoadedImage, pixels: [UInt8])>(count: sorted.count)
    workers.run(sorted.count) { index in
      let pixels = sorted[index].pixels
      let size = Array("\(pixels.width)×\(pixels.height)\n".utf8)
      let image = LoadedImage(
        path: sorted[index].name, sha256: ContentHash.sha256(size + pixels.bytes),
        classIndex: sorted[index].classIndex, assignedPart: sorted[index].assignedPart,
        width: pixels.width, height: pixels.height, format: .unknown,
        perceptualHash: PerceptualHash(pixels))
      results.set(index, (image, geometry.apply(to: pixels).bytes))
    }
    let loaded = results.values.compactMap { $0 }
    self.init(
      classNames: classNames, images: loaded.map { $0.image }, pixels: loaded.flatMap { $0.pixels },
      report: DataReport.Log().report(
        listing, loaded.map { $0.image }, seconds: start.duration(to: .now).seconds))
  }

  /// Reads files that a program has in memory as those of a folder.
  ///
  /// - Parameter file: The bytes of the file at a place of the listing; called on any worker.
  /// - Throws: `DatasetError.strict` with the first that is no image.
  package init(
    _ listing: DatasetListing, geometry: ImageGeometry, workers: Workers,
    file: @Sendable (_ index: Int) -> [UInt8]
  ) throws(DatasetError) {
    let start = ContinuousClock.now
    let reader = ImageReader(geometry: geometry, workers: Workers(count: 1))
    let results = ParallelResults<Result<ImageReader.Image, ImageReader.Reason>>(
      count: listing.files.count)
    workers.run(listing.files.count) { index in
      let bytes = file(index)
      results.set(index, reader.read(bytes, ContentHash.sha256(bytes)))
    }
    var images = LoadedImages()
    for (index, result) in results.values.enumerated() {
      let file = listing.files[index]
      switch result {
      case .success(let image): images.add(image, of: file, at: index, keepsPixels: true)
      case .failure(let reason):
        throw .strict(path: listing.source, count: 1, example: "\(file.path): \(reason.text)")
      case nil: preconditionFailure("\(file.path) was not read")
      }
    }
    self.init(
      classNames: listing.classNames, images: images.images, pixels: images.pixels,
      report: DataReport.Log().report(
        listing, images.images, seconds: start.duration(to: .now).seconds))
  }

  private static func requireUnique(_ names: [String], _ what: String) {
    let repeated = Dictionary(grouping: names) { $0 }.first { $1.count > 1 }?.key
    precondition(repeated == nil, "the \(what) '\(repeated ?? "")' occurs more than once")
  }
}
