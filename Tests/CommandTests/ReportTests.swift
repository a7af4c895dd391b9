import Foundation
import TestSupport
import Testing

/// What `report` writes.
@Suite struct ReportTests {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try Tool.train("a", ["--test-split", "0.4"], in: folder)
  }

  @discardableResult
  private func run(_ words: String..., code: Int32 = 0) throws -> Tool.Outcome {
    let outcome = try Tool.run(words, in: folder)
    #expect(outcome.code == code, "\(words): \(outcome.errors)")
    return outcome
  }

  private func text(_ path: String) throws -> String {
    String(decoding: try folder.read(path), as: UTF8.self)
  }

  private func json(_ path: String) throws -> [String: Any] {
    let value = try JSONSerialization.jsonObject(with: Data(folder.read(path)))
    return try #require(value as? [String: Any])
  }

  private func percentage(_ value: Any?) throws -> String {
    String(format: "%.1f%%", 100 * (try #require(value as? Double)))
  }

  /// What is read on a page, without its markup.
  private func words(_ page: String) -> String {
    page.replacing(/(?s)<(style|svg|script).*?<\/(style|svg|script)>/, with: "").replacing(
      /<[^>]*>/, with: "")
  }

  /// Checks what holds of every report.
  private func expectWhole(_ page: String, sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(page.hasPrefix("<!DOCTYPE html>"), sourceLocation: sourceLocation)
    #expect(page.hasSuffix("</html>\n"), sourceLocation: sourceLocation)
    #expect(page.utf8.count < 3_000_000, "\(page.utf8.count)", sourceLocation: sourceLocation)
    let ids = page.matches(of: /\sid="([^"]*)"/).map(\.1)
    #expect(Set(ids).count == ids.count, sourceLocation: sourceLocation)
    let addresses = page.matches(of: /(?:src|href)="([^"]*)"/).map(\.1)
    #expect(
      addresses.allSatisfy { $0.hasPrefix("#") || $0.hasPrefix("data:image/") },
      sourceLocation: sourceLocation)
    let scripts = page.matches(of: /(?s)<script>(.*?)<\/script>/).map(\.1)
    #expect(
      scripts.count == 1 && page.matches(of: /<script/).count == 1, sourceLocation: sourceLocation)
    // The policy allows just this text.
    let hex = Array(sha256(Array((scripts.first ?? "").utf8)))
    let digest = stride(from: 0, to: hex.count - 1, by: 2).compactMap {
      UInt8(String(hex[$0...($0 + 1)]), radix: 16)
    }
    #expect(
      page.contains("script-src &#39;sha256-\(Data(digest).base64EncodedString())&#39;;"),
      "sha256-\(Data(digest).base64EncodedString())", sourceLocation: sourceLocation)
  }

  // MARK: Runs

  @Test func `the report of a run is kept in it, with its result, its choices and its files`()
    throws
  {
    let outcome = try run("report", "runs/a")
    #expect(outcome.output == "runs/a/report.html\n")
    let page = try text("runs/a/report.html")
    expectWhole(page)
    let record = try json("runs/a/run.json")
    let result = try #require(record["result"] as? [String: Any])
    #expect(words(page).contains("Right on \(try percentage(result["test_accuracy"])) of"))
    #expect(words(page).contains(try #require(record["data_fingerprint"] as? String)))
    #expect(words(page).contains("marbles train \(Tool.sketches)"))
    for name in ["best.safetensors", "last.safetensors"] {
      let bytes = try folder.read("runs/a/checkpoints/\(name)")
      #expect(words(page).contains(name) && page.contains(sha256(bytes)))
    }
    #expect(page.contains("id=\"loss\"") && page.contains("id=\"accuracy\""))
    // Nothing was evaluated.
    #expect(!page.contains("id=\"confusion\"") && !page.contains("<img"))
  }

  private func sha256(_ bytes: [UInt8]) -> String {
    let process = Process(), output = Pipe(), input = Pipe()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["sha256sum"]
    (process.standardInput, process.standardOutput) = (input, output)
    guard (try? process.run()) != nil else { return "no sha256sum" }
    input.fileHandleForWriting.write(Data(bytes))
    try? input.fileHandleForWriting.close()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    return String(text.prefix(64))
  }

  @Test func `a run that was evaluated shows where it is wrong, with small images`() throws {
    try run("evaluate", "runs/a")
    try run("report", "runs/a")
    let page = try text("runs/a/report.html")
    expectWhole(page)
    let metrics = try json("runs/a/evaluation/metrics.json")
    let kinds = try #require(metrics["mistakes"] as? [[String: Any]])
    let wrong = kinds.reduce(0) { $0 + ($1["count"] as? Int ?? 0) }
    #expect(page.matches(of: /<img src="data:image\/jpeg;base64,\/9j\//).count == min(24, wrong))
    let area = try #require((metrics["roc_auc"] as? [String: Any])?["mean"] as? Double)
    #expect(words(page).contains(String(format: "%.4f", area)))
    for score in try #require(metrics["scores"] as? [[String: Any]]) {
      let recall = try percentage(score["recall"])
      #expect(words(page).contains(recall))
    }
    for id in ["confusion", "roc", "precision-recall", "reliability", "confidence"] {
      #expect(page.contains("id=\"\(id)\""))
    }
  }

  @Test func `images that are gone are named, and found where they are now`() throws {
    try FileManager.default.copyItem(
      atPath: Tool.sketches, toPath: "\(folder.path)/mine")
    try run(["train", "mine", "--name", "b", "--test-split", "0.4"] + Tool.briefly)
    try run("evaluate", "runs/b")
    try FileManager.default.moveItem(
      atPath: "\(folder.path)/mine", toPath: "\(folder.path)/yours")
    try run("report", "runs/b")
    let without = try text("runs/b/report.html")
    #expect(!without.contains("<img") && words(without).contains("not where they were"))
    try run("report", "runs/b", "--data", "yours")
    #expect(try text("runs/b/report.html").contains("<img"))
    expect(try Tool.run(["report", "runs/b", "--data", "mine"], in: folder), code: 66, "mine")
  }

  private func run(_ words: [String]) throws {
    let outcome = try Tool.run(words, in: folder)
    #expect(outcome.code == 0, "\(outcome.errors)")
  }

  @Test func `a report changes nothing of the run, and can be written again`() throws {
    func content() throws -> [String: [UInt8]] {
      let files = folder.contents.filter { $0.hasPrefix("runs/a/") && !$0.hasSuffix("report.html") }
      return Dictionary(
        uniqueKeysWithValues: files.map { ($0, (try? folder.read($0)) ?? []) })
    }
    let before = try content()
    try run("report", "runs/a")
    let first = try text("runs/a/report.html")
    try run("report", "runs/a")
    #expect(try content() == before)
    #expect(try text("runs/a/report.html") == first)
    try run("train", "--resume", "runs/a", "--epochs", "3")
    try run("report", "runs/a")
    #expect(try text("runs/a/report.html") != first)
  }

  @Test func `several runs are laid side by side with what differs`() throws {
    try Tool.train("b", ["--test-split", "0.4", "--optimizer", "sgd"], in: folder)
    try run("report", "runs/a", "runs/b", "--out", "both.html")
    let page = try text("both.html")
    expectWhole(page)
    for name in ["a", "b"] {
      let result = try json("runs/\(name)/run.json")["result"] as? [String: Any]
      #expect(words(page).contains(try percentage(result?["test_accuracy"])))
    }
    let rows = page.matches(of: /(?s)<th scope="row" class="phrase">(.*?)<\/th>/).map {
      words(String($0.1))
    }
    #expect(rows.contains("optimizer") && rows.contains("learning rate"))
    #expect(!rows.contains("batch size") && !rows.contains("seed"))
  }

  @Test func `a run that has not ended has what it reached so far`() throws {
    try Tool.train("b", ["--test-split", "0.4", "--optimizer", "sgd"], in: folder)
    var record = try json("runs/b/run.json")
    let result = try #require(record.removeValue(forKey: "result") as? [String: Any])
    record["status"] = "interrupted"
    try JSONSerialization.data(withJSONObject: record)
      .write(to: URL(filePath: "\(folder.path)/runs/b/run.json"))
    try run("report", "runs/a", "runs/b", "--out", "both.html")
    let rows = try text("both.html").matches(of: /(?s)<tr>(.*?)<\/tr>/).map { words(String($0.1)) }
    let row = try #require(rows.first { $0.contains("interrupted") })
    #expect(row.contains(try percentage(result["validation_accuracy"])), "\(row)")
    try run("report", "runs/b")
    let page = words(try text("runs/b/report.html"))
    #expect(page.contains("validation images; the run was interrupted"), "\(page.prefix(900))")
  }

  @Test func `a run that diverged has a report that says so`() throws {
    _ = try Tool.train("lost", ["--optimizer", "sgd", "--learning-rate", "1e30"], in: folder)
    #expect(try json("runs/lost/run.json")["status"] as? String == "diverged")
    try run("report", "runs/lost")
    let page = try text("runs/lost/report.html")
    expectWhole(page)
    #expect(words(page).contains("Training diverged at step"))
  }

  @Test func `tables that are cut and checkpoints that are damaged are named on the page`() throws {
    for name in ["metrics.csv", "steps.csv", "layers.csv", "checkpoints/last.safetensors"] {
      let whole = try folder.read("runs/a/\(name)")
      try folder.write(whole.dropLast(9), to: "runs/a/\(name)")
      let warning = try run("report", "runs/a").errors
      #expect(warning.hasPrefix("runs/a/\(name): "), "\(warning)")
      let page = words(try text("runs/a/report.html"))
      if name.hasSuffix(".csv") {
        #expect(page.contains(warning.dropLast()), "\(warning)")
      } else {
        #expect(page.contains("last.safetensors (damaged)"))
      }
      try folder.write(whole, to: "runs/a/\(name)")
    }
    try folder.write([], to: "runs/a/checkpoints/best.safetensors")
    #expect(try run("report", "runs/a").errors.contains("best.safetensors: "))
    let page = words(try text("runs/a/report.html"))
    #expect(page.contains("best.safetensors (damaged)"))
    #expect(!page.contains("last.safetensors (damaged)"))
  }

  // MARK: Folders

  @Test func `the report of an evaluation agrees with its numbers, without the network`() throws {
    try run("evaluate", "runs/a", Tool.sketches, "--out", "e", "--slices", "size")
    try FileManager.default.removeItem(atPath: "\(folder.path)/runs")
    #expect(try run("report", "e").output == "e/report.html\n")
    let page = try text("e/report.html")
    expectWhole(page)
    #expect(page.contains("<title>Evaluation of a</title>"), "\(page.prefix(400))")
    let metrics = try json("e/metrics.json")
    #expect(words(page).contains("Right on \(try percentage(metrics["accuracy"])) of 24 images"))
    let unseen = try #require(metrics["unseen"] as? [String: Any])
    #expect(
      words(page).contains(
        "\(try percentage(unseen["accuracy"])) of \(try #require(unseen["count"] as? Int))"))
  }

  @Test func `the report of a comparison has its verdicts and its trainings`() throws {
    try run(
      ["compare", Tool.sketches, "--optimizers", "adam,sgd", "--seeds", "2", "--rates", "3"]
        + Tool.briefly)
    #expect(try run("report", "comparison").output == "comparison/report.html\n")
    let page = try text("comparison/report.html")
    expectWhole(page)
    let summary = try json("comparison/comparison.json")
    #expect(words(page).contains(try #require(summary["answer"] as? String)))
    for one in try #require(summary["optimizers"] as? [[String: Any]]) {
      #expect(words(page).contains(try percentage(one["accuracy"])))
    }
    // The numbers that the figures have are beside the names.
    let best = try #require(summary["optimizers"] as? [[String: Any]])[0]["optimizer"]
    #expect(words(page).contains("1 \(try #require(best as? String))"))
    let trainings = try text("comparison/comparison.csv").split(separator: "\n").count - 1
    #expect(words(page).contains("Every training (\(trainings))"))
    for id in ["accuracies", "course", "sensitivity"] { #expect(page.contains("id=\"\(id)\"")) }
    // What is cut between two lines is not whole, either.
    for name in ["curves.csv", "comparison.csv"] {
      let whole = try folder.read("comparison/\(name)")
      let lines = whole.split(separator: UInt8(ascii: "\n"))
      try folder.write(
        Array(lines.dropLast().joined(separator: [UInt8(ascii: "\n")])) + [UInt8(ascii: "\n")],
        to: "comparison/\(name)")
      expect(
        try Tool.run(["report", "comparison"], in: folder), code: 65, "comparison/\(name)",
        "not whole")
      try folder.write(whole, to: "comparison/\(name)")
    }
    try FileManager.default.removeItem(atPath: "\(folder.path)/comparison/comparison.json")
    expect(
      try Tool.run(["report", "comparison"], in: folder), code: 66, "comparison", "has not ended")
  }

  @Test func `networks that are compared have a folder with a report, written again from it`()
    throws
  {
    try Tool.train("b", ["--test-split", "0.4", "--optimizer", "sgd"], in: folder)
    let outcome = try run("compare", "runs/a", "runs/b", "--out", "c", "--label", "A <b>,Größe")
    let names =
      ["comparison.png", "networks.csv", "pairs.csv", "hits.csv"]
      + ["comparison.json", "report.html"]
    #expect(
      outcome.output.split(separator: "\n").suffix(6).map(String.init) == names.map { "c/\($0)" })
    let page = try text("c/report.html")
    expectWhole(page)
    let summary = try json("c/comparison.json")
    #expect(
      words(page).contains(try #require(summary["images"] as? Int).formatted() + " images of"))
    for network in try #require(summary["networks"] as? [[String: Any]]) {
      #expect(words(page).contains(try percentage(network["accuracy"])))
    }
    #expect(page.contains("A &lt;b&gt;") && page.contains("Größe"))
    #expect(page.contains(">1 <bdi>") && page.contains(">2 <bdi>"))
    #expect(page.contains(">exact</th>"))
    #expect(
      words(page).contains("marbles compare runs/a/checkpoints/best.safetensors"), "\(words(page))")
    let hits = try text("c/hits.csv").split(separator: "\n").dropFirst().map {
      $0.split(separator: ",").suffix(2)
    }
    let differing = hits.count { Set($0).count > 1 }
    #expect(
      words(page).contains(
        differing == 0 ? "They are right on the same images." : "are the other \(differing)."))
    #expect(words(page).contains(" --out c") && page.matches(of: /Marbles \d/).count == 1)
    for id in ["accuracies", "differences"] { #expect(page.contains("id=\"\(id)\"")) }
    #expect(try text("c/networks.csv").split(separator: "\n").count == 3)
    #expect(try text("c/pairs.csv").split(separator: "\n").count == 2)
    #expect(try run("report", "c").output == "c/report.html\n")
    #expect(try text("c/report.html") == page)
    // Again, also over what it wrote; not over a table that is somebody's own.
    try run("compare", "runs/a", "runs/b", "--out", "c")
    try folder.write(Array("path,label,a,b\n".utf8), to: "c/hits.csv")
    expect(
      try Tool.run(["compare", "runs/a", "runs/b", "--out", "c"], in: folder), code: 73, "hits.csv")
    expect(try Tool.run(["report", "c"], in: folder), code: 65, "c/hits.csv", "is not of")
    expect(
      try Tool.run(["compare", "runs/a", "runs/b", "--label", "a,a"], in: folder), code: 64,
      "'a' twice")
  }

  @Test func `networks that are right on the same images are not told apart by any`() throws {
    try FileManager.default.copyItem(
      atPath: "\(folder.path)/runs/a", toPath: "\(folder.path)/runs/twin")
    try run("compare", "runs/a", "runs/twin", "--out", "same")
    let page = words(try text("same/report.html"))
    #expect(page.contains("They are right on the same images.") && !page.contains("the other 0"))
  }

  // MARK: Names

  @Test func `names of classes and files are shown, whatever they are`() throws {
    let names = ["<img src=x onerror=alert(1)>", "猫 \u{202E}abc", "a\nb \u{1B}[31m", "'\"&amp;"]
    for (number, name) in names.enumerated() {
      for image in 1...6 {
        let animal = number % 2 == 0 ? "cat" : "dog"
        let bytes = try Data(
          contentsOf: URL(
            filePath: "\(Tool.sketches)/\(animal)/\(animal)-000\(image + number / 2).jpg"))
        try folder.write(bytes, to: "strange/\(name)/<b>\(number) \(image).jpg")
      }
    }
    try run(["train", "strange", "--name", "s", "--test-split", "0.4"] + Tool.briefly)
    try run("evaluate", "runs/s")
    try run("report", "runs/s")
    let page = try text("runs/s/report.html")
    expectWhole(page)
    #expect(!page.contains("<img src=x") && page.contains("&lt;img src=x onerror=alert(1)&gt;"))
    #expect(page.contains("猫 ‹U+202E›abc") && page.contains("a␊b ␛[31m"))
    #expect(page.contains("&#39;&quot;&amp;amp;") && !page.contains("<b>"))
    #expect(!page.unicodeScalars.contains("\u{202E}") && !page.unicodeScalars.contains("\u{1B}"))
  }

  // MARK: Output

  @Test func `--json names the page, --out - prints it`() throws {
    let report = try Tool.json(run("report", "runs/a", "--json"))
    #expect(report["report"] as? String == "runs/a/report.html")
    #expect(report["bytes"] as? Int == (try folder.read("runs/a/report.html").count))
    #expect(try run("report", "runs/a", "--out", "-").output == text("runs/a/report.html"))
    expect(
      try Tool.run(["report", "runs/a", "--out", "-", "--json"], in: folder), code: 64, "--json")
  }

  @Test func `a report that is killed is whole or absent`() throws {
    try run("evaluate", "runs/a")
    for delay in stride(from: 0.01, to: 0.5, by: 0.05) {
      let process = try Tool.start(["report", "runs/a"], in: folder)
      Thread.sleep(forTimeInterval: delay)
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
      guard let page = try? text("runs/a/report.html") else { continue }
      expectWhole(page)
    }
    try run("report", "runs/a")
    expectWhole(try text("runs/a/report.html"))
    // What a kill leaves is cleared away.
    #expect(!folder.contents.contains { $0.contains("report.html.") || $0.contains("/.report") })
  }
}
