import Synchronization
import Tensors
import TestSupport
import Testing
import Training

/// Tasks that processes take in turns.
@Suite struct SharedTaskTests {
  private struct Wrong: Error, Equatable { let task: Int }

  /// In a group of threads: what each process gets, and which tasks it has carried out.
  private func share(_ count: Int, _ taskCount: Int) -> [(results: [Double]?, own: [Int])] {
    ThreadGroup.run(count) { group in
      var own: [Int] = []
      let results = try? Workers(count: 1, processes: group).shareTasks(taskCount) { task in
        own.append(task)
        return task == 1 ? Double.nan : 1 / Double(task)
      }
      return (results, own)
    }
  }

  @Test(arguments: 1...4) func `each task has one process, and all have all results`(
    count: Int
  ) throws {
    let shares = share(count, 6)
    #expect(shares.flatMap(\.own).sorted() == Array(0..<6))
    for (results, own) in shares {
      let results = try #require(results)
      #expect(results.map(\.bitPattern).count == 6 && results[1].isNaN)
      #expect(results[0] == .infinity && results[3] == 1.0 / 3)
      #expect(own.count == 6 / count || own.count == 6 / count + 1)
    }
  }

  @Test func `a process tells its own results as they come, those of others at the end`() throws {
    let told = ThreadGroup.run(2) { group in
      var told: [String] = []
      let workers = Workers(count: 1, processes: group)
      _ = try? workers.shareTasks(4, ended: { told.append("\($0)") }) { task -> Int in
        told.append("begins \(task)")
        return task
      }
      return told
    }
    #expect(told[0] == ["begins 0", "0", "begins 2", "2", "1", "3"])
    #expect(told[1] == ["begins 1", "1", "begins 3", "3", "0", "2"])
  }

  @Test func `what fails in one process is told apart from what fails in all`() {
    #expect(throws: Wrong(task: 2)) {
      try Workers(count: 1).shareTasks(3) { task in
        if task == 2 { throw Wrong(task: task) }
        return task
      }
    }
    let failed = ThreadGroup.run(1) { group in
      Result {
        try Workers(count: 1, processes: group).shareTasks(3) { task in
          if task == 2 { throw Wrong(task: task) }
          return task
        }
      }
    }
    #expect {
      try failed[0].get()
    } throws: {
      ($0 as? TaskFailure)?.reason as? Wrong == Wrong(task: 2)
    }
  }

  @Test func `what the first process does is done once, and its failure ends all`() {
    let count = Mutex(0)
    let done = ThreadGroup.run(3) { group in
      try? Workers(count: 1, processes: group).onFirst { count.withLock { $0 += 1 } }
    }
    #expect(done.count { $0 != nil } == 1 && count.withLock { $0 } == 1)
    let failed = ThreadGroup.run(3) { group in
      Result { try Workers(count: 1, processes: group).onFirst { throw Wrong(task: 0) } }
    }
    #expect(throws: Wrong(task: 0)) { try failed[0].get() }
    for other in failed.dropFirst() { #expect(throws: FirstProcessFailed.self) { try other.get() } }
  }
}
