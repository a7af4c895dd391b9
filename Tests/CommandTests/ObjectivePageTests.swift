import Foundation
import LocalServer
import ObjectivePage
import Support
import Tensors
import TestSupport
import Testing
import Training

/// What the page of objectives shows is what the commands give that it shows.
@Suite struct ObjectivePageTests {
  let folder: TemporaryFolder
  let page = ObjectivePage(workers: Workers(count: 2), mostSeconds: 1000, patience: 100)

  init() throws { folder = try TemporaryFolder() }

  private func bytes(_ name: String, _ body: String) throws -> [UInt8] {
    let route = try #require(page.routes.first { $0.path == "/objective/\(name)" })
    let response = route.answer(Request(.post, route.path, body: Array(body.utf8)))
    guard case .bytes(let bytes) = response.content else { return [] }
    #expect(response.status == 200, "\(String(decoding: bytes, as: UTF8.self))")
    return bytes
  }

  private func object(_ name: String, _ body: String) throws -> [String: Any] {
    try #require(exactJSON(bytes(name, body)) as? [String: Any])
  }

  /// The words of a command without the program's name, as a shell takes them.
  private func words(_ command: String) throws -> [String] {
    let shell = Process()
    let pipe = Pipe()
    shell.executableURL = URL(filePath: "/bin/sh")
    shell.arguments = ["-c", "for word in \(command); do printf '%s\\n' \"$word\"; done"]
    shell.standardOutput = pipe
    try shell.run()
    let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    shell.waitUntilExit()
    return text.split(separator: "\n").dropFirst().map(String.init)
  }

  static let state =
    #"{"objectives":["expr:abs(y-p)^1.5","mse","huber:delta=0.5"],"range":2"#
    + #","readings":{"seed":2,"count":16,"noise":0.3,"outliers":0.2,"#
    + #""moves":[{"reading":16,"value":-4.25}]}}"#

  @Test(arguments: [("curves", "plot"), ("fit", "fit")])
  func `the command that is shown draws the figure that is saved`(
    question: String, kind: String
  ) throws {
    let command = try #require(object(question, Self.state)["command"] as? String)
    let outcome = try Tool.run(words(command) + ["--out", "a.svg"], in: folder)
    #expect(outcome.code == 0, "\(outcome.errors)")
    let saved = try bytes(
      "figure", #"{"state":\#(Self.state),"kind":"\#(kind)","format":"svg"}"#)
    #expect(saved == Array(try folder.read("a.svg")))
  }

  @Test func `the command that is shown prints the same numbers`() throws {
    let curves = try object("curves", Self.state)
    _ = try Tool.run(
      words(#require(curves["command"] as? String)) + ["--out", "a.svg"], in: folder)
    let rows = String(decoding: try folder.read("a.csv"), as: UTF8.self).split(separator: "\n")
      .dropFirst().map { $0.split(separator: ",").compactMap { Double($0) } }
    for (index, curve) in try #require(curves["curves"] as? [[String: Any]]).enumerated() {
      #expect(curve["values"] as? [Double] == rows.map { $0[1 + 2 * index] })
      #expect(curve["slopes"] as? [Double] == rows.map { $0[2 + 2 * index] })
    }
    let fit = try object("fit", Self.state)
    let command = try words(#require(fit["command"] as? String))
    let printedFit = try exactJSON(Tool.run(command + ["--json"], in: folder).output.utf8)
    let lines = try #require((printedFit as? [String: Any])?["lines"] as? [[String: Any]])
    let told = try #require(fit["lines"] as? [[String: Any]])
    #expect(told.count == 3)
    for (line, own) in zip(lines, told) {
      for name in ["slope", "intercept", "loss"] {
        #expect(line[name] as? Double == own[name] as? Double)
      }
    }
    let check = try object("check", Self.state)
    let printed = try Tool.run(words(#require(check["command"] as? String)), in: folder).output
    for verdict in try #require(check["verdicts"] as? [[String: Any]]) {
      if let text = verdict["words"] as? String {
        #expect(printed.replacing("\n", with: " ").contains(text.prefix(20)))
      }
    }
    let conclusion = try #require(check["conclusion"] as? String)
    #expect(printed.contains(conclusion))
  }

  @Test func `training in the page gives the numbers of marbles train`() throws {
    let started = try object("train", #"{"objectives":["expr:(y-p)^2"]}"#)
    let number = try #require(started["training"] as? Int)
    var progress: [String: Any] = [:]
    repeat {
      usleep(100_000)
      progress = try object("progress", #"{"training":\#(number)}"#)
    } while progress["is_running"] as? Bool == true
    for command in try #require(started["commands"] as? [String]) {
      let outcome = try Tool.run(words(command), in: folder)
      #expect(outcome.code == 0, "\(outcome.errors)")
    }
    let run = RunDirectory(path: "\(folder.path)/runs/latest")
    let records = try CSVTable.read(EpochRecord.self, from: run.metrics)
    let own = try #require(progress["own"] as? [String: Any])
    let epochs = try #require(own["epochs"] as? [[String: Any]])
    #expect(epochs.count == records.count && records.count > 5)
    #expect(epochs.map { $0["loss"] as? Double } == records.map(\.validationLoss))
    #expect(epochs.map { $0["accuracy"] as? Double } == records.map(\.validationAccuracy))
    #expect(progress["outcome"] as? String == "learns", "\(progress["words"] ?? "")")
    let best = try #require(RunRecord(contentsOf: run).result?.bestEpoch)
    #expect(epochs[try #require(own["best"] as? Int)]["epoch"] as? Int == best)
    #expect((progress["words"] as? String)?.contains("right after epoch \(best),") == true)
  }
}
