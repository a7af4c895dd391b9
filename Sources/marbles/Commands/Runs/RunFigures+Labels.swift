import Foundation
import ImageLoading
import Optimization
import Support
import Training

extension RunFigures {
  /// Characters of a label that a figure has room for.
  static let labelLength = 26

  /// What tells runs apart in a figure: the choices in which they differ, else their names.
  ///
  /// Where all of them are too long, as few as tell the runs apart.
  static func labels(of records: [RunRecord]) -> [String] {
    guard records.count > 1 else { return records.map(\.configuration.optimizer.name) }
    let facts = facts(of: records)
    let differing = facts[0].indices.filter { index in Set(facts.map { $0[index] }).count > 1 }
    let whole = labels(facts, differing, records)
    guard whole.contains(where: { $0.count > labelLength }) else { return whole }
    let few = labels(facts, sufficient(differing, of: facts), records)
    guard few.contains(where: { $0.count > labelLength }) else { return few }
    return records.map { $0.name.fitted(labelLength) }
  }

  /// Labels of these facts; those that several runs have are followed by the run's name.
  private static func labels(
    _ facts: [[String]], _ chosen: [Int], _ records: [RunRecord]
  ) -> [String] {
    let labels = facts.map { facts in chosen.map { facts[$0] }.joined(separator: ", ") }
    return zip(labels, records).map { label, record in
      let isUnique = labels.count { $0 == label } == 1
      return isUnique ? label : [label, record.name].filter { !$0.isEmpty }.joined(separator: ", ")
    }
  }

  /// The facts without those that tell no more runs apart than the ones before them.
  private static func sufficient(_ differing: [Int], of facts: [[String]]) -> [Int] {
    differing.reduce(into: [Int]()) { chosen, index in
      func distinct(_ indices: [Int]) -> Int {
        Set(facts.map { row in indices.map { row[$0] } }).count
      }
      if distinct(chosen + [index]) > distinct(chosen) { chosen.append(index) }
    }
  }

  /// The choices that runs are compared by, in order of interest.
  private static func facts(of records: [RunRecord]) -> [[String]] {
    let parameters = records.map { record in
      "\(record.configuration.optimizer)".split(separator: ":", maxSplits: 1).dropFirst()
        .flatMap { $0.split(separator: ",").map(String.init) }
    }
    let shared = parameters.dropFirst().reduce(Set(parameters[0])) { $0.intersection($1) }
    return zip(records, parameters).map { record, parameters in
      let choices = record.configuration
      let own = parameters.filter { !shared.contains($0) }.joined(separator: ",")
      return [
        choices.optimizer.name + (own.isEmpty ? "" : ":\(own)"),
        "rate \(Double(choices.learningRate).short)",
        choices.model ?? choices.architecture.fitted(24), "\(choices.objective)",
        "\(choices.schedule)", "batch \(choices.batchSize)", "\(choices.imageSize) pixels",
        "\(choices.augmentation == .none ? "no" : "\(choices.augmentation)") augmentation",
        "\(record.trainingCount.grouped) images", "seed \(choices.seed)",
      ]
    }
  }
}
