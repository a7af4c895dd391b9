import Foundation
import TestSupport
import Testing
import Training

/// A budgeted run follows the clock, and can be repeated from what it read.
@Suite struct BudgetTests {
  /// Seconds at which a run of steps of some duration reaches its end.
  private func end(
    of total: Double, reserve: Double = 0, secondsPerStep: (_ seconds: Double) -> Double
  ) -> Double {
    var clock = RunClock(total: total)
    clock.reserve = reserve
    var (progress, seconds) = (TrainingState.Progress(), 0.0)
    progress.clock = clock.reading(at: progress, seconds: 0, isForced: true)
    while progress.place ?? 0 < 1, seconds < 10 * total {
      seconds += secondsPerStep(seconds)
      progress.step += 1
      if let reading = clock.reading(at: progress, seconds: seconds, isForced: false) {
        #expect(reading.position >= progress.clock?.position ?? 0)
        progress.clock = reading
      }
    }
    return seconds
  }

  @Test(arguments: [0.01, 0.4, 3, 25], [60.0, 600])
  func `a run ends with its time, however long a step takes`(step: Double, total: Double) {
    let seconds = end(of: total, reserve: 0.1 * total) { _ in step }
    #expect(abs(seconds - 0.9 * total) <= max(0.01 * total, step))
  }

  @Test(arguments: [0.25, 0.5, 2, 4])
  func `a run ends with its time also where the machine changes its speed`(factor: Double) {
    let seconds = end(of: 100) { $0 < 50 ? 0.1 : 0.1 * factor }
    #expect(abs(seconds - 100) < 1)
  }

  @Test func `a step that takes longer than the run ends it, and can be read again`() throws {
    // Nothing is left of the time, as where loading took all of it.
    var clock = RunClock(total: 0)
    var progress = TrainingState.Progress()
    progress.clock = clock.reading(at: progress, seconds: 0, isForced: true)
    progress.step = 1
    let last = clock.reading(at: progress, seconds: 2.8, isForced: true)
    let reading = try #require(last)
    #expect(reading.position == 1 && ClockReading(values: reading.values) == reading)
  }

  @Test func `no part of a run is left out or repeated`() {
    var clock = RunClock(total: 10)
    var progress = TrainingState.Progress()
    progress.clock = clock.reading(at: progress, seconds: 0, isForced: true)
    var places: [Double] = []
    for step in 1...99 {
      progress.step = step
      let seconds = Double(step) * 0.1 + 0.02 * Double(step % 3)
      progress.clock =
        clock.reading(at: progress, seconds: seconds, isForced: false)
        ?? progress.clock
      places.append(progress.place ?? -1)
    }
    #expect(zip(places, places.dropFirst()).allSatisfy { $0 <= $1 && $1 - $0 < 0.02 })
  }

  private func configuration() -> TrainingConfiguration {
    var configuration = Stripes.augmented(epochs: 4)
    configuration.budget = 3
    configuration.imageSizes = ImageSizes("8:0.3,12:0.6,16")
    configuration.mixUntil = 0.7
    configuration.optimizer = .adam
    return configuration
  }

  @Test func `a budgeted run is repeated bit for bit from its readings`() throws {
    let whole = try Rehearsal(configuration())
    let record = try whole.train()
    #expect(record.status == .finished)
    let readings = try CSVTable.read(ClockReading.self, from: whole.directory.clock)
    #expect(try #require(readings.last).position > 0.99)
    let again = try Rehearsal(configuration())
    try again.train(threads: 1, readings: readings)
    #expect(try again.steps() == whole.steps())
    #expect(try again.metrics() == whole.metrics())
    #expect(try again.state().checkpoint.parameters == whole.state().checkpoint.parameters)
    #expect(try CSVTable.read(ClockReading.self, from: again.directory.clock) == readings)
  }

  @Test func `a budgeted run that was stopped is repeated from its readings, too`() throws {
    let parts = try Rehearsal(configuration())
    try parts.train(stopAfter: 40)
    #expect(try parts.state().progress.place ?? 1 < 1)
    try parts.train(resuming: parts.resumePoint())
    let readings = try CSVTable.read(ClockReading.self, from: parts.directory.clock)
    let again = try Rehearsal(configuration())
    try again.train(readings: readings)
    #expect(try again.steps() == parts.steps())
    #expect(try again.state().checkpoint.parameters == parts.state().checkpoint.parameters)
  }

  @Test func `the last network of a budgeted run is validated`() throws {
    let run = try Rehearsal(configuration())
    try run.train()
    let rows = try run.metrics()
    #expect(rows.last?.validationLoss != nil)
    #expect(rows.last?.learningRate ?? 1 < 1e-3)
  }

  @Test(arguments: [
    "", "64,", "0", "64:0.5", "64:0.5,96:0.4,128", "64:0,128", "64:1,128", "a", "64:x,96",
    "64,96:0.5,128", "64:0.5:1,96", "-64,96",
  ])
  func `sizes that are none are refused`(text: String) {
    #expect(ImageSizes(text) == nil)
  }

  @Test func `sizes without places have equal parts of the run`() throws {
    let sizes = try #require(ImageSizes("8,12,16,20"))
    #expect(
      [0, 0.24, 0.25, 0.5, 0.75, 1].map { sizes.stage(at: $0).size } == [8, 8, 12, 16, 20, 20])
    #expect(ImageSizes(sizes.description) == sizes)
  }
}
