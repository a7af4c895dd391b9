import Foundation
import ImageLoading
import Tensors
import TestSupport
import Testing
import Training

/// The norms of layers in `layers.csv`.
@Suite struct LayerRecordTests {
  private func rows(_ rehearsal: Rehearsal) throws -> [LayerRecord] {
    try CSVTable.read(LayerRecord.self, from: rehearsal.directory.layers)
  }

  @Test func `few steps of a long run are measured, the first ones all`() {
    let due = (1...1_000_000).filter { LayerRecord.isDue(atStep: $0) }
    #expect(Array(due.prefix(64)) == Array(1...64))
    #expect(due.count < 600)
    for (step, next) in zip(due, due.dropFirst()) { #expect(next - step <= max(1, step / 32)) }
  }

  @Test func `norms are those of the arrays before the step, its gradient and its change`() throws {
    let rehearsal = try Rehearsal(Stripes.configuration(epochs: 1))
    try rehearsal.train(stopAfter: 1)
    let before = try Checkpoint(contentsOf: rehearsal.directory.bestCheckpoint).parameters
    let after = try Checkpoint(contentsOf: rehearsal.directory.lastCheckpoint).parameters
    let rows = try rows(rehearsal)
    let arrays = before.layout.slots.indices.filter { before.layout.slots[$0].shape.count > 1 }
    #expect(rows.map(\.array) == arrays && rows.allSatisfy { $0.step == 1 })
    for row in rows {
      let (old, new) = (before[slot: row.array], after[slot: row.array])
      let size = old.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
      let change = zip(old, new).reduce(0) { $0 + pow(Double($1.1) - Double($1.0), 2) }
      #expect(abs(row.parameterNorm - size) < 1e-5 * size)
      #expect(abs(row.updateNorm - change.squareRoot()) < 1e-5 * change.squareRoot())
    }
    // The norm of all is at least that of its parts.
    let squares = rows.reduce(0) { $0 + $1.gradientNorm * $1.gradientNorm }
    let whole = try #require(rehearsal.steps().first).gradientNorm
    #expect(squares > 0 && squares <= whole * whole * (1 + 1e-6))
  }

  @Test(arguments: [12, 8, 1])
  func `a resumed run has the rows of one that was never stopped`(stop: Int) throws {
    let whole = try Rehearsal(Stripes.configuration(epochs: 3))
    try whole.train(threads: 1)
    let parts = try Rehearsal(Stripes.configuration(epochs: 3))
    try parts.train(stopAfter: stop)
    // What a kill leaves behind the saved state is written again.
    let path = parts.directory.layers
    let extra = "\(stop + 1),0,1.5,1.5,1.5\n\(stop + 1),4,0."
    try Data((String(contentsOfFile: path, encoding: .utf8) + extra).utf8)
      .write(to: URL(filePath: path))
    try parts.train(resuming: parts.resumePoint())
    #expect(
      try String(contentsOfFile: path, encoding: .utf8)
        == String(contentsOfFile: whole.directory.layers, encoding: .utf8))
    #expect(try rows(parts).last?.step == 18)
  }

  @Test func `a run that began without the table goes on and has later rows`() throws {
    let run = try Rehearsal(Stripes.configuration(epochs: 2))
    try run.train(stopAfter: 6)
    try FileManager.default.removeItem(atPath: run.directory.layers)
    try run.train(resuming: run.resumePoint())
    #expect(try rows(run).first?.step == 7)
    #expect(try rows(run).last?.step == 12)
  }

  @Test func `a table into which somebody has written is not written anew`() throws {
    let run = try Rehearsal(Stripes.configuration(epochs: 2))
    try run.train(stopAfter: 6)
    let path = run.directory.layers
    let text = try String(contentsOfFile: path, encoding: .utf8) + "# mine\n"
    try Data(text.utf8).write(to: URL(filePath: path))
    #expect(throws: TrainingError.self) { try run.train(resuming: run.resumePoint()) }
    #expect(try String(contentsOfFile: path, encoding: .utf8) == text)
  }
}

@Suite struct LayerHealthTests {
  /// Rows of two arrays and a head: ratios of change, and gradients for weights of norm 1.
  private func summary(
    _ ratios: (Double, Double), gradients: (Double, Double) = (1, 1)
  ) -> String {
    let rows = (1...8).flatMap { step in
      [
        (0, ratios.0, gradients.0), (2, ratios.1, gradients.1), (4, ratios.1, 1e5),
      ].map { array, ratio, gradient in
        LayerRecord(
          step: step, array: array, parameterNorm: 1, gradientNorm: gradient, updateNorm: ratio)
      }
    }
    return LayerHealth(rows, names: [0: "0 conv", 2: "4 conv", 4: "6 dense"]).summary
  }

  @Test func `a row counts for the steps since the one before it`() {
    let rows = [1, 2, 3, 4, 5, 100, 200].map { step in
      LayerRecord(
        step: step, array: 0, parameterNorm: 1, gradientNorm: 1,
        updateNorm: step < 100 ? 0.05 : 1e-3)
    }
    #expect(LayerHealth(rows, names: [:]).arrays.map(\.updateRatio) == [1e-3])
  }

  @Test func `the sentence names what is wrong, and what is healthy`() {
    #expect(
      summary((5e-4, 2e-3)) == "Layers change by 0.050% to 0.20% of their weights a step, in the "
        + "median: healthy; about 0.1% is usual.")
    #expect(summary((5e-4, 0.02)).contains("0.050% to 2.0%"))
    #expect(summary((5e-4, 0.02)).contains("quick"))
    #expect(summary((1e-3, 0.2)).hasPrefix("Much: 4 conv changes by 20% a step"))
    #expect(summary((1e-6, 2e-5)).hasPrefix("Little: no layer changes by more than 0.002%"))
    #expect(
      summary((1e-3, 1e-3), gradients: (1e-4, 1)).hasPrefix(
        "Vanishing: the gradient of 0 conv is 10,000 times smaller than that of 4 conv"))
    #expect(
      summary((1e-3, 1e-3), gradients: (1, 1e-4)).hasPrefix("Exploding: the gradient of 0 conv"))
    #expect(
      summary((1e-3, 1e-3), gradients: (0, 1)).hasPrefix("Dead: no gradient reaches 0 conv;"))
  }
}
