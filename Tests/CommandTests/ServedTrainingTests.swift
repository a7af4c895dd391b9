import Foundation
import TestSupport
import Testing

/// Runs that are followed and started in the page, by the built tool.
@Suite(.serialized) struct ServedTrainingTests {
  let server: ServeTests
  var folder: TemporaryFolder { server.folder }

  init() throws {
    server = try ServeTests()
    try FileManager.default.createDirectory(
      atPath: "\(server.folder.path)/runs", withIntermediateDirectories: false)
  }

  private func ask(
    _ served: ServeTests.Served, _ name: String, _ question: [String: Any] = [:]
  ) throws -> [String: Any] {
    let body = try JSONSerialization.data(withJSONObject: question)
    let client = try RawClient(port: served.port)
    client.send(
      "POST /training/\(name) HTTP/1.1\r\nHost: 127.0.0.1:\(served.port)\r\n"
        + "Cookie: marbles-\(served.port)=\(served.token)\r\nContent-Length: \(body.count)\r\n\r\n"
        + String(decoding: body, as: UTF8.self))
    let parts = client.receiveAnswer().split(separator: "\r\n\r\n", maxSplits: 1)
    let text = try #require(parts.last)
    return try #require(exactJSON(text.utf8) as? [String: Any])
  }

  private func run(_ served: ServeTests.Served, _ name: String) throws -> [String: Any]? {
    let runs = try #require(ask(served, "runs")["runs"] as? [[String: Any]])
    return runs.first { $0["name"] as? String == name }
  }

  private func wait(_ seconds: Double = 60, until isSo: () throws -> Bool) throws {
    let end = ContinuousClock.now + .seconds(seconds)
    while ContinuousClock.now < end {
      if try isSo() { return }
      usleep(50_000)
    }
    Issue.record("waited for \(seconds) seconds in vain")
  }

  private func number(_ answer: [String: Any]) throws -> Int {
    try #require(answer["training"] as? Int, "\(answer)")
  }

  private func training(_ served: ServeTests.Served, _ number: Int) throws -> [String: Any] {
    let all = try #require(ask(served, "runs")["trainings"] as? [[String: Any]])
    return try #require(all.first { $0["number"] as? Int == number })
  }

