import ArgumentParser
import ImageLoading
import Plotting
import Support
import Training

struct DataStatsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stats",
    abstract: "Reports what the images of each class have in common besides what they show.",
    usage: "marbles data stats <data> --out <stats.png> [<options>]",
    discussion: """
      Draws how bright and how red, green and blue the pixels of each class are, and
      writes the same values into a table beside the figure. Then it measures the
      accuracy of classifiers that see only the mean color, the size or the
      proportions of an image: a network may rely on the same.

      Example: marbles data stats photos --out stats.png
      """)

  @Argument(help: "The folder of images.", completion: .dataset, transform: inputPath)
  var data: String

  @Option(
    help: ArgumentHelp("The figure to write: .png, .svg or .pdf.", valueName: "stats.png"),
    completion: .figure, transform: filePath)
  var out: String

  @Option(help: "Seed of the cross-validation.") var seed: UInt64 = 1

  @OptionGroup var appearance: LookOptions
  @OptionGroup var write: WriteOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var output: OutputOptions

  /// What `--json` prints.
  private struct Report: Encodable {
    struct Class: Encodable { var name: String, count: Int, meanColor: [Double] }
    var figure: String, table: String?, classes: [Class], classifiers: [ShortcutReport.Row]
  }

  /// The number of levels that a point of the figure stands for.
  private static let binWidth = 8
  /// Images are measured whole, at this size.
  private static let geometry = ImageGeometry(imageSize: 64, fit: .stretch)

  func run() throws {
    let listing = try DatasetLister.list(data)
    var outputs = Outputs(write, data: [listing])
    let (file, table) = try outputs.claim(figure: out)
    let loaded = try loadShowingProgress(
      listing, Self.geometry, threads.workers, quiet: output.quiet)
    let own = loaded.classNames.indices.map(loaded.indices(ofClass:))
    let histograms = PixelQuantity.allCases.map { quantity in
      own.map { loaded.histogram(of: quantity, indices: $0) }
    }
    try table?.write(csv(histograms, loaded.classNames))
    try file.write(figure(histograms, loaded), appearance.look)
    let colors = loaded.images.indices.map(loaded.meanColor(of:))
    let shortcuts = ShortcutReport(loaded, colors: colors, seed: seed)
    let classes = zip(loaded.classNames, own).map { name, indices in
      Report.Class(
        name: name, count: indices.count,
        meanColor: (0..<3).map { channel in
          indices.reduce(0) { $0 + colors[$1][channel] } / Double(max(1, indices.count))
        })
    }
    if output.json {
      Console.output(
        jsonText(
          Report(
            figure: out, table: table?.path, classes: classes, classifiers: shortcuts.rows)))
    } else {
      printText(classes, shortcuts)
      Console.output("\ndrawn in \(out)" + (table.map { ", values in \($0.path)" } ?? ""))
    }
  }

  private func figure(_ histograms: [[[Double]]], _ loaded: LoadedDataset) -> DistributionFigure {
    let panels = zip(PixelQuantity.allCases, histograms).map { quantity, groups in
      DistributionFigure.Panel(
        "pixels by \(quantity.rawValue)",
        groups.map(binned))
    }
    return DistributionFigure(
      title: "How bright and how colored the classes are",
      subtitle: "Fraction of the pixels at each level, from 0, black, to 255 · "
        + "\(loaded.images.count.counted("image")) of \(data.fitted(40))",
      groups: loaded.classNames.map(\.printable), panels: panels, domain: 0...255,
      theme: appearance.theme)
  }

  /// Levels in groups of equal width.
  private func binned(_ parts: [Double]) -> [Double] {
    stride(from: 0, to: parts.count, by: Self.binWidth).map { start in
      parts[start..<start + Self.binWidth].reduce(0, +)
    }
  }

  private func csv(_ histograms: [[[Double]]], _ names: [String]) -> String {
    var rows = [["class", "quantity", "level", "part"]]
    for (quantity, groups) in zip(PixelQuantity.allCases, histograms) {
      for (name, parts) in zip(names, groups) {
        for (level, part) in parts.enumerated() {
          rows.append([name, quantity.rawValue, "\(level)", "\(part)"])
        }
      }
    }
    return csvText(rows)
  }

  private func printText(_ classes: [Report.Class], _ shortcuts: ShortcutReport) {
    let width = max(12, classes.map { $0.name.fitted(24).count }.max() ?? 0)
    Console.output("\("class".left(width))    images  mean red   green    blue")
    for entry in classes {
      let color = entry.meanColor.map { $0.digits(1).right(6) }
      Console.output(
        "\(entry.name.fitted(24).left(width))  \(entry.count.grouped.right(8))    "
          + color.joined(separator: "  "))
    }
    Console.output("\na classifier that sees only  is right    95% interval")
    for row in shortcuts.rows {
      Console.output(
        "\(row.seen.left(27))  \(row.accuracy.percentage().right(8))    "
          + "\(row.lower.percentage()) to \(row.upper.percentage())")
    }
    Console.output(verdict(shortcuts))
  }

  /// What the accuracies mean, in a line.
  private func verdict(_ shortcuts: ShortcutReport) -> String {
    let blind = shortcuts.rows[0].accuracy
    guard let best = shortcuts.rows.dropFirst().max(by: { $0.accuracy < $1.accuracy }),
      best.lower > blind
    else { return "None of these tells the classes apart." }
    let found = best.seen == "all three" ? "these" : "the \(best.seen)"
    return "A network that is right \(best.accuracy.percentage()) of the time "
      + "may have learned no more than \(found)."
  }
}
