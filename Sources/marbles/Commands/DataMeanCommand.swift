import ArgumentParser
import ImageLoading
import Plotting
import Support
import Training

struct DataMeanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mean",
    abstract: "Draws the average picture of every class.",
    usage: "marbles data mean <data> --out <mean.png> [<options>]",
    discussion: """
      Each pixel is the mean over all readable pictures of the class. What is still
      seen in it, such as a colour of the background, is what the pictures of a class
      have in common and a network may lean on.

      Example: marbles data mean photos --out mean.png
      """)

  @Argument(help: "The folder of pictures.", completion: .dataset) var data: String

  @Option(help: ArgumentHelp("The picture to write.", valueName: "mean.png"), completion: .pngFile)
  var out: String

  @Option(help: ArgumentHelp("Rows and columns of each picture.", valueName: "pixels"))
  var imageSize = 128

  @Option(help: "How other proportions become square: crop, letterbox or stretch.")
  var fit: ImageGeometry.Fit = .crop

  @OptionGroup var threads: ThreadOptions
  @OptionGroup var output: OutputOptions

  /// What `--json` prints: mean red, green and blue of each class, 0…255.
  private struct Report: Encodable {
    struct Class: Encodable { var name: String, count: Int, meanColor: [Double] }
    var picture: String, classes: [Class]
  }

  func validate() throws { try check(imageSize, in: 8...512, "--image-size") }

  func run() throws {
    try refuseInside(out, data: data)
    let loaded = try loadShowingProgress(
      DatasetLister.list(data), ImageGeometry(imageSize: imageSize, fit: fit), threads.workers,
      quiet: output.quiet)
    let size = imageSize * imageSize * 3
    var classes: [Report.Class] = []
    var thumbnails: [ContactSheet.Thumbnail] = []
    for (classIndex, name) in loaded.classNames.enumerated() {
      let own = loaded.images.indices.filter { loaded.images[$0].classIndex == classIndex }
      let means = loaded.meanImage(of: own)
      classes.append(
        Report.Class(
          name: name, count: own.count,
          meanColor: (0..<3).map { channel in
            stride(from: channel, to: size, by: 3).reduce(0) { $0 + means[$1] } / Double(size / 3)
          }))
      thumbnails.append(
        ContactSheet.Thumbnail(
          Bitmap(
            width: imageSize, height: imageSize, bytes: means.map { UInt8($0.rounded()) }),
          caption: "\(name.printable) · \(own.count.counted("picture"))"))
    }
    try ContactSheet(
      title: "The average picture of each class",
      subtitle: data.fitted(80), rows: [ContactSheet.Row("", thumbnails)],
      columns: min(4, thumbnails.count)
    ).write(to: out)
    if output.json {
      Console.output(jsonText(Report(picture: out, classes: classes)))
    } else {
      for entry in classes {
        let color = entry.meanColor.map { $0.digits(0) }
        Console.output(
          "\(entry.name.fitted(24).left(12)) \(entry.count.counted("picture")), mean red \(color[0]) green \(color[1]) blue \(color[2])"
        )
      }
      Console.output("drawn in \(out)")
    }
  }
}
