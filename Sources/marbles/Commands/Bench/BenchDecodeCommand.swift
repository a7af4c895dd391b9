import ArgumentParser
import Benchmarking
import Foundation
import ImageLoading
import Sketches
import Support
import Tensors
import Training

struct BenchDecodeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "decode",
    abstract: "Measures how fast images become batches.",
    usage: "marbles bench decode [<data>] [<options>]",
    discussion: """
      Files are read first, so the disk is not measured. Without a folder, sketches
      are drawn and measured.

      Example: marbles bench decode photos --image-size 128
      """)

  @Argument(help: "A folder of images.", completion: .dataset, transform: inputPath)
  var data: String?

  @Option(help: ArgumentHelp("Rows and columns of the input.", valueName: "pixels"))
  var imageSize = 128

  @Option(help: ArgumentHelp("Use at most this many images.", valueName: "images"))
  var limit = 500

  @OptionGroup var bench: BenchOptions

  /// What `--json` prints.
  private struct Report: Encodable {
    struct Batches: Encodable { var augmentation: String, imagesPerSecond: Double }
    var images: Int, skipped: Int, meanBytes: Int, imageSize: Int, threads: Int
    /// One pass over all images: decoded in full, and decoded and resized.
    var decoding: Timing, loading: Timing
    var decodedPerSecond: Double, loadedPerSecond: Double
    var batches: [Batches]
  }

  func validate() throws {
    try check(imageSize, in: 8...1024, "--image-size")
    try check(limit, in: 1...1_000_000, "--limit")
  }

  func run() throws {
    let files = try readFiles()
    let geometry = ImageGeometry(imageSize: imageSize, fit: .crop)
    let workers = bench.threads.workers
    let images = files.filter { (try? ImageDecoder().decode($0)) != nil }
    guard !images.isEmpty else {
      throw Failure(.data, "\(data ?? "sketches"): no image in it can be read")
    }
    let decoding = Timing(for: bench.seconds) {
      workers.run(images.count) { index in _ = try? ImageDecoder().decode(images[index]) }
    }
    let loading = Timing(for: bench.seconds) {
      workers.run(images.count) { index in
        let image = try? ImageDecoder().decode(images[index], atLeast: geometry.decodingSide)
        _ = image.map { geometry.apply(to: $0.pixels) }
      }
    }
    let report = Report(
      images: images.count, skipped: files.count - images.count,
      meanBytes: images.reduce(0) { $0 + $1.count } / images.count, imageSize: imageSize,
      threads: workers.count, decoding: decoding, loading: loading,
      decodedPerSecond: Double(images.count) / decoding.median,
      loadedPerSecond: Double(images.count) / loading.median,
      batches: batches(
        try images.flatMap { file in
          try geometry.apply(to: ImageDecoder().decode(file, atLeast: geometry.decodingSide).pixels)
            .bytes
        }, images.count, workers))
    Console.output(bench.output.json ? jsonText(report) : lines(report).joined(separator: "\n"))
  }

  private func readFiles() throws -> [[UInt8]] {
    if let data {
      let paths = try DatasetLister.files(below: data).files
      let step = max(1, paths.count / limit)
      return stride(from: 0, to: paths.count, by: step).prefix(limit).compactMap {
        try? FileBytes.read(paths[$0])
      }
    }
    let artist = SketchArtist(configuration: SketchConfiguration(seed: 1))
    return (0..<min(limit, 100)).map { index in
      let file = SketchFile(index: index, seed: 1)
      return file.format.encode(artist.draw(file.animal, number: file.number))
    }
  }

  /// Batches of images in memory, with each augmentation in turn.
  private func batches(_ pixels: [UInt8], _ count: Int, _ workers: Workers) -> [Report.Batches] {
    let batchSize = 64
    let assembler = BatchAssembler(
      imageSize: imageSize,
      normalization: Normalization(mean: [0.5, 0.5, 0.5], standardDeviation: [0.25, 0.25, 0.25]),
      workers: workers)
    let size = batchSize * imageSize * imageSize * 3
    let batch = Arena(pieces: [size]).piece(size)
    return Augmentation.allCases.map { augmentation in
      var epoch = 0
      let timing = Timing(for: bench.seconds / 4) {
        assembler.assemble(
          pixels: pixels, indices: (0..<batchSize).map { $0 % count }, into: batch,
          augmentation: augmentation.settings, seed: 1, epoch: epoch)
        epoch += 1
      }
      return .init(
        augmentation: augmentation.rawValue, imagesPerSecond: Double(batchSize) / timing.median)
    }
  }

  private func lines(_ report: Report) -> [String] {
    func rate(_ name: String, _ value: Double) -> String {
      "\(name.left(44))\(Int(value).grouped.right(10))"
    }
    return [
      "\(report.images.counted("image")) of \(report.meanBytes.grouped) bytes on average, "
        + report.threads.counted("thread"),
      "", "\("".left(44))\("images/s".right(10))",
      rate("decoded in full", report.decodedPerSecond),
      rate("decoded and resized to \(imageSize)×\(imageSize)", report.loadedPerSecond),
    ] + report.batches.map { rate("batches, augmentation \($0.augmentation)", $0.imagesPerSecond) }
  }
}
