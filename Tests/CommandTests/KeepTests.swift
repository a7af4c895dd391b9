import Foundation
import TestSupport
import Testing

/// What `--keep` says and does.
@Suite struct KeepTests {
  @Test func `kept checkpoints are used like any other`() throws {
    let folder = try TemporaryFolder()
    let outcome = try Tool.train("x", ["--keep", "1"], epochs: 2, in: folder)
    #expect(outcome.code == 0, "\(outcome.errors)")
    let kept = try FileManager.default.contentsOfDirectory(
      atPath: "\(folder.path)/runs/x/checkpoints"
    ).filter { $0.hasPrefix("epoch-00") }
    #expect(kept.count == 1)
    let evaluated = try Tool.run(
      ["evaluate", "runs/x/checkpoints/\(kept.first ?? "")", Tool.sketches], in: folder)
    #expect(evaluated.code == 0, "\(evaluated.errors)")
  }

  @Test func `a negative number of checkpoints is refused`() throws {
    let outcome = try Tool.train("x", ["--keep=-1"], in: TemporaryFolder())
    expect(outcome, code: 64, "--keep is -1, expected 0 to 1000000")
  }
}
