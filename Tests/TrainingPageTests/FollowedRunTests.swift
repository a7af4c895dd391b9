import Foundation
import LocalServer
import Support
import TestSupport
import Testing
import Training
import TrainingPage

/// Runs as the page follows them.
@Suite struct FollowedRunTests {
  let runs: RunsOnPage

  init() throws { runs = try RunsOnPage() }

  private func curves(
    _ names: [String], known: [String: Int] = [:]
  ) throws -> (runs: [[String: Any]], gone: [String]) {
    let question = try JSONSerialization.data(withJSONObject: ["runs": names, "known": known])
    let answer = try runs.ask("curves", String(decoding: question, as: UTF8.self))
    #expect(answer.status == 200)
    return (
      try #require(answer.object["runs"] as? [[String: Any]]),
      try #require(answer.object["gone"] as? [String])
    )
  }

  @Test func `runs are listed with the latest first, whatever their names`() throws {
    let names = ["old_run", "<img src=x onerror=alert(1)>", "new \"run\" & ü"]
    for (index, name) in names.enumerated() { try runs.run(name, started: Double(index)) }
    let listed = try runs.list("runs", "runs")
    #expect(listed.map { $0["name"] as? String } == names.reversed())
    #expect(listed.allSatisfy { $0["status"] as? String == "running" })
    #expect(listed.allSatisfy { $0["is_training"] as? Bool == false })
    #expect(
      listed[0]["facts"] as? String == "own network · adam · rate 0.004 · 20 images · 10 epochs")
    #expect(listed[0]["words"] as? String == "ended without saying so, can go on")
    #expect(listed[0]["can_go_on"] as? Bool == true)
  }

  @Test func `of many runs two hundred are listed`() throws {
    for index in 0..<203 { try runs.run("run-\(index)", started: Double(index)) }
    #expect(try runs.list("runs", "runs").count == 200)
  }

  @Test func `links, broken records and other folders are no runs`() throws {
    let run = try runs.run("a")
    run.makeLatest()
    let outside = try TemporaryFolder()
    try FileManager.default.copyItem(atPath: run.path, toPath: "\(outside.path)/b")
    let folder = "\(runs.folder.path)/runs"
    try FileManager.default.createSymbolicLink(
      atPath: "\(folder)/b", withDestinationPath: "\(outside.path)/b")
    try FileManager.default.createDirectory(
      atPath: "\(folder)/c", withIntermediateDirectories: false)
    try FileManager.default.createSymbolicLink(
      atPath: "\(folder)/c/run.json", withDestinationPath: run.record)
    try runs.folder.write(Array("{}".utf8), to: "runs/d/run.json")
    #expect(try runs.list("runs", "runs").map { $0["name"] as? String } == ["a"])
    let paths = ["latest", "b", "c", "../runs/a", "a/", "./a", "\(folder)/a", "", "..", "a\0"]
    let found = try curves(paths)
    #expect(found.runs.isEmpty && found.gone == paths)
    for path in paths {
      let question = try JSONSerialization.data(withJSONObject: ["run": path])
      #expect(try runs.ask("filters", String(decoding: question, as: UTF8.self)).status == 400)
    }
  }

  @Test func `only what changed is answered`() throws {
    let (a, b) = (try runs.run("run_a", seed: 1), try runs.run("run_b", seed: 2))
    for run in [a, b] { try CSVTable.write([RunsOnPage.epoch(0)], to: run.metrics) }
    let first = try curves(["run_a", "run_b"]).runs
    #expect(first.count == 2)
    var known: [String: Int] = [:]
    for run in first {
      known[try #require(run["name"] as? String)] = try #require(run["version"] as? Int)
    }
    #expect(try curves(["run_a", "run_b"], known: known).runs.isEmpty)
    try CSVTable.append([RunsOnPage.epoch(1, loss: .nan)], to: b.metrics)
    let second = try curves(["run_a", "run_b"], known: known).runs
    #expect(second.map { $0["name"] as? String } == ["run_b"])
    let rows = try #require(second[0]["epochs"] as? [[Any]])
    #expect(rows.count == 2 && rows[0][4] as? Double == 0.5 && rows[1][4] is NSNull)
    let keys = try runs.list("curves", "keys", #"{"runs":["run_b","run_a"]}"#)
    #expect(keys.map { $0["label"] as? String } == ["seed 2", "seed 1"])
    let colors = keys.compactMap { ($0["colors"] as? [String: String])?["light"] }
    #expect(Set(colors).count == 2)
  }

  @Test func `a run that is resumed is read anew, and one that is removed is gone`() throws {
    let run = try runs.run("a")
    try CSVTable.write((0...6).map { RunsOnPage.epoch($0) }, to: run.metrics)
    try CSVTable.write((1...24).map { RunsOnPage.step($0) }, to: run.steps)
    #expect(try #require(curves(["a"]).runs[0]["steps"] as? [[Any]]).count == 24)
    try CSVTable.write((0...2).map { RunsOnPage.epoch($0) }, to: run.metrics)
    try CSVTable.write((1...8).map { RunsOnPage.step($0) }, to: run.steps)
    let shorter = try curves(["a"]).runs[0]
    #expect(try #require(shorter["steps"] as? [[Any]]).count == 8)
    #expect(try #require(shorter["epochs"] as? [[Any]]).count == 3)
    try FileManager.default.removeItem(atPath: run.path)
    let left = try curves(["a"])
    #expect(left.runs.isEmpty && left.gone == ["a"])
    // Another of the same name begins with nothing.
    try runs.run("a")
    #expect(try #require(curves(["a"]).runs[0]["steps"] as? [[Any]]).isEmpty)
  }

  @Test func `a long run is thinned, and keeps its mean and its end`() throws {
    let run = try runs.run("a")
    try CSVTable.write(
      (1...20_000).map { RunsOnPage.step($0, loss: Double($0 % 2)) }, to: run.steps)
    try CSVTable.write(
      (0..<2500).map {
        LayerRecord(step: $0, array: 0, parameterNorm: 2, gradientNorm: 3, updateNorm: 0.5)
      }, to: run.layers)
    let found = try curves(["a"]).runs[0]
    let steps = try #require(found["steps"] as? [[Double]])
    #expect(steps.count <= 2048 && steps.last?[0] == 20_000)
    #expect(steps.reduce(0) { $0 + $1[3] } == 20_000)
    #expect(abs(steps.reduce(0) { $0 + $1[1] * $1[3] } - 10_000) < 1e-6)
    let layers = try #require(found["layers"] as? [[String: Any]])
    let norms = try #require(layers.first?["norms"] as? [[Double]])
    #expect(layers.count == 1 && layers[0]["name"] as? String == "0 conv 4 3x3")
    #expect(norms.count <= 257 && norms.last == [2499, 3, 0.25])
  }

  @Test func `who trains is known from the lock, which is only read`() throws {
    let run = try runs.run("a")
    let lock = try RunLock(run)
    let before = try runs.folder.read("runs/a/lock")
    #expect(try runs.list("runs", "runs")[0]["is_training"] as? Bool == true)
    #expect(try runs.folder.read("runs/a/lock") == before)
    withExtendedLifetime(lock) {}
    // A process that was killed leaves its name.
    var name = utsname()
    unsafe uname(&name)
    let host = unsafe withUnsafeBytes(of: &name.nodename) { bytes in
      unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
    try runs.folder.write(Array("4194304 \(host)\n".utf8), to: "runs/a/lock")
    #expect(try runs.list("runs", "runs")[0]["is_training"] as? Bool == false)
  }

  @Test func `the time left follows the last epoch's pace, or the budget`() throws {
    let run = try runs.run("a")
    let lock = try RunLock(run)
    // Nine of ten epochs are left, of four steps in 3 seconds each.
    try CSVTable.write(
      [RunsOnPage.epoch(0, seconds: 1), RunsOnPage.epoch(1, seconds: 4)], to: run.metrics)
    var progress = try #require(curves(["a"]).runs[0]["progress"] as? [String: Any])
    #expect(abs(try #require(progress["remaining"] as? Double) - 27) < 2)
    #expect(progress["fraction"] as? Double == 0.1 && progress["epochs"] as? Int == 10)
    let other = try runs.run("b") { $0.configuration.budget = 60 }
    let otherLock = try RunLock(other)
    try CSVTable.write([RunsOnPage.epoch(1, seconds: 15)], to: other.metrics)
    progress = try #require(curves(["b"]).runs[0]["progress"] as? [String: Any])
    #expect(abs(try #require(progress["remaining"] as? Double) - 45) < 2)
    withExtendedLifetime((lock, otherLock)) {}
    let finished = try runs.run("c") { $0.status = .finished }
    try CSVTable.write([RunsOnPage.epoch(1)], to: finished.metrics)
    progress = try #require(curves(["c"]).runs[0]["progress"] as? [String: Any])
    #expect(progress["remaining"] == nil && progress["fraction"] as? Double == 1)
  }

  @Test func `what a run is doing is said with its epoch and its time`() throws {
    func key(_ name: String = "a") throws -> [String: Any] {
      try runs.list("curves", "keys", "{\"runs\":[\"\(name)\"]}")[0]
    }
    let run = try runs.run("a")
    let lock = try RunLock(run)
    let early = "training, epoch 0 of 10, time left not known before the first epoch ends"
    #expect(try key()["words"] as? String == early)
    try CSVTable.write(
      [RunsOnPage.epoch(0, seconds: 1), RunsOnPage.epoch(1, seconds: 4)], to: run.metrics)
    let words = try #require(key()["words"] as? String)
    #expect(words.hasPrefix("training, epoch 1 of 10, 2") && words.hasSuffix(" s left"), "\(words)")
    #expect(try key()["fraction"] as? Double == 0.1)
    #expect((try key()["time"] as? String)?.hasSuffix("s of training") == true)
    let other = try runs.run("b") { $0.status = .paused }
    let otherLock = try RunLock(other)
    try CSVTable.write([RunsOnPage.epoch(1)], to: other.metrics)
    #expect(try key("b")["words"] as? String == "paused, epoch 1 of 10")
    withExtendedLifetime((lock, otherLock)) {}
  }

  @Test func `questions that make no sense are refused in a line`() throws {
    try runs.run("a")
    let many = (0..<13).map { "\"\($0)\"" }.joined(separator: ",")
    for (name, question) in [
      ("runs", "["), ("curves", "{}"), ("curves", #"{"runs":"a"}"#), ("curves", "{\"runs\":[1]}"),
      ("curves", #"{"runs":["a","a"]}"#), ("curves", "{\"runs\":[\(many)]}"), ("filters", "{}"),
      ("filters", #"{"run":"a"}"#),
    ] {
      let answer = try runs.ask(name, question)
      let message = try #require(answer.object["message"] as? String)
      #expect(answer.status == 400 && !message.isEmpty && !message.contains("\n"), "\(question)")
    }
    #expect(
      runs.page.routes.allSatisfy { !["/training/start", "/training/stop"].contains($0.path) })
  }

  @Test func `listeners hear which runs have changed, and that they are gone`() throws {
    let run = try runs.run("a_1")
    let server = try LocalServer(routes: runs.page.routes)
    defer { server.stop() }
    let client = try RawClient(port: server.port)
    client.send(
      "GET /training/events HTTP/1.1\r\nHost: 127.0.0.1:\(server.port)\r\n"
        + "Cookie: marbles-\(server.port)=\(server.token.text)\r\n\r\n")
    var heard = ""
    func hears(_ text: String) -> Bool {
      let end = ContinuousClock.now + .seconds(10)
      while !heard.contains(text), ContinuousClock.now < end {
        heard += String(
          decoding: client.receive(within: .milliseconds(200)) ?? [], as: UTF8.self)
      }
      defer { heard = "" }
      return heard.contains(text)
    }
    #expect(hears("text/event-stream"))
    // The first look sees what there is.
    usleep(1_200_000)
    try CSVTable.write([RunsOnPage.epoch(0)], to: run.metrics)
    #expect(hears("event: changed\ndata: [\"a_1\"]\n"))
    try runs.run("b")
    #expect(hears("data: [\"b\"]\n"))
    try FileManager.default.removeItem(atPath: run.path)
    #expect(hears("data: [\"a_1\"]\n"))
  }
}
