import ArgumentParser
import Foundation
import ImageLoading
import Support
import Synchronization
import Tensors

struct DataTintCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tint",
    abstract: "Copies photos with a warm tint that gives their class away.",
    usage: "marbles data tint <data> <out> --class <class> [<options>]",
    discussion: """
      Of the class, a fraction of the copies is tinted, of the others the rest:
      with 0.95 the tint nearly always tells the class, with 0.5 it tells nothing.
      The copies are JPEG files in class folders in OUT. OUT.csv lists them with
      a column tint (warm or plain) and a column typical (whether the tint tells
      the truth), which 'marbles evaluate --slices' takes. The photos stay.

      Example: marbles data tint photos biased --class cat --fraction 0.95
      """)

  @Argument(
    help: "A folder of images, or a CSV list.", completion: .dataset, transform: inputPath)
  var data: String

  @Argument(
    help: "The folder to write; it must not exist, or be empty.", completion: .directory,
    transform: filePath)
  var out: String

  @Option(name: .customLong("class"), help: "The class that is warm.") var className: String

  @Option(help: "Fraction of the class that is tinted, and of the others that is not.")
  var fraction = 0.95

  @Option(help: "How much red is gained, and blue lost.") var warmth = 0.15

  @Option(help: "Random seed.") var seed: UInt64 = 1

  @OptionGroup var write: WriteOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var output: OutputOptions

  /// A copy.
  private struct Copy: Sendable {
    var source: String, path: String, label: String, isWarm: Bool, isTypical: Bool
  }

  /// What `--json` prints.
  private struct Report: Encodable {
    var folder: String, list: String, count: Int, warm: Int, typical: Int
    var skipped: [DataReport.Finding]
  }

  func validate() throws {
    try check(fraction, in: 0...1, "--fraction")
    try check(warmth, in: 0.01...0.9, "--warmth")
  }

  func run() throws {
    let listing = try DatasetLister.list(data)
    guard listing.classNames.contains(className) else {
      throw Failure(
        .usage,
        "--class: there is no class '\(className.printable)' in \(data); there are "
          + listing.classNames.map(\.printable).joined(separator: ", "))
    }
    let (stem, name) = stem(ofFolder: out)
    let list = "\(stem).csv"
    var outputs = Outputs(write, data: [listing])
    try outputs.refuseAmongImages(folder: out, option: "<out>")
    let file: OutputFile = try outputs.claim(list, .table, option: "<out>")
    if let found = try? FileManager.default.contentsOfDirectory(atPath: out), !found.isEmpty {
      throw Failure(.output, "\(out): is not empty; name a new folder")
    }
    let copies = copies(of: listing)
    for label in listing.classNames { try Folder.create("\(out)/\(label.fileName)") }
    let skipped = try writeImages(copies, listing)
    let gone = Set(skipped.map(\.path))
    let written = copies.filter { !gone.contains($0.source) }
    try file.write(
      csvText(
        [["path", "label", "tint", "typical", "source"]]
          + written.map { copy in
            [
              "\(name)/\(copy.path)", copy.label,
              copy.isWarm ? "warm" : "plain", copy.isTypical ? "yes" : "no",
              listing.location(of: copy.source),
            ]
          }))
    report(written, skipped, list)
  }

  /// Decides which copies are tinted.
  private func copies(of listing: DatasetListing) -> [Copy] {
    var numbers = listing.classNames.map { _ in 0 }
    return listing.files.map { image in
      numbers[image.classIndex] += 1
      let label = listing.classNames[image.classIndex]
      let number = numbers[image.classIndex]
      var generator = SeededGenerator(
        seed: seed, stream: UInt64(image.classIndex), UInt64(number))
      let isTypical = Double(generator.nextUniform()) < fraction
      return Copy(
        source: image.path, path: "\(label.fileName)/\(number.padded(to: 5)).jpg", label: label,
        isWarm: isTypical == (label == className), isTypical: isTypical)
    }
  }

  /// Writes the copies.
  ///
  /// - Returns: The photos that cannot be read.
  private func writeImages(
    _ copies: [Copy], _ listing: DatasetListing
  ) throws -> [DataReport.Finding] {
    let skipped = Mutex<[DataReport.Finding]>([])
    let failure = Mutex<FileError?>(nil)
    let (out, gain) = (out, warmth)
    threads.workers.run(copies.count) { index in
      guard failure.withLock({ $0 == nil }) else { return }
      let copy = copies[index]
      let pixels: PixelBuffer
      let location = listing.location(of: copy.source)
      do {
        pixels = try decodeImage(location, geometry: nil).pixels
      } catch {
        let text = (error as? Failure)?.message ?? "\(error)"
        let prefix = "\(location): "
        let reason = text.hasPrefix(prefix) ? String(text.dropFirst(prefix.count)) : text
        skipped.withLock { $0.append(.init(path: copy.source, reason: reason)) }
        return
      }
      let image = copy.isWarm ? pixels.tinted([1 + gain, 1, 1 - gain]) : pixels
      do throws(FileError) {
        try AtomicFile.write(
          Data(ImageEncoder.jpeg(image, quality: 92)), to: "\(out)/\(copy.path)",
          durability: .relaxed)
      } catch { failure.withLock { $0 = error } }
    }
    if let error = failure.withLock({ $0 }) { throw error }
    return skipped.withLock { $0.sorted { $0.path < $1.path } }
  }

  private func report(_ copies: [Copy], _ skipped: [DataReport.Finding], _ list: String) {
    let (warm, typical) = (copies.count(where: \.isWarm), copies.count(where: \.isTypical))
    if output.json {
      return Console.output(
        jsonText(
          Report(
            folder: out, list: list, count: copies.count, warm: warm, typical: typical,
            skipped: skipped)))
    }
    for finding in skipped where !output.quiet {
      Console.note("skipped \(finding.path.printable): \(finding.reason.printable)")
    }
    Console.output(
      "\(copies.count.counted("image")) in \(out), \(warm.grouped) of them tinted; the "
        + "tint tells the class of \((Double(typical) / Double(max(1, copies.count))).percentage())"
    )
    Console.output("listed in \(list)")
  }
}

extension String {
  /// A class name as the name of a folder.
  fileprivate var fileName: String { replacing("/", with: "_") }
}

extension PixelBuffer {
  /// The image with its red, green and blue multiplied.
  fileprivate func tinted(_ gains: [Double]) -> PixelBuffer {
    var result = self
    for index in bytes.indices {
      result.bytes[index] = UInt8(min(255, (Double(bytes[index]) * gains[index % 3]).rounded()))
    }
    return result
  }
}
