import Foundation
import Optimization
import Races
import Support

/// A race as people, spreadsheets and programs read it.
struct RollReport {
  let surface: Surface
  let rolls: [Roll]
  let steps: Int

  private func place(_ place: [Double]) -> String {
    place.map { ($0 == 0 ? 0 : $0).fewDigits }.joined(separator: ", ")
  }

  // MARK: Table

  /// The surface and its formula; a formula of the user's is its own name.
  private var title: String {
    surface.name.hasPrefix("expr:") ? surface.name : "\(surface.name): \(surface.formula)"
  }

  var table: String {
    let start = rolls.first?.trajectory.first?.place ?? surface.start
    var lines = [
      title.fitted(80),
      "start \(place(start)), height \((rolls.first?.trajectory.first?.value ?? 0).fewDigits)"
        + (surface.lowest.map { "; lowest \($0.fewDigits)" } ?? "")
        + "; \(steps.counted("step"))",
      "",
    ]
    let names = rolls.map { "\($0.choice)".fitted(18) }
    let width = max(9, names.map(\.count).max() ?? 0)
    lines.append(
      "   \("optimizer".left(width)) \("rate".right(7))  "
        + "\("ended at".left(18)) \("height".right(9))  result"
    )
    for (index, roll) in rolls.enumerated() {
      guard let last = roll.trajectory.last else { continue }
      lines.append(
        [
          "\(index + 1)".right(2), names[index].left(width),
          (roll.choice.hasRate ? roll.rate.short : "–").right(7) + " ",
          place(last.place).left(18), last.value.fewDigits.right(9) + " ", roll.outcome.words,
        ].joined(separator: " "))
    }
    return lines.joined(separator: "\n")
  }

  /// Every step of every marble in words.
  var explanation: String {
    rolls.enumerated().map { index, roll in
      let head = "\(index + 1) \(roll.choice), learning rate \(roll.rate.short)"
      let steps = roll.explanations.enumerated().map { number, explanation in
        let sample = roll.trajectory[number]
        let lines = explanation.isEmpty ? "" : "\n" + explanation.indented
        return "step \(number + 1): at (\(place(sample.place))), "
          + "height \(sample.value.fewDigits)\(lines)"
      }
      return ([head] + steps).joined(separator: "\n") + "\n"
    }.joined(separator: "\n")
  }

  // MARK: Values

  /// One row for each sample of each trajectory.
  var csv: String {
    let axes = surface.formula.variables
    var rows = [(["marble", "optimizer", "learning_rate", "step"] + axes + ["height", "slope"])]
    for (index, roll) in rolls.enumerated() {
      // Parameters of a choice have commas between them.
      let name = "\(roll.choice)".contains(",") ? "\"\(roll.choice)\"" : "\(roll.choice)"
      for (step, sample) in roll.trajectory.enumerated() {
        rows.append(
          ["\(index + 1)", name, "\(roll.rate)", "\(step)"] + sample.place.map(\.text)
            + [sample.value.text, sample.slope.text])
      }
    }
    return rows.map { $0.joined(separator: ",") }.joined(separator: "\n") + "\n"
  }

  /// What `--json` prints.
  struct Record: Encodable {
    struct Marble: Encodable {
      var optimizer: String, learningRate: Double?
      var end: [Double], height: Double
      var result: String, stepsTaken: Int, stepsToMinimum: Int?
    }
    var surface: String, formula: String
    var start: [Double], lowest: Double?
    var steps: Int
    var marbles: [Marble]
    var figures: [String]
  }

  func record(figures: [String]) -> Record {
    Record(
      surface: surface.name, formula: "\(surface.formula)",
      start: rolls.first?.trajectory.first?.place ?? surface.start, lowest: surface.lowest,
      steps: steps,
      marbles: rolls.map { roll in
        var reached: Int?
        if case .minimum(let step) = roll.outcome { reached = step }
        return Record.Marble(
          optimizer: "\(roll.choice)", learningRate: roll.choice.hasRate ? roll.rate : nil,
          end: roll.trajectory.last?.place ?? [], height: roll.trajectory.last?.value ?? .nan,
          result: roll.outcome.name, stepsTaken: roll.trajectory.count - 1, stepsToMinimum: reached)
      }, figures: figures)
  }
}

extension Double {
  /// Four digits at most, as in 0.02931, 1.2e-05 or 0.
  fileprivate var fewDigits: String { String(format: "%.4g", self == 0 ? 0 : self) }
}

extension String {
  /// Every line a little to the right.
  fileprivate var indented: String {
    split(separator: "\n").map { "  \($0)" }.joined(separator: "\n")
  }
}
