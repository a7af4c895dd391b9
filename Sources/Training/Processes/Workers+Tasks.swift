internal import Foundation
internal import Support
package import Tensors

// Work that several processes share, but not image by image.
extension Workers {
  /// Processes that share the work.
  package var processCount: Int { processes?.count ?? 1 }

  /// A value of the first process, on all of them.
  ///
  /// - Throws: `DecodingError` if the first process is of another version.
  package func first<Value: Codable>(_ value: Value) throws -> Value {
    try processes?.first(value) ?? value
  }

  /// What the first process does for all, before the others go on.
  ///
  /// - Returns: Nil in the other processes.
  /// - Throws: What `body` throws; in the other processes `FirstProcessFailed`.
  package func onFirst<Value>(_ body: () throws -> Value) throws -> Value? {
    guard let processes else { return try body() }
    let outcome = processes.leads ? Result { try body() } : nil
    let hasFailed = if case .failure = outcome { true } else { false }
    if processes.any(hasFailed), !processes.leads { throw FirstProcessFailed() }
    return try outcome?.get()
  }

  /// Carries out tasks that do not depend on each other; processes take them in turns, each by
  /// itself with its own threads.
  ///
  /// - Parameters:
  ///   - ended: Is told each result, those of other processes after all tasks.
  ///   - body: Carries out a task.
  /// - Returns: The results in the order of the tasks, the same in all processes.
  /// - Throws: What `body` throws; of one of several processes as `TaskFailure`.
  package func shareTasks<Value: Codable>(
    _ taskCount: Int, ended: (Value) -> Void = { _ in }, _ body: (_ task: Int) throws -> Value
  ) throws -> [Value] {
    func carryOut(_ task: Int) throws -> Value {
      let value = try body(task)
      ended(value)
      return value
    }
    guard let processes else { return try (0..<taskCount).map(carryOut) }
    var own: [Value] = []
    do {
      own = try stride(from: processes.rank, to: taskCount, by: processes.count).map(carryOut)
    } catch {
      throw TaskFailure(reason: error)
    }
    let all = try processes.all(Array(jsonText(own).utf8)).map {
      try jsonDecoder().decode([Value].self, from: Data($0))
    }
    return (0..<taskCount).map { task in
      let (turn, rank) = task.quotientAndRemainder(dividingBy: processes.count)
      if rank != processes.rank { ended(all[rank][turn]) }
      return all[rank][turn]
    }
  }
}

/// The failure of a task, which the other processes do not meet.
package struct TaskFailure: Error {
  /// What went wrong.
  package let reason: any Error
}

/// What the first process did for all has failed, which it reports itself.
package struct FirstProcessFailed: Error {}
