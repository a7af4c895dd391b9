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
    return records.map(shortName)
  }

  /// The names of runs for a legend; nil if their labels are their names.
  static func names(of records: [RunRecord], beside labels: [String]) -> [String]? {
    let names = records.map(shortName)
    return names == labels ? nil : names
  }

  /// The name of a run, or its end: names that training gives begin with the time and end with what
  /// is their own.
  private static func shortName(_ record: RunRecord) -> String {
    record.name.count <= labelLength ? record.name : "…\(record.name.suffix(labelLength / 2))"
  }

  /// The layers of each architecture without those at its beginning and end that all have, and of
  /// architectures of one length without those at any other place that all have.
  private static func ownLayers(_ architectures: [String]) -> [String] {
    func sharedCount(_ lists: [[Substring]]) -> Int {
      (0..<(lists.map(\.count).min() ?? 0)).prefix { place in
        lists.allSatisfy { $0[place] == lists[0][place] }
      }.count
    }
    let layers = architectures.map { $0.split(separator: ", ") }
    let rests = layers.map { Array($0.dropFirst(sharedCount(layers))) }
    let end = sharedCount(rests.map { $0.reversed() })
    let own = rests.map { Array($0.dropLast(end)) }
    guard own.allSatisfy({ $0.count == own[0].count }) else {
      return own.map { $0.joined(separator: ", ") }
    }
    let differing = own[0].indices.filter { place in
      !own.allSatisfy { $0[place] == own[0][place] }
    }
    return own.map { layers in differing.map { layers[$0] }.joined(separator: ", ") }
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
    let layers = ownLayers(records.map(\.configuration.architecture))
    return records.indices.map { index in
      let (record, parameters) = (records[index], parameters[index])
      let choices = record.configuration
      let own = parameters.filter { !shared.contains($0) }.joined(separator: ",")
      return [
        choices.optimizer.name + (own.isEmpty ? "" : ":\(own)"),
        "rate \(Double(choices.learningRate).short)",
        choices.model ?? (layers[index].isEmpty ? "fewer layers" : layers[index].fitted(24)),
        "\(choices.objective)",
        "\(choices.schedule)", "batch \(choices.batchSize)", "\(choices.imageSize) pixels",
        "\(choices.augmentation == .none ? "no" : "\(choices.augmentation)") augmentation",
        "\(record.trainingCount.grouped) images", "seed \(choices.seed)",
      ]
    }
  }
}
