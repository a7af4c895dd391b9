import Tensors
import Testing

@Suite struct RegionTests {
  @Test func `pieces of an arena do not overlap and start at zero`() {
    let arena = Arena(pieces: [3, 20, 1])
    let pieces = [arena.piece(3), arena.piece(20), arena.piece(1)]
    for (number, piece) in pieces.enumerated() {
      #expect(piece.array.allSatisfy { $0 == 0 })
      piece.fill(Float(number + 1))
    }
    #expect(
      pieces.map(\.array)
        == [3, 20, 1].enumerated().map { [Float](repeating: Float($0 + 1), count: $1) })
  }

  @Test func `a part of a region shares its elements`() {
    let region = Arena(pieces: [8]).piece(8)
    region[2..<5][1] = 7
    #expect(region.array == [0, 0, 0, 7, 0, 0, 0, 0])
  }

  @Test func `an index outside a region traps`() async {
    await #expect(processExitsWith: .failure) { _ = Arena(pieces: [8]).piece(8)[8] }
    await #expect(processExitsWith: .failure) { _ = Arena(pieces: [8]).piece(8)[4..<9] }
  }

  @Test func `an arena gives out no more than it reserved`() async {
    await #expect(processExitsWith: .failure) {
      let arena = Arena(pieces: [8])
      _ = arena.piece(8)
      _ = arena.piece(8)
    }
  }

  @Test func `a region outlives the variable that held its arena`() {
    func make() -> FloatRegion {
      let region = Arena(pieces: [1000]).piece(1000)
      region.fill(3)
      return region
    }
    #expect(make().array.reduce(0, +) == 3000)
  }
}

@Suite struct WorkersTests {
  @Test(arguments: [1, 2, 3, 8])
  func `every task runs exactly once`(threads: Int) {
    let counts = Arena(pieces: [1000]).piece(1000)
    Workers(count: threads).run(1000) { task in counts[task] += 1 }
    #expect(counts.array.allSatisfy { $0 == 1 })
  }

  @Test func `the worker's number is below the number of workers`() {
    let seen = Arena(pieces: [100]).piece(100)
    Workers(count: 3).run(100) { task, worker in seen[task] = Float(worker) }
    #expect(seen.array.allSatisfy { (0..<3).contains($0) })
  }

  @Test func `a short loop again and again loses no task`() {
    let sums = Arena(pieces: [4]).piece(4)
    for _ in 0..<20_000 { Workers(count: 4).run(4) { task in sums[task] += 1 } }
    #expect(sums.array == [20_000, 20_000, 20_000, 20_000])
  }

  @Test func `loops within tasks run all of their tasks`() {
    let counts = Arena(pieces: [400]).piece(400)
    Workers(count: 3).run(20) { outer in
      Workers(count: 2).run(20) { inner in counts[20 * outer + inner] += 1 }
    }
    #expect(counts.array.allSatisfy { $0 == 1 })
  }

  @Test func `loops of several threads at once do not mix`() async {
    await withTaskGroup(of: Bool.self) { group in
      for value in 1...6 {
        group.addTask {
          let own = Arena(pieces: [50]).piece(50)
          for _ in 0..<200 { Workers(count: 3).run(50) { task in own[task] += Float(value) } }
          return own.array.allSatisfy { $0 == Float(200 * value) }
        }
      }
      for await isComplete in group { #expect(isComplete) }
    }
  }

  @Test func `no tasks are no work`() {
    Workers(count: 2).run(0) { (_: Int) in Issue.record("a task ran") }
  }
}

@Suite struct SeededGeneratorTests {
  @Test func `one seed gives one sequence`() {
    var a = SeededGenerator(seed: 7, stream: 1, 2)
    var b = SeededGenerator(seed: 7, stream: 1, 2)
    #expect((0..<100).map { _ in a.next() } == (0..<100).map { _ in b.next() })
  }

  @Test func `streams of one seed differ, and the order of their names matters`() {
    let streams: [SeededGenerator] = [
      .init(seed: 7), .init(seed: 8), .init(seed: 7, stream: 1), .init(seed: 7, stream: 2),
      .init(seed: 7, stream: 1, 2), .init(seed: 7, stream: 2, 1), .init(seed: 7, stream: 0),
    ]
    let first = streams.map { stream in
      var generator = stream
      return generator.next()
    }
    #expect(Set(first).count == streams.count)
  }

  @Test func `normal numbers have mean 0 and variance 1`() {
    var generator = SeededGenerator(seed: 3)
    let numbers = (0..<20_000).map { _ in Double(generator.nextNormal()) }
    let mean = numbers.reduce(0, +) / 20_000
    let variance = numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 20_000
    #expect(abs(mean) < 0.03)
    #expect(abs(variance - 1) < 0.05)
  }

  @Test func `uniform numbers fill the unit interval`() {
    var generator = SeededGenerator(seed: 3)
    let numbers = (0..<10_000).map { _ in generator.nextUniform() }
    #expect(numbers.allSatisfy { (0..<1).contains($0) })
    #expect(abs(numbers.reduce(0, +) / 10_000 - 0.5) < 0.02)
  }
}
