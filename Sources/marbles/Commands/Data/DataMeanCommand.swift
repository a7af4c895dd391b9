import ArgumentParser
import ImageLoading
import Plotting
import Support
import Training

struct DataMeanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mean",
    abstract: "Draws the average image of every class.",
    usage: "marbles data mean <data> --out <mean.png> [<options>]",
    discussion: """
      Each pixel is the mean over all readable images of the class. What can still be
      seen, such as the color of the background, is what the images of a class have
      in common, and a network may rely on it.

      Example: marbles data mean photos --out mean.png
      """)

  @Argument(help: "The folder of images.", completion: .dataset, transform: inputPath)
  var data: String

  @Option(
    help: ArgumentHelp("The figure to write: .png, .svg or .pdf.", valueName: "mean.png"),
    completion: .figure, transform: filePath)
  var out: String

  @Option(help: ArgumentHelp("Rows and columns of each image.", valueName: "pixels"))
  var imageSize = 128

  @Option(help: "How non-square images are made square: crop, letterbox or stretch.")
  var fit: ImageGeometry.Fit = .crop

  @OptionGroup var appearance: LookOptions
  @OptionGroup var write: WriteOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var output: OutputOptions

  /// What `--json` prints: mean red, green and blue of each class, 0…255.
  private struct Report: Encodable {
    struct Class: Encodable { var name: String, count: Int, meanColor: [Double] }
    var figure: String, classes: [Class]
  }

  func validate() throws { try check(imageSize, in: 8...512, "--image-size") }

  func run() throws {
    let listing = try DatasetLister.list(data)
    var outputs = Outputs(write, data: [listing])
    let file: OutputFile = try outputs.claim(out, .figure())
    let loaded = try loadShowingProgress(
      listing, ImageGeometry(imageSize: imageSize, fit: fit), threads.workers,
      quiet: output.quiet)
    let means = loaded.classNames.indices.map {
      loaded.meanImage(of: loaded.indices(ofClass: $0))
    }
    let classes = zip(loaded.classNames, means).enumerated().map { index, entry in
      Report.Class(
        name: entry.0, count: loaded.indices(ofClass: index).count,
        meanColor: meanColor(of: entry.1))
    }
    try file.write(sheet(classes, means), appearance.look)
    if output.json {
      Console.output(jsonText(Report(figure: out, classes: classes)))
    } else {
      classes.forEach { Console.output(line($0)) }
      Console.output("drawn in \(out)")
    }
  }

  /// Mean red, green and blue of an image.
  private func meanColor(of image: [Double]) -> [Double] {
    (0..<3).map { channel in
      let values = stride(from: channel, to: image.count, by: 3).map { image[$0] }
      return values.reduce(0, +) / Double(values.count)
    }
  }

  private func sheet(_ classes: [Report.Class], _ means: [[Double]]) -> ContactSheet {
    let thumbnails = zip(classes, means).map { entry, mean in
      ContactSheet.Thumbnail(
        PixelBuffer(width: imageSize, height: imageSize, bytes: mean.map { UInt8($0.rounded()) }),
        caption: "\(entry.name.printable) · \(entry.count.counted("image"))")
    }
    return ContactSheet(
      title: "The average image of each class", subtitle: data.fitted(80),
      rows: [ContactSheet.Row("", thumbnails)], columns: min(4, thumbnails.count),
      theme: appearance.theme)
  }

  private func line(_ entry: Report.Class) -> String {
    let color = zip(["red", "green", "blue"], entry.meanColor).map { "\($0) \($1.digits(0))" }
    return "\(entry.name.fitted(24).left(12)) \(entry.count.counted("image")), "
      + "mean \(color.joined(separator: " "))"
  }
}

extension LoadedDataset {
  /// The indices of the images of a class.
  func indices(ofClass classIndex: Int) -> [Int] {
    images.indices.filter { images[$0].classIndex == classIndex }
  }
}
