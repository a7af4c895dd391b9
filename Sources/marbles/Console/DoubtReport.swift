import ImageLoading
import Plotting
import Statistics
import Support
import Training

/// Images, and what networks that have not seen their labels say of them.
struct JudgedImages {
  let loaded: LoadedDataset
  /// The images that were judged.
  let indices: [Int]
  /// For each of them, one for each class.
  let logits: [Float]
  /// In the order of the logits.
  let classes: [String]
  /// Rows and columns of the images, pixels.
  let imageSize: Int
  let source: String
  let networkCount: Int
}

/// Images whose label is likely wrong: as text, as a table, as a sheet and for programs.
struct DoubtReport {
  /// An image, and what speaks against its label.
  private struct Row {
    var index: Int, path: String
    var label: Int, likely: Int
    /// Of the label, and of the class it is likely of.
    var probability: Double, likelyProbability: Double
    /// Whether it is confidently of another class than its label.
    var isDoubted: Bool
  }

  /// What `--json` prints.
  struct Summary: Encodable {
    struct Image: Encodable {
      var path: String, label: String, likely: String
      var labelProbability: Double, likelyProbability: Double
    }

    var images: Int, networks: Int, accuracy: Double, doubted: Int
    var classes: [String], joint: [[Int]], thresholds: [Double?]
    var listed: [Image]
    var figures: [String]
  }

  private let judged: JudgedImages
  private let learning: ConfidentLearning
  private let doubtedCount: Int
  /// Judged images whose most probable class is their label.
  private let agreeing: Int
  /// Those that are listed, the most doubtful first.
  private let rows: [Row]

  /// Doubts labels.
  ///
  /// - Parameter count: Images to list; nil for those that are doubted.
  init(_ judged: JudgedImages, count: Int?) {
    let classCount = judged.classes.count
    let labels = judged.indices.map { index in
      let name = judged.loaded.classNames[judged.loaded.images[index].classIndex]
      return judged.classes.firstIndex(of: name) ?? 0
    }
    let probabilities = judged.indices.indices.map { place in
      Prediction(
        classes: judged.classes,
        logits: Array(judged.logits[place * classCount..<(place + 1) * classCount])
      ).probabilities.map(Double.init)
    }
    let learning = ConfidentLearning(labels: labels, probabilities: probabilities)
    let doubted = learning.doubted
    let isDoubted = Set(doubted)
    self.judged = judged
    self.learning = learning
    doubtedCount = doubted.count
    agreeing = zip(labels, probabilities).count { label, row in
      row.allSatisfy { $0 <= row[label] }
    }
    rows = (count.map { Array(learning.ranking.prefix($0)) } ?? doubted).map { place in
      let row = probabilities[place]
      let others = row.indices.filter { $0 != labels[place] }
      let likely = others.max { row[$0] < row[$1] } ?? labels[place]
      return Row(
        index: judged.indices[place], path: judged.loaded.images[judged.indices[place]].path,
        label: labels[place], likely: likely, probability: row[labels[place]],
        likelyProbability: row[likely], isDoubted: isDoubted.contains(place))
    }
  }

  // MARK: Forms

  /// The table, its head first.
  var table: [[String]] {
    [["path", "label", "likely", "label_probability", "likely_probability", "doubted"]]
      + rows.map {
        [
          $0.path, judged.classes[$0.label], judged.classes[$0.likely], $0.probability.text,
          $0.likelyProbability.text, $0.isDoubted ? "true" : "false",
        ]
      }
  }

  func summary(figures: [String]) -> Summary {
    Summary(
      images: judged.indices.count, networks: judged.networkCount,
      accuracy: Double(agreeing) / Double(max(1, judged.indices.count)), doubted: doubtedCount,
      classes: judged.classes, joint: learning.joint, thresholds: learning.thresholds,
      listed: rows.map {
        Summary.Image(
          path: $0.path, label: judged.classes[$0.label], likely: judged.classes[$0.likely],
          labelProbability: $0.probability, likelyProbability: $0.likelyProbability)
      }, figures: figures)
  }

  /// Images of a pair of classes in the sheet.
  private static let mostInSheet = 24

  /// The images by what they are labeled and what they are likely of, the fullest pair first.
  ///
  /// - Throws: `DatasetError.changed` when a file has changed since it was judged.
  func sheet(size: Int, theme: Theme) throws -> ContactSheet {
    let pairs = Dictionary(grouping: rows) { [$0.label, $0.likely] }
      .sorted { ($1.value.count, $0.key[0], $0.key[1]) < ($0.value.count, $1.key[0], $1.key[1]) }
    let sheets = try pairs.map { pair, rows in
      let names = pair.map { judged.classes[$0].printable }
      let shown = Array(rows.prefix(Self.mostInSheet))
      let hidden = rows.count - shown.count
      let bitmaps = try judged.loaded.bitmaps(at: shown.map(\.index), imageSize: size)
      return ContactSheet.Row(
        "labeled \(names[0]), likely \(names[1])"
          + (hidden > 0 ? " · the first \(shown.count), \(hidden) more in the table" : ""),
        zip(shown, bitmaps).map { row, bitmap in
          ContactSheet.Thumbnail(
            bitmap,
            caption: (row.path.split(separator: "/").last.map(String.init) ?? "").fitted(40))
        })
    }
    return ContactSheet(
      title: rows.isEmpty ? "No label is doubted" : "Labels to look at",
      subtitle: "\(verdict) · \(judged.source.fitted(60))", rows: sheets, theme: theme)
  }

  // MARK: Words

  private var verdict: String {
    "\(doubtedCount.grouped) of \(judged.indices.count.counted("label")) doubted"
  }

  /// If more labels than this fraction are doubted, networks are doubted first.
  private static let mostBelievable = 0.15
  /// Rows on the terminal.
  private static let mostShown = 10

  /// The most doubtful images, and what to do.
  var text: String {
    let count = judged.indices.count
    var lines = [
      "\(count.counted("image")) judged by "
        + "\(judged.networkCount.counted("network")) that had not seen them",
      "agree     \((Double(agreeing) / Double(max(1, count))).percentage()) with their label",
      "doubted   \(doubtedCount.grouped) "
        + "(\((Double(doubtedCount) / Double(max(1, count))).percentage()))",
    ]
    if Double(doubtedCount) > Self.mostBelievable * Double(count) {
      lines.append(
        "          too many to be wrong labels: the networks know too little; give a longer\n"
          + "          --budget, or look at the first ones only")
    }
    if !rows.isEmpty {
      lines += ["", "\("image".left(37))  \("label".left(12))  \("likely".left(12))  sure"]
      lines += rows.prefix(Self.mostShown).map { row in
        [
          row.path.fitted(37).left(37), judged.classes[row.label].fitted(12).left(12),
          judged.classes[row.likely].fitted(12).left(12), row.likelyProbability.percentage(),
        ].joined(separator: "  ")
      }
      if rows.count > Self.mostShown {
        lines.append("and \((rows.count - Self.mostShown).grouped) more in the table")
      }
      lines += [
        "",
        "Look at them: a hard image is doubted as well as a wrong label. What remains",
        "in the table is left out by 'marbles train --exclude'.",
      ]
    }
    return lines.joined(separator: "\n")
  }
}
