import Foundation
import Optimization
import Support
import Training

extension RunFigures {
  /// What tells runs apart in a figure: the choices in which they differ, else their names.
  static func labels(of records: [RunRecord]) -> [String] {
    guard records.count > 1 else { return records.map(\.configuration.optimizer.name) }
    let facts = records.map(facts)
    let differing = facts[0].indices.filter { index in Set(facts.map { $0[index] }).count > 1 }
    let labels = facts.map { facts in differing.map { facts[$0] }.joined(separator: ", ") }
    return zip(labels, records).map { label, record in
      let isUnique = labels.count { $0 == label } == 1
      return isUnique ? label : [label, record.name].filter { !$0.isEmpty }.joined(separator: ", ")
    }
  }

  /// The choices that runs are compared by, in order of interest.
  private static func facts(_ record: RunRecord) -> [String] {
    let choices = record.configuration
    let name = choices.optimizer.name
    let parameters = "\(choices.optimizer)".dropFirst(name.count)
    return [
      name + parameters, "rate \(Double(choices.learningRate).short)",
      choices.model ?? choices.architecture.fitted(24), "\(choices.objective)",
      "\(choices.schedule)", "batch \(choices.batchSize)", "\(choices.imageSize) pixels",
      "\(choices.augmentation) augmentation",
      "\(record.trainingCount.grouped) images", "seed \(choices.seed)",
    ]
  }
}
