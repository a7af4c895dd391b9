import Foundation
import TestSupport
import Testing
import Training

/// No file, option or formula ends the tool by a signal.
@Suite struct UntrustedInputTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  // MARK: Formulas and options

  @Test(arguments: [
    ["expr:1e308*x"], ["expr:1e308*x^2"], ["expr:exp(x^2*100)"], ["expr:1/x", "--start=1e-300"],
    ["expr:log(x)", "--start=0.001"], ["expr:0*x"], ["expr:1e-320*x"],
    ["bowl", "--start=1e300"], ["bowl", "--window=-1e-90,1e-90"], ["expr:if(x>0, 1/0, x)"],
  ])
  func `any surface is drawn`(arguments: [String]) throws {
    let outcome = try Tool.run(
      ["roll"] + arguments + ["--out", "a.png", "--rate-map", "b.png"], in: folder)
    #expect([0, 64].contains(outcome.code), "\(outcome.errors)")
  }

  @Test(arguments: [
    ["expr:1e308*x*y"], ["expr:log(x*y)", "--start=-1,-1"], ["expr:exp(x^2*y^2*100)"],
    ["saddle", "--window=-1e99,1e99,-1e99,1e99"], ["expr:0*x*y"],
  ])
  func `any surface of two variables is drawn`(arguments: [String]) throws {
    let outcome = try Tool.run(
      ["roll"] + arguments + [
        "--out", "a.png", "--rate-map", "b.png", "--landscape", "c.png", "--basin-map", "d.png",
        "--steps", "5",
      ], in: folder)
    #expect([0, 64].contains(outcome.code), "\(outcome.errors)")
  }

  @Test func `a start without a height and a window without extent are refused`() throws {
    expect(
      try Tool.run(["roll", "expr:log(x)", "--start=-1"], in: folder), code: 64,
      "has no height at the start (-1.0)")
    for window in ["-1e308,1e308", "5,5.0000000000001", "1e-200,2e-200"] {
      expect(
        try Tool.run(["roll", "bowl", "--window=\(window)", "--out", "a.png"], in: folder),
        code: 64, "--window")
    }
  }

  @Test(arguments: ["expr:-log(y)*p", "expr:1/(y-p)", "expr:1e300*exp(1000*p)"])
  func `an objective of any values trains or diverges`(objective: String) throws {
    let outcome = try Tool.train("a", ["--objective", objective], epochs: 1, in: folder)
    #expect([0, 2].contains(outcome.code), "\(outcome.errors)")
  }

  @Test func `fractions are added as decimals`() throws {
    expect(
      try Tool.run(
        ["train", "nowhere", "--validation-split", "0.9", "--test-split", "0.05"], in: folder),
      code: 66, "nowhere")
    expect(
      try Tool.run(
        ["train", "nowhere", "--validation-split", "0.9", "--test-split", "0.06"], in: folder),
      code: 64, "0.96")
  }

  // MARK: Memory

  @Test func `a network that does not fit into memory is refused before a run exists`() throws {
    let layers = String(repeating: "conv 2000 1x1, relu, ", count: 40)
    let outcome = try Tool.run(
      [
        "train", Tool.sketches, "--image-size", "1024", "--architecture",
        layers + "global-pool, flatten, dense",
      ], in: folder)
    expect(outcome, code: 64, "TB of memory", "bytes)", "lower --batch-size (64)")
    #expect(!folder.contents.contains("runs"))
  }

  @Test(arguments: [450_000, 600_000, 800_000, 1_500_000])
  func `with few addresses the tool works or says so, and does not hang`(kilobytes: Int) throws {
    let process = Process()
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = [
      "-c", "ulimit -v \(kilobytes) && exec timeout -s KILL 60 \"$@\" > out 2> err", "sh",
      Tool.path, "train", Tool.sketches, "--epochs", "1", "--image-size", "32", "--quiet",
    ]
    process.currentDirectoryURL = URL(filePath: folder.path)
    try process.run()
    process.waitUntilExit()
    let errors = String(decoding: try folder.read("err"), as: UTF8.self)
    #expect([0, 64].contains(process.terminationStatus), "\(errors)")
    if process.terminationStatus == 64 { #expect(errors.contains("of memory")) }
  }

  // MARK: Runs

  @Test func `a record that was changed is refused`() throws {
    try Tool.train("a", epochs: 1, in: folder)
    let record = try #require(
      JSONSerialization.jsonObject(with: Data(folder.read("runs/a/run.json"))) as? [String: Any])
    func write(_ change: (inout [String: Any], inout [String: Any]) -> Void) throws {
      var changed = record
      var choices = try #require(record["configuration"] as? [String: Any])
      change(&changed, &choices)
      changed["configuration"] = choices
      try folder.write(JSONSerialization.data(withJSONObject: changed), to: "runs/a/run.json")
    }
    let wrong: [(String, Any)] = [
      ("batch_size", 0), ("batch_size", Int.max), ("epochs", 0), ("epochs", Int.max),
      ("image_size", -1), ("image_size", 100_000), ("image_sizes", [Int]()),
      ("image_sizes", [0]), ("warmup", "inf"), ("warmup", -1), ("learning_rate", "nan"),
      ("label_smoothing", 2), ("validation_split", -1), ("patience", -1),
      ("mixing", ["mixup": 1e300, "cutmix": 0]), ("architecture", "flatten, dense"),
      ("optimizer", "adam:beta1=0.5"), ("objective", "mse"), ("limit", -5), ("image_size", 32),
      ("batch_size", 3),
    ]
    for (name, value) in wrong {
      try write { $1[name] = value }
      let outcome = try Tool.run(["train", "--resume", "runs/a"], in: folder)
      #expect([64, 65].contains(outcome.code), "\(name) \(value): \(outcome.errors)")
      #expect(outcome.complaints.count == 1, "\(name) \(value): \(outcome.errors)")
    }
    try write { record, _ in record["classes"] = ["dog", "cat"] }
    expect(try Tool.run(["train", "--resume", "runs/a", "--epochs", "3"], in: folder), code: 65)
    expect(try Tool.run(["evaluate", "runs/a"], in: folder), code: 65, "not those of the run")
  }

  @Test func `a state of another optimizer or place is refused`() throws {
    try Tool.train("a", epochs: 1, in: folder)
    try Tool.train("b", ["--optimizer", "adam:beta1=0.5"], epochs: 1, in: folder)
    let state = "checkpoints/last.state.safetensors"
    let own = try folder.read("runs/a/\(state)").withoutChecksum
    let resume = ["train", "--resume", "runs/a", "--epochs", "2"]
    try folder.write(folder.read("runs/b/\(state)"), to: "runs/a/\(state)")
    expect(try Tool.run(resume, in: folder), code: 65, "adam:beta1=0.5")
    // The same length, so that the header stays true.
    let bytes = Data(own)
    let range = try #require(bytes.range(of: Data(#"\"step_in_epoch\":0"#.utf8)))
    try folder.write(
      bytes.replacing(range, with: #"\"step_in_epoch\":1"#), to: "runs/a/\(state)")
    expect(try Tool.run(resume, in: folder), code: 65, "step")
    try folder.write(own, to: "runs/a/\(state)")
    #expect(try Tool.run(resume, in: folder).code == 0)
  }

  @Test func `a checkpoint of other classes inside a run is refused`() throws {
    try Tool.train("a", epochs: 1, in: folder)
    let path = "\(folder.path)/runs/a/checkpoints/best.safetensors"
    var checkpoint = try Checkpoint(contentsOf: path)
    checkpoint.description.classes = ["fox", "hen"]
    try checkpoint.write(to: path)
    expect(try Tool.run(["evaluate", path], in: folder), code: 65, "fox, hen", "cat, dog")
    expect(
      try Tool.run(["train", "--resume", "runs/a", "--epochs", "2"], in: folder), code: 65,
      "the classes")
  }
}

extension Data {
  /// This data with a range replaced by text.
  fileprivate func replacing(_ range: Range<Index>, with text: String) -> Data {
    self[..<range.lowerBound] + Data(text.utf8) + self[range.upperBound...]
  }
}
