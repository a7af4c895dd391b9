import Foundation
import Plotting
import Statistics
import Support

/// Which methods are told apart, as lines of at most 80 columns, as rows of a figure and for
/// programs.
struct PairedVerdicts {
  let comparison: PairedComparison
  /// One for each method.
  let names: [String]

  /// Two methods, the better one first.
  struct Pair: Codable {
    var first: String, second: String
    /// Images that speak for one of the two.
    var onlyFirst: Int, onlySecond: Int
    var difference: Double, differenceLow: Double, differenceHigh: Double
    var exactP: Double, midP: Double, holmP: Double
    var distinguishable: Bool
    /// Whether the images tell these networks apart, but those of other seeds may differ.
    var needsSeeds: Bool
    /// For 80% power; absent if the two are equally good here.
    var imagesNeeded: Int?
  }

  /// The pairs for programs.
  var pairs: [Pair] {
    comparison.pairs.map { pair in
      Pair(
        first: names[pair.first], second: names[pair.second], onlyFirst: pair.test.onlyFirst,
        onlySecond: pair.test.onlySecond, difference: pair.difference,
        differenceLow: pair.interval.lowerBound, differenceHigh: pair.interval.upperBound,
        exactP: pair.test.exactP, midP: pair.test.midP, holmP: pair.adjustedP,
        distinguishable: pair.isDistinguishable,
        needsSeeds: pair.needsNetworks, imagesNeeded: pair.imagesNeeded)
    }
  }

  // MARK: Text

  /// A line for each pair by the numbers of their ranks, and how to read it.
  var table: [String] {
    guard !comparison.pairs.isEmpty else { return [] }
    let head =
      "pair  " + "points, 95% interval".left(23) + "exact".right(6) + "mid-p".right(7)
      + "Holm".right(7) + "  " + "verdict".left(19) + "images".right(9)
    let lines = comparison.pairs.map { pair in
      let numbers = "\(rank(pair.first)) \(rank(pair.second))"
      let ends =
        "\(Self.points(pair.interval.lowerBound)) to \(Self.points(pair.interval.upperBound))"
      let images =
        if pair.isDistinguishable { "" } else if pair.needsNetworks { "seeds" } else {
          pair.imagesNeeded.map { "~\($0.grouped)" } ?? "equal"
        }
      return
        (numbers.left(6) + "\(Self.points(pair.difference)) (\(ends))".left(23)
        + Self.text(pair.test.exactP).right(6) + Self.text(pair.test.midP).right(7)
        + Self.text(pair.adjustedP).right(7) + "  " + pair.verdict.left(19) + images.right(9))
        .trimmingCharacters(in: .whitespaces)
    }
    let count = comparison.pairs.count
    let note =
      "exact, mid-p: McNemar's test. Holm: mid-p corrected for \(count.counted("pair")), "
      + "distinguishable below \(PairedComparison.level.short). images: about what it takes to "
      + "tell with 80% power if they differ as here (Connor, 1987)."
      + (comparison.pairs.contains(where: \.needsNetworks)
        ? " seeds: the images tell, but the interval over seeds has 0 in it." : "")
    return [head] + lines + [""]
      + note.split(separator: " ").map(String.init).lines(width: 78, separator: " ")
  }

  /// The answer in one sentence.
  var answer: String {
    let best = comparison.ranking[0]
    let name = "\(names[best].fitted(24)) (1)"
    let rivals = comparison.pairs.filter { $0.first == best && !$0.isDistinguishable }
    guard comparison.methods.count > 1 else { return "There is nothing to compare \(name) with." }
    guard !rivals.isEmpty else {
      return comparison.methods.count == 2
        ? "\(name) is better than \(names[comparison.ranking[1]].fitted(24)) (2): distinguishable."
        : "\(name) is better than all others: distinguishable."
    }
    let named = rivals.map { "\(names[$0.second].fitted(24)) (\(rank($0.second)))" }
    let others =
      rivals.count == comparison.methods.count - 1
      ? "any other" : rivals.count > 2 ? "\(rivals.count) others" : named.joined(separator: ", ")
    return comparison.methods.count == 2
      ? "\(name) and \(names[comparison.ranking[1]].fitted(24)) (2) are not distinguishable."
      : "\(name) is best here, but not distinguishable from \(others)."
  }

  private func rank(_ method: Int) -> Int { (comparison.ranking.firstIndex(of: method) ?? 0) + 1 }

  /// A difference of fractions in percentage points, with its sign.
  private static func points(_ difference: Double) -> String {
    let text = (100 * difference).decimal(1)
    return difference > 0 && text != "0.0" ? "+\(text)" : text
  }

  /// A p-value.
  static func text(_ value: Double) -> String {
    value < 0.001 ? "<0.001" : value.digits(3)
  }

  // MARK: Figure

  /// Accuracies with their intervals, the best first.
  func figure(title: String, subtitle: String, footer: String, theme: Theme) -> AccuracyFigure {
    AccuracyFigure(
      title: title, subtitle: subtitle,
      rows: comparison.ranking.map { place in
        let method = comparison.methods[place]
        return AccuracyFigure.Row(
          names[place].printable, accuracy: method.accuracy, lower: method.interval.lowerBound,
          upper: method.interval.upperBound,
          single: method.accuracies.count > 1 ? method.accuracies : [])
      },
      areApart: AccuracyFigure.areApart(
        comparison.pairs.filter(\.isDistinguishable).map { ($0.first, $0.second) },
        among: comparison.ranking), footer: footer, theme: theme)
  }
}

extension PairedComparison.Pair {
  /// The verdict in words.
  var verdict: String { isDistinguishable ? "distinguishable" : "not distinguishable" }
}
