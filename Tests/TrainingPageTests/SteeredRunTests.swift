import Foundation
import ImageLoading
import LocalServer
import Support
import TestSupport
import Testing
import Training

/// What the page asks of runs that train, and what it shows of their images.
@Suite struct SteeredRunTests {
  let runs: RunsOnPage

  init() throws { runs = try RunsOnPage() }

  @Test func `a run that trains is asked for another rate, to wait and to go on`() throws {
    let run = try runs.run("a")
    let lock = try RunLock(run)
    let requests = RunRequests(of: run)
    #expect(try runs.ask("steer", #"{"run":"a","learning_rate":0.001}"#).status == 200)
    #expect(requests.isRateAsked && !requests.isPauseWanted)
    #expect(try runs.ask("steer", #"{"run":"a","pause":true}"#).status == 200)
    #expect(requests.isPauseWanted)
    #expect(try runs.list("runs", "runs")[0]["is_pause_wanted"] as? Bool == true)
    #expect(try runs.ask("steer", #"{"run":"a","pause":false}"#).status == 200)
    #expect(!requests.isPauseWanted)
    withExtendedLifetime(lock) {}
  }

  @Test(arguments: [
    (#"{"run":"a","learning_rate":0}"#, "learning_rate", "above 0"),
    (#"{"run":"a","learning_rate":-1}"#, "learning_rate", "above 0"),
    (
      #"{"run":"a","learning_rate":"x"}"#, "request",
      "learningRate cannot be used, expected a number"
    ),
    (#"{"run":"a","learning_rate":1,"pause":true}"#, "request", "either"),
    (#"{"run":"a"}"#, "request", "either"), (#"{"run":"../a","pause":true}"#, "run", "no run"),
    (#"{"run":["a"],"pause":true}"#, "request", "run cannot be used, expected a text"),
    (#"{"run":"a","pause":1}"#, "request", "expected true or false"),
    ("[]", "request", "expected an object"),
  ])
  func `what cannot be asked is said in words of the page`(
    question: String, field: String, words: String
  ) throws {
    let run = try runs.run("a")
    let lock = try RunLock(run)
    let answer = try runs.ask("steer", question)
    #expect(answer.status == 400 && answer.object["field"] as? String == field)
    #expect((answer.object["message"] as? String)?.contains(words) == true, "\(answer.object)")
    #expect(!RunRequests(of: run).isRateAsked && !RunRequests(of: run).isPauseWanted)
    withExtendedLifetime(lock) {}
  }

  @Test func `a run that nobody trains is asked for nothing`() throws {
    let run = try runs.run("a")
    #expect(try runs.ask("steer", #"{"run":"a","pause":true}"#).status == 400)
    #expect(!RunRequests(of: run).isPauseWanted)
  }

  @Test func `in a pause, time stands still`() throws {
    let run = try runs.run("a") { record in
      record.status = .paused
      record.lastPause = RunRecord.Pause(step: 5, seconds: 7)
    }
    let lock = try RunLock(run)
    try CSVTable.write([RunsOnPage.epoch(0), RunsOnPage.epoch(1)], to: run.metrics)
    func seconds() throws -> Double {
      let found = try runs.list("curves", "runs", #"{"runs":["a"]}"#)[0]
      let progress = try #require(found["progress"] as? [String: Any])
      return try #require(progress["seconds"] as? Double)
    }
    #expect(try seconds() == 7)
    var record = try RunRecord(contentsOf: run)
    record.status = .running
    record.lastPause?.ended = Date() - 100
    try record.write(to: run)
    #expect(try abs(seconds() - 107) < 5)
    withExtendedLifetime(lock) {}
  }

  @Test func `runs that were copied are told apart by their folders`() throws {
    let run = try runs.run("first")
    try FileManager.default.copyItem(
      atPath: run.path, toPath: "\(runs.folder.path)/runs/second")
    let keys = try runs.list("curves", "keys", #"{"runs":["first","second"]}"#)
    #expect(keys.map { $0["label"] as? String } == ["seed 1 of first", "seed 1 of second"])
  }

  // MARK: Images

  /// A run with a list of images, in a folder where they may be.
  private func listing(_ paths: [String], hash: (String) -> String) throws -> RunDirectory {
    let run = try runs.run("a") { $0.configuration.data = "\(runs.folder.path)/images" }
    let entries = paths.map {
      #"{"path":"\#($0)","sha256":"\#(hash($0))","class":"cat","split":"validation"}"#
    }
    try Data(#"{"seed":1,"entries":[\#(entries.joined(separator: ","))]}"#.utf8)
      .write(to: URL(filePath: run.split))
    let images = (paths + ["unlisted.png"]).map {
      #"{"path":"\#($0)","label":0,"answer":1,"probability":0.9,"label_probability":0.1,"#
        + #""loss":2.3}"#
    }
    try Data(
      #"{"epochs":[{"epoch":3,"step":12,"images":[\#(images.joined(separator: ","))]}]}"#.utf8
    ).write(to: URL(filePath: run.worstImages))
    return run
  }

  @Test func `only images that the run lists are read, and only as they were`() throws {
    let picture = ImageEncoder.png(
      PixelBuffer(width: 8, height: 8, bytes: [UInt8](repeating: 99, count: 192)), level: 1)
    let hash = ContentHash.sha256(picture)
    for name in ["good.png", "changed.png", "unlisted.png"] {
      try runs.folder.write(picture, to: "images/\(name)")
    }
    try runs.folder.write(picture, to: "secret.png")
    try FileManager.default.createDirectory(
      atPath: "\(runs.folder.path)/images/folder.png", withIntermediateDirectories: false)
    _ = try listing(["good.png", "changed.png", "gone.png", "folder.png"]) {
      // One that is known by its content is not read again.
      $0 == "good.png" ? hash : ContentHash.sha256(Array($0.utf8))
    }
    let answer = try runs.ask("worst", #"{"run":"a"}"#)
    #expect(answer.object["epoch"] as? Int == 3 && answer.object["epochs"] as? [Int] == [3])
    let images = try #require(answer.object["images"] as? [[String: Any]])
    #expect(images.map { $0["picture"] != nil } == [true, false, false, false, false])
    #expect(images[0]["label"] as? String == "cat" && images[0]["answer"] as? String == "dog")
    let start = "data:image/jpeg;base64,"
    let address = try #require(images[0]["picture"] as? String)
    let jpeg = try #require(Data(base64Encoded: String(address.dropFirst(start.count))))
    #expect(try ImageDecoder().decode(Array(jpeg)).pixels.width == 96)
    // An address that names a file reads none.
    for question in [#"{"run":"a","path":"../secret.png"}"#, #"{"run":"a","epoch":1}"#] {
      let text = String(describing: try runs.ask("worst", question).object)
      #expect(!text.contains("secret"))
    }
    #expect(try runs.ask("worst", #"{"run":"a","epoch":1}"#).status == 400)
  }

  @Test(arguments: ["", "{", "[]", #"{"epochs":{}}"#, #"{"epochs":[{"epoch":1}]}"#])
  func `a list of images that is none is said`(text: String) throws {
    let run = try runs.run("a")
    try Data(text.utf8).write(to: URL(filePath: run.worstImages))
    let answer = try runs.ask("worst", #"{"run":"a"}"#)
    #expect(answer.status == 400)
    #expect((answer.object["message"] as? String)?.contains("worst-images.json") == true)
  }

  @Test func `a table of another shape is said, and none of its rows is shown`() throws {
    let run = try runs.run("a")
    let lines = ["step,epoch,loss,gradient_norm,learning_rate", "1,1,0.5,7,0.1", ""]
    try Data(lines.joined(separator: "\n").utf8).write(to: URL(filePath: run.steps))
    try FileManager.default.createDirectory(
      atPath: run.metrics, withIntermediateDirectories: false)
    try Data(repeating: 65, count: 300_000).write(to: URL(filePath: run.layers))
    let found = try runs.list("curves", "runs", #"{"runs":["a"]}"#)[0]
    #expect((found["steps"] as? [Any])?.isEmpty == true)
    let problems = try #require(found["problems"] as? [String])
    #expect(problems.count == 3, "\(problems)")
    #expect(problems.contains { $0.contains("metrics.csv: cannot be read") })
    #expect(problems.contains { $0.contains("steps.csv: line 1 is not a row of") })
    #expect(problems.contains { $0.contains("layers.csv: line 1 is not a row of") })
  }
}