  @Test func `a run started and followed in the page is that of the command line`() throws {
    // Long enough to be asked many times on any machine.
    let words = [Tool.sketches, "--name=a", "--seed=3", "--epochs=200"] + Tool.tiny
    let plain = try Tool.run(["train", "--out", "cli"] + words, in: folder)
    #expect(plain.code == 0, "\(plain.errors)")
    let served = try server.serve(["--runs", "runs"])
    let started = try number(ask(served, "start", ["arguments": words]))
    var polls = 0
    try wait {
      polls += 1
      _ = try ask(served, "curves", ["runs": ["a"], "known": [String: Int]()])
      _ = try ask(served, "filters", ["run": "a"])
      return try training(served, started)["code"] != nil
    }
    #expect(try training(served, started)["code"] as? Int == 0)
    #expect(polls >= 10)
    #expect(try Tool.metrics("runs/a", in: folder) == Tool.metrics("cli/a", in: folder))
    for file in ["checkpoints/best.safetensors", "steps.csv", "layers.csv", "split.json"] {
      #expect(try folder.read("runs/a/\(file)") == folder.read("cli/a/\(file)"), "\(file)")
    }
    let files = { (run: String) in
      folder.contents.filter { $0.hasPrefix("\(run)/") }.map { $0.dropFirst(run.count) }
    }
    #expect(files("runs/a") == files("cli/a"))
    let summary = try #require(try run(served, "a"))
    #expect(summary["status"] as? String == "finished")
    let filters = try ask(served, "filters", ["run": "a"])
    #expect(
      (filters["pictures"] as? [String])?.count == 4 && filters["shape"] as? String == "3×3×3")
    let curves = try ask(served, "curves", ["runs": ["a"]])
    let shown = try #require((curves["runs"] as? [[String: Any]])?.first)
    let rows = String(decoding: try folder.read("runs/a/steps.csv"), as: UTF8.self)
      .split(separator: "\n").dropFirst().map { $0.split(separator: ",").compactMap { Double($0) } }
    let steps = try #require(shown["steps"] as? [[Double]])
    #expect(steps.count == 600 && rows.count == 600)
    #expect(zip(steps, rows).allSatisfy { $0[1] == $1[2] })
    _ = try server.stop(served)
  }

  @Test func `a run is stopped and goes on in the page, and is saved when the server ends`() throws
  {
    let served = try server.serve(["--runs", "runs"])
    let first = try number(
      ask(
        served, "start",
        ["arguments": [Tool.sketches, "--name=b", "--epochs=100000"] + Tool.tiny]))
    func hasBegun() throws -> Bool {
      let found = try run(served, "b")
      return found?["is_training"] as? Bool == true && found?["training"] as? Int != nil
        && (try? Tool.metrics("runs/b", in: folder).count) ?? 0 > 1
    }
    try wait(until: hasBegun)
    _ = try number(ask(served, "stop", ["training": first]))
    try wait { try training(served, first)["code"] as? Int == 130 }
    #expect(try run(served, "b")?["status"] as? String == "interrupted")
    let rows = try Tool.metrics("runs/b", in: folder).count
    let second = try number(ask(served, "start", ["resume": "b"]))
    try wait { try Tool.metrics("runs/b", in: folder).count > rows + 1 }
    let process = try #require(training(served, second)["process"] as? Int32)
    let outcome = try server.stop(served)
    #expect(outcome.code == 130, "\(outcome.errors)")
    #expect(kill(process, 0) != 0, "the training has outlived its server")
    let record = String(decoding: try folder.read("runs/b/run.json"), as: UTF8.self)
    #expect(record.contains(#""status" : "interrupted""#))
  }

  @Test func `the tool's own words are shown for a choice that it refuses`() throws {
    let served = try server.serve(["--runs", "runs"])
    let wrong = ["nowhere", "--optimizer=adamm", "--epochs=1"]
    let plain = try Tool.run(["train", "--out", "runs"] + wrong, in: try TemporaryFolder())
    let started = try number(ask(served, "start", ["arguments": wrong]))
    try wait { try training(served, started)["code"] != nil }
    let said = try training(served, started)
    #expect(said["code"] as? Int == Int(plain.code) && plain.code == 64)
    #expect(said["messages"] as? String == plain.errors && !plain.errors.isEmpty)
    #expect(try #require(ask(served, "runs")["runs"] as? [Any]).isEmpty)
    _ = try server.stop(served)
  }

  @Test func `a training that is served is the same, shows itself, and ends`() throws {
    let words = [Tool.sketches, "--name", "c"] + Tool.tiny + ["--epochs", "60"]
    let other = try TemporaryFolder()
    #expect(try Tool.run(["train"] + words, in: other).code == 0)
    let process = try Tool.start(["train", "--serve"] + words, in: folder)
    var printed = ""
    let address = /http:\/\/127\.0\.0\.1:(\d+)\/\?token=([0-9a-f]{32})/
    try wait {
      printed = String(decoding: try folder.read(".out"), as: UTF8.self)
      return printed.contains(address)
    }
    let match = try #require(printed.firstMatch(of: address))
    let served = ServeTests.Served(
      process: process, line: printed, port: try #require(Int(match.1)), token: String(match.2))
    let listed = try ask(served, "runs")
    #expect(listed["opened"] as? String == "c" && listed["can_start"] as? Bool == false)
    #expect(try run(served, "c")?["is_training"] as? Bool == true)
    let outcome = try Tool.outcome(of: process, in: folder)
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(throws: POSIXError.self) { _ = try RawClient(port: served.port) }
    #expect(try Tool.metrics("runs/c", in: folder) == Tool.metrics("runs/c", in: other))
    #expect(
      try folder.read("runs/c/checkpoints/best.safetensors")
        == other.read("runs/c/checkpoints/best.safetensors"))
  }

  @Test func `a folder of runs that is not there is refused`() throws {
    let outcome = try Tool.run(["serve", "--no-open", "--runs", "nowhere"], in: folder)
    expect(outcome, code: 66, "nowhere: no such folder of runs")
  }
}
