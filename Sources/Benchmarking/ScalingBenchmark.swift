internal import Foundation
internal import Support
package import Tensors

/// Training steps in several processes: how long they take, and what a model predicts.
///
/// The model adds computing and communication. Computing is that of one process, of which the
/// divided part shrinks, times how much slower processes compute while others do. Each call that
/// brings memory together takes α, and β for each byte.
///
/// - Source: the model of α and β is that of Hockney, "The communication challenge for MPP", 1994.
package struct ScalingBenchmark {
  /// Makes the benchmark of a step for some workers.
  private let benchmark: (Workers) -> StepBenchmark
  private let threads: Int
  private let seconds: Double
  /// What one process computes, once measured.
  private var alone: Alone?

  /// One process by itself.
  private struct Alone: Codable {
    /// Seconds of a step: of the layers whose images are divided, and of the rest.
    var divided: Double, undivided: Double
    /// Steps that are measured.
    var steps: Int

    var total: Double { divided + undivided }
  }

  /// What is measured with some processes.
  package struct Result: Encodable {
    package let ranks: Int
    /// Seconds of a step.
    package let step: Timing
    /// Seconds of a step in which a process waits for memory of others, median of the steps and
    /// mean of the processes.
    package let communication: Double
    /// Calls of a step, and the bytes they bring together.
    package let calls: Int, bytes: Int
    /// α, seconds; β, seconds per byte brought together.
    package let latency: Double, secondsPerByte: Double
    /// How many times as long the slowest process computes as it would alone.
    package let crowding: Double
    /// What the model says of a step, seconds, and how much of it is communication.
    package let predicted: Double, predictedCommunication: Double
  }

  /// Creates a benchmark.
  ///
  /// - Parameters:
  ///   - threads: Of each process.
  ///   - seconds: About how long each number of processes is measured.
  ///   - benchmark: Makes the benchmark of a step, always the same one.
  package init(
    threads: Int, seconds: Double, benchmark: @escaping (Workers) -> StepBenchmark
  ) {
    (self.threads, self.seconds, self.benchmark) = (threads, seconds, benchmark)
  }

  /// Measures one process.
  package mutating func measureAlone() -> Result {
    let alone = benchmark(Workers(count: threads))
    let result = alone.train(for: seconds)
    let end = alone.division().firstUndividedLayer
    let divided = result.forward[..<end].reduce(0, +) + result.backward[..<end].reduce(0, +)
    let median = result.timing.median
    self.alone = Alone(
      divided: min(divided, median), undivided: max(0, median - divided),
      steps: min(1000, max(5, Int(seconds / median))))
    return Result(
      ranks: 1, step: result.timing, communication: 0, calls: 0, bytes: 0, latency: 0,
      secondsPerByte: 0, crowding: 1, predicted: median, predictedCommunication: 0)
  }

  /// Measures processes together; all of them call it, the first one after it was measured alone.
  ///
  /// - Throws: `DecodingError` if the first process is of another version.
  package func measure(_ group: any ProcessGroup) throws -> Result {
    let known = group.first(Array(jsonText(alone).utf8))
    guard let alone = try jsonDecoder().decode(Alone?.self, from: Data(known)) else {
      preconditionFailure("processes together before one of them alone")
    }
    // Each by itself, all at the same time.
    _ = group.any(false)
    let crowded = benchmark(Workers(count: threads)).train(steps: alone.steps).timing.median
    let latency = Self.seconds(toGather: 8 * group.count, group)
    let (small, large) = (1 << 20, 1 << 23)
    let perByte =
      (Self.seconds(toGather: large, group) - Self.seconds(toGather: small, group))
      / Double(large - small)
    let counting = CountingGroup(group)
    let shared = benchmark(Workers(count: threads, processes: counting))
    _ = group.any(false)
    let steps = shared.train(steps: alone.steps)
    let unmeasured = StepBenchmark.unmeasuredSteps
    let calls = counting.calls
    let perStep = calls.count / (alone.steps + unmeasured.before + unmeasured.after)
    let waits = (0..<alone.steps).map { step in
      calls[(unmeasured.before + step) * perStep..<(unmeasured.before + step + 1) * perStep]
        .reduce(0) { $0 + $1.seconds }
    }
    // Of all processes, in one order.
    let all = try group.all(
      Array(
        jsonText([
          crowded, Timing(waits).median, Double(shared.division().ownImages),
        ]).utf8)
    ).map { try jsonDecoder().decode([Double].self, from: Data($0)) }
    func largest(_ index: Int) -> Double { all.map { $0[index] }.max() ?? 0 }
    let crowding = max(1, largest(0) / alone.total)
    let share = largest(2) / Double(shared.batchSize)
    let bytes = calls.prefix(perStep).reduce(0) { $0 + $1.bytes }
    let communication = Double(perStep) * latency + Double(bytes) * max(0, perByte)
    return Result(
      ranks: group.count, step: steps.timing,
      communication: all.reduce(0) { $0 + $1[1] } / Double(group.count), calls: perStep,
      bytes: bytes, latency: latency, secondsPerByte: max(0, perByte), crowding: crowding,
      predicted: crowding * (alone.undivided + alone.divided * share) + communication,
      predictedCommunication: communication)
  }

  /// The median time in which processes bring as many bytes together.
  private static func seconds(toGather count: Int, _ group: any ProcessGroup) -> Double {
    let arena = Arena(pieces: [count / 4])
    let region = arena.piece(count / 4)
    let ends = (1...group.count).map { region.count * $0 / group.count }
    group.gather(region, ends: ends)
    return Timing(.repetitions(count < 1 << 16 ? 200 : 20)) { group.gather(region, ends: ends) }
      .median
  }
}
