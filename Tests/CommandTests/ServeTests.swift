import Foundation
import Playground
import TestSupport
import Testing

/// The page: it starts, answers, and ends.
@Suite(.serialized) struct ServeTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// A started server with its first line, and the words to ask it with.
  struct Served {
    let process: Process
    let line: String
    let port: Int, token: String

    func ask(_ name: String, _ body: String) throws -> (head: String, body: String) {
      let client = try RawClient(port: port)
      client.send(
        "POST /playground/\(name) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\n"
          + "Cookie: marbles-\(port)=\(token)\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
      let parts = client.receiveAnswer().split(separator: "\r\n\r\n", maxSplits: 1)
      return (String(parts.first ?? ""), parts.count == 2 ? String(parts[1]) : "")
    }
  }

  func serve(_ options: [String] = [], environment: [String: String] = [:]) throws -> Served {
    let process = try Tool.start(
      ["serve"] + (options.contains("--json") ? options : options + ["--no-open"]), in: folder,
      environment: environment)
    let end = ContinuousClock.now + .seconds(30)
    var line = ""
    while !line.hasSuffix("\n"), ContinuousClock.now < end, process.isRunning {
      usleep(10_000)
      line = String(decoding: try folder.read(".out"), as: UTF8.self)
    }
    let match = try #require(
      line.firstMatch(of: /http:\/\/127\.0\.0\.1:(\d+)\/\?token=([0-9a-f]{32})/))
    return Served(
      process: process, line: line, port: try #require(Int(match.1)), token: String(match.2))
  }

  func stop(_ served: Served, _ signal: Int32 = SIGINT) throws -> Tool.Outcome {
    kill(served.process.processIdentifier, signal)
    return try Tool.outcome(of: served.process, in: folder)
  }

  @Test(arguments: [SIGINT, SIGTERM])
  func `it prints its address, answers, and ends when it is asked to`(signal: Int32) throws {
    let served = try serve()
    #expect(served.line == "http://127.0.0.1:\(served.port)/?token=\(served.token)\n")
    let catalogue = try served.ask(
      "race", #"{"race":{"surface":"bowl","marbles":[{"optimizer":"sgd"}]}}"#)
    #expect(catalogue.head.contains(" 200 ") && catalogue.body.contains("marbles roll bowl"))
    let outcome = try stop(served, signal)
    #expect(outcome.code == 130 && outcome.complaints.isEmpty, "\(outcome.errors)")
    #expect(throws: POSIXError.self) { _ = try RawClient(port: served.port) }
  }

  @Test func `with --json it prints one object`() throws {
    let served = try serve(["--json", "--no-open", "--quiet"])
    struct Record: Decodable { var url: String, port: Int }
    let record = try JSONDecoder().decode(Record.self, from: Data(served.line.utf8))
    #expect(record.port == served.port && record.url.hasPrefix("http://127.0.0.1:"))
    #expect(try stop(served).errors.isEmpty)
  }

  @Test func `it opens a file that only its owner reads, not the address itself`() throws {
    // An opener that writes down what it was asked to open, and what that holds.
    let script = """
      #!/bin/sh
      stat -c %a "$(dirname "$1")" > \(folder.path)/mode
      { echo "$1"; cat "$1"; } > \(folder.path)/opened.part
      mv \(folder.path)/opened.part \(folder.path)/opened
      """
    let opener = try folder.write(Array(script.utf8), to: "bin/xdg-open")
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: opener)
    let served = try serve(
      ["--json"],
      environment: ["PATH": "\(folder.path)/bin:/usr/bin:/bin", "DISPLAY": ":99"])
    let end = ContinuousClock.now + .seconds(20)
    while !folder.contents.contains("opened"), ContinuousClock.now < end { usleep(10_000) }
    let lines = String(decoding: try folder.read("opened"), as: UTF8.self).split(separator: "\n")
    #expect(!lines[0].contains(served.token) && lines.dropFirst().joined().contains(served.token))
    #expect(String(decoding: try folder.read("mode"), as: UTF8.self) == "700\n")
    #expect(try stop(served).code == 130)
    #expect(!FileManager.default.fileExists(atPath: String(lines[0])))
  }

  @Test func `strangers and their requests leave nothing behind`() throws {
    let served = try serve()
    let process = "/proc/\(served.process.processIdentifier)"
    func openFiles() -> Int {
      (try? FileManager.default.contentsOfDirectory(atPath: "\(process)/fd").count) ?? 0
    }
    func memory() throws -> Int {
      let status = try String(contentsOfFile: "\(process)/status", encoding: .utf8)
      return status.firstMatch(of: /VmRSS:\s+(\d+) kB/).flatMap { Int($0.1) } ?? 0
    }
    func hostile(_ index: Int) throws {
      let client = try RawClient(port: served.port)
      switch index % 4 {
      case 0: client.send("GET / HTTP/1.1\r\nHost: 127.0.0.1:\(served.port)\r\n\r\n")
      case 1: client.send([UInt8](repeating: UInt8(index % 256), count: 20_000))
      case 2: client.send("POST /playground/steps HTTP/1.1\r\nContent-Length: 99999999\r\n\r\n")
      default: client.send("GET / HTTP/1.1\r\nX: ")
      }
      if index % 3 > 0 { client.finish() }
      if index % 2 > 0 { _ = client.receiveAll(within: .milliseconds(50)) }
    }
    for index in 0..<200 { try hostile(index) }
    let (files, before) = (openFiles(), try memory())
    #expect(files > 5 && before > 1000)
    for index in 0..<4000 { try hostile(index) }
    let end = ContinuousClock.now + .seconds(15)
    while openFiles() > files, ContinuousClock.now < end { usleep(50_000) }
    let growth = try memory() - before
    print("grown by \(growth) KiB in 4000 hostile requests")
    #expect(openFiles() <= files && growth < 8 << 10)
    _ = try served.ask("race", #"{"race":{"surface":"bowl","marbles":[{"optimizer":"sgd"}]}}"#)
    _ = try stop(served)
  }

  @Test func `without a desktop it says so in a line and serves`() throws {
    let served = try serve(["--json"], environment: ["DISPLAY": "", "WAYLAND_DISPLAY": ""])
    let outcome = try stop(served)
    #expect(outcome.errors.contains("no browser was opened: there is no desktop"))
  }

  @Test func `a port that is in use ends with one line`() throws {
    let served = try serve()
    let other = try TemporaryFolder()
    let outcome = try Tool.run(["serve", "--no-open", "--port", "\(served.port)"], in: other)
    #expect(outcome.code == 73 && outcome.complaints.count == 1, "\(outcome.errors)")
    #expect(outcome.errors.contains("in use"))
    _ = try stop(served)
    for port in ["0", "65536", "-1", "http"] {
      #expect(try Tool.run(["serve", "--port=\(port)"], in: other).code == 64)
    }
  }

  @Test func `changes on the way that cannot be are refused by roll`() throws {
    for text in [
      "5", "5,1", "a,1,sgd", "5,2,sgd", "5,0,sgd", "-1,1,sgd", "101,1,sgd", "5,1,adam",
      "5,1,sgd:rate=x",
    ] {
      let outcome = try Tool.run(["roll", "bowl", "--change=\(text)"], in: folder)
      #expect(outcome.code == 64 && outcome.complaints.count == 1, "\(text): \(outcome.errors)")
    }
  }

  /// Twenty settings: every kind of surface and optimizer, starts, noise and changes.
  static let states = [
    RaceState("bowl", [.init("sgd:rate=0.1")]),
    RaceState("bowl", [.init("sgd:rate=1.1")]),
    RaceState("two-wells", [.init("momentum"), .init("adam")]),
    RaceState("waves", start: [-6.3], [.init("nesterov")]),
    RaceState("corner", [.init("rprop"), .init("adagrad")]),
    RaceState(
      "saddle",
      [.init("sgd"), .init("momentum"), .init("adagrad"), .init("rmsprop"), .init("adam")]),
    RaceState("ravine", [.init("adamw:decay=0.1")]),
    RaceState("rosenbrock", [.init("l-bfgs"), .init("newton")]),
    RaceState("rosenbrock", [.init("nelder-mead"), .init("conjugate-gradient")]),
    RaceState("himmelblau", start: [0.25, -1.125], [.init("lion")]),
    RaceState("round-bowl", [.init("sgd"), .init("adam")], noise: 2.5, seed: 7),
    RaceState("stretched-bowl", [.init("momentum:momentum=0.99,rate=0.001")], noise: 0.1),
    RaceState("beale", [.init("adam:beta1=0.5,rate=0.3")]),
    RaceState("expr: x^2 + 3*y^2 + sin(3*x)", start: [-2, 1.5], [.init("sgd")]),
    RaceState("expr: abs(x) + 0.1*x^2", [.init("adadelta")]),
    RaceState("valley", window: [-6, 6, -5, 5], [.init("rmsprop")]),
    RaceState("hills", [.init("sgd:lookahead=5"), .init("adam:sam=0.05")]),
    RaceState("bowl", [.init("sgd", changes: [.init(atStep: 5, to: "sgd:rate=0.4")])]),
    RaceState(
      "saddle",
      [
        .init("sgd"),
        .init(
          "momentum:rate=0.01",
          changes: [
            .init(atStep: 10, to: "momentum:momentum=0.5,rate=0.05"),
            .init(atStep: 20, to: "momentum:decay=0.1,rate=0.02"),
          ]),
      ]),
    RaceState("plateau", [.init("yogi"), .init("schedule-free")], noise: 0.01, seed: 99),
  ]

  @Test func `twenty paths of the page are those of marbles roll, to the last digit`() throws {
    let served = try serve()
    struct Description: Decodable { var command: String }
    struct Steps: Decodable {
      struct Marble: Decodable { var place: [[Double]], height: [Double] }
      var marbles: [Marble]
    }
    #expect(Self.states.count == 20)
    for state in Self.states {
      let race = String(decoding: try JSONEncoder().encode(state), as: UTF8.self)
      let question = "{\"race\":\(race),\"steps\":40}"
      let described = try served.ask("race", question).body
      let command = try JSONDecoder().decode(Description.self, from: Data(described.utf8)).command
      // The command that the page shows, as a shell runs it, but writing a table.
      let shell = Process()
      shell.executableURL = URL(filePath: "/bin/sh")
      let line = command.replacing(/^marbles/, with: "'\(Tool.path)'")
        .replacing("--out race.png", with: "--csv -")
      shell.arguments = ["-c", line]
      let output = Pipe()
      shell.standardOutput = output
      shell.standardError = FileHandle.nullDevice
      try shell.run()
      let table = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
      shell.waitUntilExit()
      #expect(shell.terminationStatus == 0, "\(line)")
      let answered = try served.ask("steps", question).body
      let steps = try JSONDecoder().decode(Steps.self, from: Data(answered.utf8))
      let page = steps.marbles.enumerated().flatMap { index, marble in
        zip(marble.place, marble.height).enumerated().map { step, sample in
          [Double(index + 1), Double(step)] + sample.0 + [sample.1]
        }
      }
      let rows = table.split(separator: "\n").dropFirst().map { row -> [Double] in
        // A choice with commas stands between quotation marks.
        let fields = row.replacing(/"[^"]*"/, with: "optimizer").split(separator: ",")
        return ([fields[0]] + fields[3..<(fields.count - 1)]).compactMap { Double($0) }
      }
      #expect(page == rows && page.count > 20, "\(line)")
    }
    _ = try stop(served)
  }
}
