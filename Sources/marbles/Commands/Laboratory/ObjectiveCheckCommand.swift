import ArgumentParser
import Foundation
import ObjectiveFigures
import Optimization
import Support
import Training

struct ObjectiveCheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Checks which properties of a distance objectives have.",
    usage: "marbles objective check [<objective> ...] [<options>]",
    discussion: """
      Every "no" comes with a counterexample found by search. A "yes" means that none
      was found, which is not a proof. Convexity and slope are with respect to the
      output of a network: a number, logits or scores. Without names, prints a table.

      Example: marbles objective check mse huber cross-entropy
      """)

  @Argument(
    help: "Objectives, or \(DistanceCheck.others.joined(separator: ", ")).",
    completion: .objectives)
  var names: [String] = []

  @OptionGroup var output: OutputOptions

  /// What `--json` prints for each.
  private struct Report: Encodable {
    var objective: String, compares: String, isMetric: Bool, slopeError: Double
    var verdicts: [DistanceCheck.Verdict]
  }

  func run() throws {
    let wanted =
      names.isEmpty ? ObjectiveCatalogue.standard.allNames + DistanceCheck.others : names
    let checks = try wanted.map { name in
      if let other = DistanceCheck(other: name) { return other }
      let objective = try ObjectiveChoice(name)
      _ = try ObjectivePlot(drawing: [objective], over: .margin)
      return DistanceCheck(objective)
    }
    if output.json {
      Console.output(
        jsonText(
          checks.map {
            Report(
              objective: $0.name, compares: $0.domain, isMetric: $0.isMetric,
              slopeError: $0.slopeError,
              verdicts: $0.verdicts)
          }))
    } else if names.isEmpty {
      Console.output(table(checks))
    } else {
      Console.output(checks.map(details).joined(separator: "\n\n"))
    }
  }

  private func details(_ check: DistanceCheck) -> String {
    var lines = ["\(check.name), comparing \(check.domain)"]
    for verdict in check.verdicts {
      lines.append("  \(verdict.property.rawValue.left(24))\(verdict.holds ? "yes" : "no")")
      lines += (verdict.counterExample ?? "").folded(width: 76).map { "    \($0)" }
    }
    lines.append("  slope: differs from finite differences by at most \(check.slopeError.short)")
    lines.append("  so \(check.conclusion)")
    return lines.joined(separator: "\n")
  }

  private func table(_ checks: [DistanceCheck]) -> String {
    let columns = ["≥ 0", "0 if =", "symmetry", "triangle", "convex", "bounded"]
    let width = (checks.map(\.name.count).max() ?? 0) + 1
    let header = String(repeating: " ", count: width) + columns.map { $0.right(9) }.joined()
    let rows = checks.map { check in
      check.name.left(width)
        + check.verdicts.map { ($0.holds ? "yes" : "no").right(9) }.joined()
        + (check.isMetric ? " *" : "")
    }
    return ([header] + rows).joined(separator: "\n")
      + "\n\n* a metric. Name objectives to see a counterexample for every \"no\"."
  }
}

extension String {
  /// Broken before the relation in the middle if it is too long for a line.
  fileprivate func folded(width: Int) -> [String] {
    guard !isEmpty else { return [] }
    guard count > width, let middle = range(of: " > ") else { return [self] }
    return [String(self[..<middle.lowerBound]), "  " + self[middle.lowerBound...].dropFirst()]
  }
}
