import Foundation
import TestSupport
import Testing

/// What `evaluate` writes.
@Suite struct EvaluationFolderTests {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try Tool.train("a", epochs: 1, in: folder)
  }

  private static let figures = [
    "confusion", "confusion-examples", "roc", "precision-recall", "reliability", "confidence",
    "most-sure", "least-sure",
  ]

  private func names(_ path: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/\(path)")) ?? [])
      .sorted()
  }

  private func evaluate(_ words: String..., code: Int32 = 0) throws -> Tool.Outcome {
    let outcome = try Tool.run(["evaluate"] + words, in: folder)
    #expect(outcome.code == code, "\(words): \(outcome.errors)")
    return outcome
  }

  private func text(_ path: String) throws -> String {
    String(decoding: try folder.read(path), as: UTF8.self)
  }

  /// Sketches under other class names.
  private func copySketches(_ classes: [(name: String, animal: String, count: Int)]) throws {
    for (name, animal, count) in classes {
      for number in 1...count {
        let bytes = try Data(
          contentsOf: URL(
            filePath:
              "\(Tool.sketches)/\(animal)/\(animal)-00\(number < 10 ? "0" : "")\(number).jpg"
          ))
        try folder.write(bytes, to: "data/\(name)/\(animal)\(number).jpg")
      }
    }
  }

  @Test func `the evaluation of a run's own test images is kept in the run`() throws {
    let outcome = try evaluate("runs/a")
    #expect(outcome.output.contains("\nfigures, predictions and all numbers are in runs/a/eval"))
    let found = names("runs/a/evaluation").filter { $0 != "mistakes" }
    #expect(
      found == (Self.figures.map { "\($0).png" } + ["metrics.json", "predictions.csv"]).sorted())
    for name in Self.figures {
      #expect(try folder.read("runs/a/evaluation/\(name).png").starts(with: [0x89, 0x50]))
    }
  }

  @Test func `other images, parts and ways of measuring leave the run as it is`() throws {
    _ = try evaluate("runs/a", Tool.sketches)
    _ = try evaluate("runs/a", "--part", "train")
    #expect(try evaluate("runs/a", "--tta").output.hasSuffix("\nfigures with --tta need --out\n"))
    #expect(try !evaluate("runs/a", "--tta", "--part", "train").output.contains("figures"))
    _ = try evaluate("runs/a/checkpoints/last.safetensors")
    _ = try evaluate("runs/a", "--out", "mine")
    #expect(!names("runs/a").contains("evaluation"))
    #expect(names("mine").contains("metrics.json"))
    _ = try evaluate("runs/a", "--out", "drawn", "--format", "svg")
    #expect(try !text("drawn/roc.svg").contains("best.safetensors"))
  }

  @Test func `metrics_json is what --json prints`() throws {
    let outcome = try evaluate("runs/a", Tool.sketches, "--out", "e", "--json", "--slices", "size")
    let printed = try Tool.json(outcome) as NSDictionary
    let kept = try JSONSerialization.jsonObject(with: Data(folder.read("e/metrics.json")))
    #expect(printed == kept as? NSDictionary)
    #expect(printed["folder"] as? String == "e" && printed["slices"] != nil)
  }

  @Test func `scores agree with the table of predictions`() throws {
    let report = try Tool.json(evaluate("runs/a", Tool.sketches, "--out", "e", "--json"))
    let rows = try text("e/predictions.csv").split(separator: "\n").map {
      $0.split(separator: ",").map(String.init)
    }
    #expect(
      rows[0] == [
        "path", "class", "prediction", "probability_cat", "probability_dog", "right", "logit_cat",
        "logit_dog",
      ])
    let images = rows.dropFirst()
    #expect(images.allSatisfy { ($0[1] == $0[2]) == ($0[5] == "true") })
    // The area by its definition: pairs of a dog and a cat in the right order.
    let margin = images.map { row in
      (isDog: row[1] == "dog", value: (Double(row[7]) ?? .nan) - (Double(row[6]) ?? .nan))
    }
    var (pairs, ordered) = (0.0, 0.0)
    for dog in margin where dog.isDog {
      for cat in margin where !cat.isDog {
        pairs += 1
        ordered += dog.value > cat.value ? 1 : dog.value == cat.value ? 0.5 : 0
      }
    }
    let area = try #require((report["roc_auc"] as? [String: Any])?["mean"] as? Double)
    #expect(pairs == 144 && abs(area - ordered / pairs) < 1e-9)
    let brier = images.reduce(0.0) { sum, row in
      let own = Double(row[row[1] == "cat" ? 3 : 4]) ?? .nan
      return sum + 2 * (1 - own) * (1 - own)
    }
    let score = try #require(report["brier_score"] as? Double)
    #expect(abs(score - brier / 24) < 1e-5)
    let bins = try #require((report["calibration"] as? [String: Any])?["bins"] as? [[String: Any]])
    #expect(bins.count == 15 && bins.compactMap { $0["count"] as? Int }.reduce(0, +) == 24)
    #expect(report["top_k"] == nil && report["macro_f1"] is Double)
  }

  @Test func `every mistake is on a sheet, and sheets of an earlier evaluation go`() throws {
    let report = try Tool.json(evaluate("runs/a", Tool.sketches, "--out", "e", "--json"))
    let kinds = try #require(report["mistakes"] as? [[String: Any]])
    let wrong = 24 - (try #require(report["accuracy"] as? Double)) * 24
    #expect(abs(Double(kinds.compactMap { $0["count"] as? Int }.reduce(0, +)) - wrong) < 1e-6)
    let expected = kinds.map { "\($0["label"] ?? "")-as-\($0["prediction"] ?? "").png" }.sorted()
    #expect(!expected.isEmpty, "a network that makes no mistake after one epoch")
    #expect(names("e/mistakes") == expected)
    // As a person would: a note beside the sheets, which stays.
    try folder.write([1], to: "e/mistakes/note.txt")
    _ = try evaluate("runs/a", Tool.sketches, "--out", "e", "--format", "svg")
    #expect(
      names("e/mistakes")
        == (expected.map { $0.replacing(".png", with: ".svg") } + ["note.txt"]).sorted())
    #expect(names("e").contains("roc.svg") && !names("e").contains("roc.png"))
  }

  @Test func `an evaluation of something else that is replaced is named`() throws {
    func notes(_ words: String...) throws -> [Substring] {
      let outcome = try Tool.run(["evaluate", "runs/a", "--out", "e"] + words, in: folder)
      #expect(outcome.code == 0, "\(outcome.errors)")
      return outcome.errors.split(separator: "\n").filter { $0.hasPrefix("note: e held") }
    }
    #expect(try notes().isEmpty && notes().isEmpty)
    let first = try notes("--tta")
    #expect(
      first.first?.contains("evaluation of runs/a/checkpoints/best.safetensors on the test part")
        == true && first.first?.hasSuffix("which is replaced") == true, "\(first)")
    #expect(try notes("--tta").isEmpty)
    #expect(try notes(Tool.sketches).first?.contains("with --tta, which is replaced") == true)
    #expect(try notes(Tool.sketches, "--slices", "size,format").count == 1)
    let report = try Tool.run(["report", "e"], in: folder)
    #expect(report.code == 0, "\(report.errors)")
    #expect(try text("e/report.html").contains("--slices size,format --out e"))
    #expect(try notes().first?.contains("with --slices size,format, which") == true)
    _ = try Tool.run(["report", "e"], in: folder)
    let page = try text("e/report.html")
    #expect(page.contains("best.safetensors --part test --out e"))
    #expect(try notes("--precision", "bfloat16").count == 1)
    #expect(try notes("--precision", "bfloat16").isEmpty)
    let metrics = try JSONSerialization.jsonObject(with: Data(folder.read("e/metrics.json")))
    #expect((metrics as? [String: Any])?["precision"] as? String == "bfloat16")
    _ = try Tool.run(["report", "e"], in: folder)
    let rounded = try text("e/report.html")
    #expect(rounded.contains("--precision bfloat16 --out e"))
    #expect(rounded.contains("measured in bfloat16"))
    #expect(try notes().first?.contains("with --precision bfloat16, which") == true)
    #expect(try notes("--tta", "--quiet").isEmpty)
  }

  @Test func `nothing of the user's is replaced, and measuring goes on`() throws {
    try folder.write(Array("mine".utf8), to: "e/roc.png")
    expect(
      try Tool.run(["evaluate", "runs/a", "--out", "e"], in: folder), code: 73, ["e/roc.png"])
    _ = try evaluate("runs/a")
    try folder.write(Array("mine".utf8), to: "runs/a/evaluation/predictions.csv")
    let outcome = try evaluate("runs/a", "--json")
    #expect(try Tool.json(outcome)["folder"] == nil)
    #expect(
      outcome.errors.contains("note: figures and tables are not written: runs/a/evaluation/pred"),
      "\(outcome.errors)")
    #expect(try text("runs/a/evaluation/predictions.csv") == "mine")
    _ = try evaluate("runs/a", "--out", "runs/a/evaluation", "--overwrite")
    #expect(try text("runs/a/evaluation/predictions.csv").hasPrefix("path,class"))
  }

  @Test func `a link in the place of the run's folder is not followed`() throws {
    try FileManager.default.createDirectory(
      atPath: "\(folder.path)/elsewhere", withIntermediateDirectories: false)
    try FileManager.default.createSymbolicLink(
      atPath: "\(folder.path)/runs/a/evaluation", withDestinationPath: "../../elsewhere")
    let outcome = try evaluate("runs/a")
    #expect(outcome.errors.contains("runs/a/evaluation: is a link"), "\(outcome.errors)")
    #expect(names("elsewhere").isEmpty)
  }

  @Test func `a folder among the images is refused`() throws {
    try copySketches([("cat", "cat", 3), ("dog", "dog", 3)])
    expect(
      try Tool.run(["evaluate", "runs/a", "data", "--out", "data/e"], in: folder), code: 64,
      ["among the images"])
    #expect(names("data") == ["cat", "dog"])
    expect(
      try Tool.run(["evaluate", "runs/a", "--out", "runs/a"], in: folder), code: 64,
      ["runs/a: is a run"])
  }

  @Test func `sheets of hostile class names stay in their folder`() throws {
    let hostile = ["../../evil", "a b\u{1B}[31m", "Größe 猫"]
    try copySketches([("x", "cat", 1)])
    let lines = (1...12).flatMap { number -> [String] in
      let suffix = "00\(number < 10 ? "0" : "")\(number).jpg"
      return [
        "\(Tool.sketches)/cat/cat-\(suffix),\(hostile[0])",
        "\(Tool.sketches)/dog/dog-\(suffix),\(hostile[number % 2 + 1])",
      ]
    }
    try folder.write(
      Array((["path,label"] + lines).joined(separator: "\n").utf8), to: "list.csv")
    let trained = try Tool.run(
      ["train", "list.csv", "--name", "h", "--epochs", "1"] + Tool.tiny, in: folder)
    #expect(trained.code == 0, "\(trained.errors)")
    let report = try Tool.json(evaluate("runs/h", "list.csv", "--out", "e", "--json"))
    let sheets = names("e/mistakes")
    #expect(sheets.count == (report["mistakes"] as? [Any])?.count && !sheets.isEmpty)
    let parts = ["evil", "a-b-31m", "Größe-猫"]
    for sheet in sheets {
      #expect(
        parts.contains { a in parts.contains { sheet == "\(a)-as-\($0).png" } }, "\(sheet)")
    }
    #expect(!folder.contents.contains { $0.hasPrefix("evil") })
  }

  @Test func `the report fits 80 columns, and says what it means`() throws {
    let output = try evaluate("runs/a", Tool.sketches).output
    #expect(output.split(separator: "\n").allSatisfy { $0.count <= 80 }, "\(output)")
    for name in ["ROC AUC ", "AP ", "Brier ", "says ", "ECE ", "mean "] {
      #expect(output.contains("\n\(name)"), "no \(name) in \(output)")
    }
    #expect(!output.contains("\ntop "))
  }

  @Test func `images of one class have no curves`() throws {
    try copySketches([("cat", "cat", 3)])
    let outcome = try evaluate("runs/a", "data", "--out", "e")
    #expect(outcome.output.contains("ROC AUC   –   (needs images of two classes)"))
    #expect(!names("e").contains("roc.png") && names("e").contains("reliability.png"))
    let report = try Tool.json(evaluate("runs/a", "data", "--json"))
    #expect((report["roc_auc"] as? [String: Any])?["mean"] == nil)
    #expect(!outcome.output.contains("nan"))
  }

  @Test(arguments: [["--format", "svg"], ["--theme", "print"], ["--title", "x"]])
  func `options of figures are refused where none was asked for`(option: [String]) throws {
    expect(
      try Tool.run(["evaluate", "runs/a"] + option, in: folder), code: 64, [option[0], "--out"])
    if option[0] == "--title" {
      expect(
        try Tool.run(["evaluate", "runs/a", "--out", "e"] + option, in: folder), code: 64,
        ["for several figures"])
    }
  }
}
