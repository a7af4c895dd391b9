import ArgumentParser
import Foundation
import ImageLoading
import Plotting
import Support
import Tensors
import Training

struct DataShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Draws a sheet of images, class by class.",
    usage: "marbles data show <data> --out <sheet.png> [<options>]",
    discussion: """
      Images are chosen at random, the same number of every class. Others take the
      place of those that cannot be read. --augmented shows each image as eight epochs
      of training see it.

      Example: marbles data show photos --out sheet.png --count 32
      """)

  @Argument(help: "The folder of images.", completion: .dataset, transform: inputPath)
  var data: String

  @Option(
    help: ArgumentHelp("The figure to write: .png, .svg or .pdf.", valueName: "sheet.png"),
    completion: .figure, transform: filePath)
  var out: String

  @Option(
    help: ArgumentHelp(
      "How many images, at least one of each class (default: 32; augmented: 6).",
      valueName: "images"))
  var count: Int?

  @Option(
    help: ArgumentHelp("A file written by 'marbles data split'.", valueName: "split.json"),
    completion: .splitFile, transform: inputPath)
  var splitFile: String?

  @Option(help: "Only this part of the split: train, validation or test.") var part: Split.Part?

  @Flag(help: "Show each image as training sees it.") var augmented = false

  @Option(help: "With --augmented: none, light, standard or strong.") var augmentation:
    Augmentation = .light

  @Option(help: ArgumentHelp("Rows and columns of each image.", valueName: "pixels"))
  var imageSize = 128

  @Option(
    help: ArgumentHelp(
      "How non-square images are made square: crop, letterbox or stretch "
        + "(default: letterbox; augmented: crop, as in training).",
      valueName: "fit"))
  var fit: ImageGeometry.Fit?

  @Option(help: "Seed for choosing the images and for their random changes.") var seed: UInt64 = 1

  @OptionGroup var appearance: LookOptions
  @OptionGroup var write: WriteOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var output: OutputOptions

  /// What `--json` prints.
  private struct Report: Encodable { var figure: String, count: Int, skipped: Int }

  func validate() throws {
    try check(count ?? 1, in: 1...400, "--count")
    if !augmented {
      try GivenOptions.refuse("--augmentation", because: "without --augmented: add it")
    }
    try check(imageSize, in: 8...512, "--image-size")
    guard part == nil || splitFile != nil else {
      throw ValidationError("--part needs a split: give --split-file")
    }
  }

  func run() throws {
    let listing = try DatasetLister.list(data)
    var outputs = Outputs(write, inputs: [splitFile], data: [listing])
    let file: OutputFile = try outputs.claim(out, .figure())
    let split = try splitFile.map { try SplitFile.read($0) }
    let (chosen, skipped) = try choose(listing, split)
    if !output.quiet { LeftOutFiles.note(skipped: skipped) }
    let loaded = try loadShowingProgress(
      listing.keeping(chosen),
      geometry, threads.workers, needsEveryClass: split == nil, quiet: output.quiet)
    let sheet = augmented ? changes(of: loaded) : sheet(of: loaded)
    try file.write(sheet, appearance.look)
    if output.json {
      Console.output(
        jsonText(Report(figure: out, count: loaded.images.count, skipped: skipped.count)))
    } else {
      Console.output("\(loaded.images.count.counted("image")) in \(out)")
    }
  }

  /// Chooses the same number of readable files of every class, in an order shuffled by the seed.
  private func choose(
    _ listing: DatasetListing, _ split: Split?
  ) throws -> (chosen: [ImageFile], skipped: [DataReport.Finding]) {
    let wanted = try split.map { try files(of: listing, in: $0) } ?? listing.files
    let share = max(1, (count ?? (augmented ? 6 : 32)) / listing.classNames.count)
    var chosen: [ImageFile] = []
    var skipped: [DataReport.Finding] = []
    for index in listing.classNames.indices {
      var generator = SeededGenerator(seed: seed, stream: UInt64(index))
      let files = wanted.filter { $0.classIndex == index }.shuffled(using: &generator)
      let (readable, broken) = try firstReadable(share, of: files, in: listing)
      // A class without readable images keeps one, of which the loader says what is wrong.
      chosen += readable.isEmpty ? Array(files.prefix(1)) : readable
      skipped += readable.isEmpty ? [] : broken
    }
    return (chosen, skipped)
  }

  /// The files that a split has, or has in the part that is asked for, found by their content.
  ///
  /// - Throws: `DatasetError.splitMismatch` if one is gone or has changed.
  private func files(of listing: DatasetListing, in split: Split) throws -> [ImageFile] {
    let loaded = try loadShowingProgress(
      listing, geometry, threads.workers, needsEveryClass: false, namesLeftOut: false,
      keepsPixels: false, quiet: output.quiet)
    func isWanted(_ found: Split.Part?) -> Bool { found != nil && (part == nil || found == part) }
    let match = split.matched(with: loaded.images, classNames: loaded.classNames)
    let missing = match.missing.filter { isWanted($0.split) }
    if let first = missing.first {
      throw DatasetError.splitMismatch(
        file: splitFile ?? "", count: missing.count, example: first.path,
        reason: "in it, but not among the readable images")
    }
    let found = zip(loaded.images, match.parts).filter { isWanted($1) }
    guard !found.isEmpty else {
      throw Failure(.data, "\(splitFile ?? ""): has no \(part?.rawValue ?? "") images")
    }
    let paths = Set(found.map(\.0.path.pathBytes))
    return listing.files.filter { paths.contains($0.path.pathBytes) }
  }

  private var geometry: ImageGeometry {
    ImageGeometry(imageSize: imageSize, fit: fit ?? (augmented ? .crop : .letterbox))
  }

  /// The first `count` files that can be read, and those before them that cannot.
  private func firstReadable(
    _ count: Int, of files: [ImageFile], in listing: DatasetListing
  ) throws(DatasetError) -> (readable: [ImageFile], broken: [DataReport.Finding]) {
    let reader = ImageReader(geometry: nil, workers: threads.workers)
    var readable: [ImageFile] = []
    var broken: [DataReport.Finding] = []
    var rest = files[...]
    while readable.count < count, !rest.isEmpty {
      // Few at a time while most can be read, more and more where few can.
      let some = rest.prefix(max(count - readable.count, broken.count))
      let results = try reader.read(some.map { listing.location(of: $0.path) })
      for (file, result) in zip(some, results) where readable.count < count {
        switch result {
        case .success: readable.append(file)
        case .failure(let reason): broken.append(.init(path: file.path, reason: reason.text))
        }
      }
      rest = rest.dropFirst(some.count)
    }
    return (readable, broken)
  }

  /// Image number `index` of images stored one after another.
  private func bitmap(_ bytes: [UInt8], _ index: Int) -> PixelBuffer {
    let size = imageSize * imageSize * 3
    return PixelBuffer(
      width: imageSize, height: imageSize,
      bytes: Array(bytes[index * size..<(index + 1) * size]))
  }

  private func thumbnail(_ loaded: LoadedDataset, _ index: Int) -> ContactSheet.Thumbnail {
    let name = URL(filePath: loaded.images[index].path).lastPathComponent
    return ContactSheet.Thumbnail(bitmap(loaded.pixels, index), caption: name.printable)
  }

  private var source: String {
    "\(data.fitted(60))\(part.map { " · \($0.rawValue) part" } ?? "")"
  }

  private func sheet(of loaded: LoadedDataset) -> ContactSheet {
    let rows = loaded.classNames.enumerated().map { classIndex, name in
      ContactSheet.Row(
        name.printable, loaded.indices(ofClass: classIndex).map { thumbnail(loaded, $0) })
    }.filter { !$0.thumbnails.isEmpty }
    return ContactSheet(
      title: "\(loaded.images.count.counted("image")) "
        + "of \(rows.count.counted("class"))",
      subtitle: source, rows: rows, theme: appearance.theme)
  }

  /// Each image as several epochs of training see it, row by row.
  private func changes(of loaded: LoadedDataset) -> ContactSheet {
    let epochs = 1...8
    let seen = epochs.map { augmented(loaded, epoch: $0) }
    let rows = loaded.images.indices.map { index in
      let image = loaded.images[index]
      return ContactSheet.Row(
        "\(loaded.classNames[image.classIndex].printable) · \(image.path.fitted(70))",
        zip(epochs, seen).map { epoch, bytes in
          ContactSheet.Thumbnail(
            bitmap(bytes, index), caption: index == 0 ? "epoch \(epoch)" : "")
        })
    }
    return ContactSheet(
      title: "What \(epochs.count) epochs see with --augmentation \(augmentation.rawValue)",
      subtitle: source, rows: rows, theme: appearance.theme)
  }

  /// The bytes of all images as an epoch sees them.
  private func augmented(_ loaded: LoadedDataset, epoch: Int) -> [UInt8] {
    let indices = Array(loaded.images.indices)
    let normalization = Normalization.measure(loaded, indices: indices)
    let assembler = BatchAssembler(
      imageSize: imageSize, normalization: normalization, workers: threads.workers)
    let shape = [indices.count * imageSize * imageSize * 3]
    var batch = ParameterVector(ParameterLayout([ParameterSlot(name: "batch", shape: shape)]))
    batch.withRegion { region in
      assembler.assemble(
        pixels: loaded.pixels, indices: indices, into: region,
        augmentation: augmentation.settings, seed: seed, epoch: epoch)
    }
    return normalization.bytes(of: batch.scalars)
  }
}
