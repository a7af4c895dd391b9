import Benchmarking
import Foundation
import Plotting
import Support

/// What `marbles bench scaling` has measured: as JSON, lines, a table and a figure.
struct ScalingReport: Encodable {
  var model: String
  var imageSize: Int, batchSize: Int, threads: Int
  var parameterCount: Int, hosts: Int
  /// From one rank on.
  var results: [ScalingBenchmark.Result]

  /// How many times as fast a number of ranks is as one, for each of them.
  private func efficiency(_ ranks: Int, _ seconds: Double) -> Double {
    results[0].step.median / seconds / Double(ranks)
  }

  /// For people.
  var lines: [String] {
    let hosts = hosts == 1 ? "one host" : "\(hosts) hosts"
    let heads = [
      "\(model) at \(imageSize)×\(imageSize), batch \(batchSize), \(threads.counted("thread")) "
        + "for each rank, \(hosts) · \(parameterCount.grouped) parameters", "",
      row(["ranks", "step ms", "speedup", "efficiency", "communication", "predicted ms", "off by"]),
    ]
    return heads + results.map(row) + [""] + results.dropFirst().map(sentence)
  }

  private func row(_ result: ScalingBenchmark.Result) -> String {
    let time = result.step.median
    return row([
      "\(result.ranks)", time.milliseconds, (results[0].step.median / time).digits(2),
      efficiency(result.ranks, time).percentage(), (result.communication / time).percentage(),
      result.predicted.milliseconds, (result.predicted / time - 1).percentage(),
    ])
  }

  private func row(_ cells: [String]) -> String {
    zip(cells, [5, 9, 8, 11, 14, 13, 9]).map { $0.right($1) }.joined(separator: " ")
  }

  /// What the model is made of.
  private func sentence(_ result: ScalingBenchmark.Result) -> String {
    "\(result.ranks) ranks: \(result.calls.counted("call")) a step bring "
      + "\((Double(result.bytes) / 1e6).digits(2)) MB together; a call takes "
      + "\((result.latency * 1e6).digits(0)) µs, a MB "
      + "\((result.secondsPerByte * 1e12).digits(0)) µs; computing takes "
      + "\(result.crowding.digits(2)) times as long"
  }

  /// The values of the figure as a table.
  var table: [[String]] {
    [
      [
        "ranks", "seconds", "communication", "calls", "bytes", "latency", "seconds_per_byte",
        "crowding", "predicted",
      ]
    ]
      + results.map {
        [
          "\($0.ranks)", $0.step.median.text, $0.communication.text, "\($0.calls)", "\($0.bytes)",
          $0.latency.text, $0.secondsPerByte.text, $0.crowding.text, $0.predicted.text,
        ]
      }
  }

  func figure(theme: Theme) -> AxesFigure {
    func points(_ seconds: (ScalingBenchmark.Result) -> Double) -> [DataPoint] {
      results.map { DataPoint(Double($0.ranks), efficiency($0.ranks, seconds($0))) }
    }
    return .scaling(
      measured: points(\.step.median), predicted: points(\.predicted),
      communication: results.map {
        DataPoint(Double($0.ranks), $0.communication / $0.step.median)
      },
      subtitle: "\(model) at \(imageSize)×\(imageSize), batches of \(batchSize), "
        + "\(threads.counted("thread")) for each rank", theme: theme)
  }
}
