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
    abstract: "Draws a sheet of pictures, class by class.",
    usage: "marbles data show <data> --out <sheet.png> [<options>]",
    discussion: """
      Pictures are chosen by the seed, the same number of every class. Those that
      cannot be read are left out. --augmented shows each picture as eight epochs
      of training see it.

      Example: marbles data show photos --out sheet.png --count 32
      """)

  @Argument(help: "The folder of pictures.", completion: .dataset) var data: String

  @Option(help: ArgumentHelp("The picture to write.", valueName: "sheet.png"), completion: .pngFile)
  var out: String

  @Option(
    help: ArgumentHelp(
      "How many pictures, at least one of each class (default: 32; augmented: 6).",
      valueName: "pictures"))
  var count: Int?

  @Option(
    help: ArgumentHelp("A file that 'marbles data split' wrote.", valueName: "split.json"),
    completion: .splitFile)
  var splitFile: String?

  @Option(help: "Only this part of the split: train, validation or test.") var part: Split.Part?

  @Flag(help: "Show what training makes of each picture.") var augmented = false

  @Option(help: "With --augmented: none, light, standard or strong.") var augmentation:
    Augmentation = .light

  @Option(help: ArgumentHelp("Rows and columns of each picture.", valueName: "pixels"))
  var imageSize = 128

  @Option(
    help: ArgumentHelp(
      "How other proportions become square: crop, letterbox or stretch (default: letterbox; augmented: crop, as in training).",
      valueName: "fit"))
  var fit: ImageGeometry.Fit?

  @Option(help: "Chooses the pictures and names the random changes.") var seed: UInt64 = 1

  @OptionGroup var threads: ThreadOptions
  @OptionGroup var output: OutputOptions

  /// What `--json` prints.
  private struct Report: Encodable { var picture: String, count: Int, skipped: Int }

  func validate() throws {
    try check(count ?? 1, in: 1...400, "--count")
    try check(imageSize, in: 8...512, "--image-size")
    guard part == nil || splitFile != nil else {
      throw ValidationError("--part needs the file that names the parts: --split-file")
    }
  }

  func run() throws {
    try refuseInside(out, data: data)
    let split = try splitFile.map { try SplitFile.read($0) }
    let chosen = try choose(DatasetLister.list(data), split)
    let loaded = try loadShowingProgress(
      chosen,
      ImageGeometry(imageSize: imageSize, fit: fit ?? (augmented ? .crop : .letterbox)),
      threads.workers, quiet: output.quiet)
    let sheet = augmented ? changes(of: loaded) : sheet(of: loaded)
    try sheet.write(to: out)
    let skipped = loaded.report.skipped.count
    if output.json {
      Console.output(
        jsonText(Report(picture: out, count: loaded.images.count, skipped: skipped)))
    } else {
      Console.output(
        "\(loaded.images.count.counted("picture")) in \(out)"
          + (skipped > 0 ? ", \(skipped) cannot be read and left out" : ""))
    }
  }

  /// The same number of every class, in an order the seed shuffles; only some of many are read.
  private func choose(_ listing: DatasetListing, _ split: Split?) throws -> DatasetListing {
    let parts = Dictionary(
      (split?.entries ?? []).map { ($0.path, $0.split) }, uniquingKeysWith: { first, _ in first })
    let wanted = listing.files.filter { part == nil || parts[$0.path] == part }
    if let splitFile, !listing.files.contains(where: { parts[$0.path] != nil }) {
      throw DatasetError.splitMismatch(
        file: splitFile, count: listing.files.count, example: listing.files.first?.path ?? "",
        reason: "not in it")
    }
    let share = max(1, (count ?? (augmented ? 6 : 32)) / listing.classNames.count)
    var files: [ImageFile] = []
    for index in listing.classNames.indices {
      var generator = SeededGenerator(seed: seed, stream: UInt64(index))
      files += wanted.filter { $0.classIndex == index }.shuffled(using: &generator).prefix(share)
    }
    return listing.keeping(files)
  }

  private func bitmap(_ loaded: LoadedDataset, _ index: Int) -> Bitmap {
    let size = imageSize * imageSize * 3
    return Bitmap(
      width: imageSize, height: imageSize,
      bytes: Array(loaded.pixels[index * size..<(index + 1) * size]))
  }

  private var source: String {
    "\(data.fitted(60))\(part.map { " · \($0.rawValue) part" } ?? "")"
  }

  private func sheet(of loaded: LoadedDataset) -> ContactSheet {
    let rows = loaded.classNames.enumerated().map { classIndex, name in
      ContactSheet.Row(
        name.printable,
        loaded.images.indices.filter { loaded.images[$0].classIndex == classIndex }.map {
          ContactSheet.Thumbnail(
            bitmap(loaded, $0),
            caption: URL(filePath: loaded.images[$0].path).lastPathComponent.printable)
        })
    }
    return ContactSheet(
      title:
        "\(loaded.images.count.counted("picture")) of \(loaded.classNames.count.counted("class"))",
      subtitle: source, rows: rows)
  }

  private func changes(of loaded: LoadedDataset) -> ContactSheet {
    let epochs = Array(1...8)
    let normalization = Normalization.measure(loaded, indices: Array(loaded.images.indices))
    let assembler = BatchAssembler(
      imageSize: imageSize, normalization: normalization, workers: threads.workers)
    let size = imageSize * imageSize * 3
    var batch = ParameterVector(
      ParameterLayout([ParameterSlot(name: "batch", shape: [loaded.images.count * size])]))
    let seen = epochs.map { epoch in
      batch.withRegion { region in
        assembler.assemble(
          pixels: loaded.pixels, indices: Array(loaded.images.indices), into: region,
          augmentation: augmentation.settings, seed: seed, epoch: epoch)
      }
      return normalization.bytes(of: batch.scalars)
    }
    let rows = loaded.images.indices.map { index in
      ContactSheet.Row(
        "\(loaded.classNames[loaded.images[index].classIndex].printable) · \(loaded.images[index].path.fitted(70))",
        epochs.indices.map { position in
          ContactSheet.Thumbnail(
            Bitmap(
              width: imageSize, height: imageSize,
              bytes: Array(seen[position][index * size..<(index + 1) * size])),
            caption: index == 0 ? "epoch \(epochs[position])" : "")
        })
    }
    return ContactSheet(
      title: "What \(epochs.count) epochs see with --augmentation \(augmentation.rawValue)",
      subtitle: source, rows: rows)
  }
}
