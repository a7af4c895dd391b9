import Plotting
import Statistics
import Support
import Tensors

/// Networks that were compared, as text, as a table, as a figure and for programs.
struct NetworkComparisonReport {
  private let judged: ComparedNetworks.Judged
  private let names: [String], files: [String]
  /// The options that it takes to compare them again.
  private let options: [String]
  private let verdicts: PairedVerdicts

  init(
    _ judged: ComparedNetworks.Judged, names: [String], files: [String], seed: UInt64,
    options: [String]
  ) {
    self.judged = judged
    self.names = names
    self.files = files
    self.options = options
    verdicts = PairedVerdicts(
      comparison: PairedComparison(judged.hits.map { [$0] }, seed: seed), names: names)
  }

  private var comparison: PairedComparison { verdicts.comparison }

  /// What `--json` prints, and `comparison.json` of a folder holds.
  struct Summary: Codable {
    struct Network: Codable {
      var name: String, checkpoint: String
      /// What its products multiplied, if that was not float32.
      var precision: Precision?
      var right: Int, accuracy: Double, accuracyLow: Double, accuracyHigh: Double
    }

    var source: String, images: Int
    var notShared: Int, seen: Int, copies: Int, unknown: [String]
    /// The best first.
    var networks: [Network]
    var pairs: [PairedVerdicts.Pair]
    var answer: String
    /// The networks as they were given to the command, and its options.
    var command: [String], version: String
    var files: [String]
  }

  /// - Parameter written: The files in the folder of the comparison.
  func summary(files written: [String]) -> Summary {
    Summary(
      source: judged.source, images: comparison.imageCount, notShared: judged.notShared,
      seen: judged.seen, copies: judged.copies, unknown: judged.unknown,
      networks: comparison.ranking.map { place in
        let method = comparison.methods[place]
        return Summary.Network(
          name: names[place], checkpoint: files[place], precision: judged.precisions[place],
          right: right(place), accuracy: method.accuracy, accuracyLow: method.interval.lowerBound,
          accuracyHigh: method.interval.upperBound)
      }, pairs: verdicts.pairs, answer: verdicts.answer,
      command: ["marbles", "compare"] + files + options, version: Marbles.version, files: written)
  }

  private func right(_ place: Int) -> Int { judged.hits[place].count(where: \.self) }

  /// The images with what each network makes of them, the best network first.
  var hits: NetworkHits {
    NetworkHits(
      names: comparison.ranking.map { names[$0] },
      images: judged.images.enumerated().map { index, image in
        NetworkHits.Image(
          path: image.path, label: image.label,
          hits: comparison.ranking.map { judged.hits[$0][index] })
      })
  }

  func figure(_ theme: Theme) -> AccuracyFigure {
    verdicts.figure(
      title: "Which network is better?", subtitle: verdicts.answer,
      footer:
        "\(comparison.imageCount.counted("image")) of \(judged.source.printable) · 95% intervals",
      theme: theme)
  }

  /// At most 80 columns.
  var text: String {
    let left = [
      (judged.notShared, "not held out by all"), (judged.seen, "used in training by one"),
      (judged.copies, "copies"),
    ].filter { $0.0 > 0 }.map { "\($0.0.grouped) \($0.1)" }
    var lines = ["\(comparison.imageCount.counted("image")) of \(judged.source.fitted(60))"]
    if !left.isEmpty { lines.append("left out: " + left.joined(separator: ", ")) }
    if !judged.unknown.isEmpty {
      lines.append(
        "nobody knows what these were trained on: "
          + judged.unknown.map { $0.fitted(36) }.joined(separator: ", "))
    }
    let rounded = names.indices.filter { judged.precisions[$0] == .bfloat16 }
    if !rounded.isEmpty {
      lines.append(
        "measured in bfloat16: " + rounded.map { names[$0].fitted(36) }.joined(separator: ", "))
    }
    let width = min(38, max(9, names.map(\.count).max() ?? 0))
    lines += ["", "    " + "network".left(width) + "  accuracy   95% interval          right"]
    for (rank, place) in comparison.ranking.enumerated() {
      let method = comparison.methods[place]
      let ends =
        "\(method.interval.lowerBound.percentage()) to \(method.interval.upperBound.percentage())"
      lines.append(
        "\(rank + 1)".left(4) + names[place].fitted(width).left(width)
          + "  " + method.accuracy.percentage().right(8) + "   " + ends.left(16)
          + right(place).grouped.right(10))
    }
    return
      (lines + [""] + verdicts.table + [""]
      + verdicts.answer.split(separator: " ").map(String.init).lines(width: 78, separator: " "))
      .joined(separator: "\n")
  }
}
