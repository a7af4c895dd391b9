import Foundation
import Tensors

/// Runs every command that writes, at every place where it must not, and with wrong options.
struct Commands {
  private static let part = "commands"

  /// Commands that write; `OUT` is where, `DATA` the images, `RUN` a finished run.
  private static let writers = [
    "data mean DATA --out OUT", "data stats DATA --out OUT", "data show DATA --count 4 --out OUT",
    "data split DATA --out OUT", "data sketch OUT --count 4", "data view IMAGE --out OUT",
    "evaluate RUN --predictions OUT", "evaluate RUN --confusion OUT", "evaluate RUN --out OUT",
    "plot RUN --out OUT", "report RUN --out OUT",
    "objective plot huber --out OUT", "objective fit huber --out OUT",
    "schedules cosine --plot --out OUT", "roll bowl --steps 20 --out OUT",
    "roll bowl --steps 20 --csv OUT", "roll bowl --steps 20 --animation OUT",
    "roll bowl --steps 5 --landscape OUT", "roll bowl --steps 5 --rate-map OUT",
    "roll bowl --steps 5 --basin-map OUT",
    "bench step --architecture dense --image-size 8 --seconds 0.01 --save OUT",
    "bench step --architecture dense --image-size 8 --seconds 0.01 --losses OUT",
    "train DATA --epochs 1 --image-size 8 --architecture flatten,dense --out OUT",
    "train DATA --epochs 1 --image-size 8 --architecture flatten,dense --out WORK --name notes.csv",
    "train LIST --epochs 1 --image-size 8 --architecture flatten,dense --out OUT",
    "train DATA --epochs 1 --image-size 8 --architecture flatten,dense --out NEW --cache disk"
      + " --cache-limit 0.00000308 --cache-folder CACHE",
    "data scan LIST", "data split LIST --out OUT", "data mean LIST --out OUT",
    "predict RUN IMAGE --csv", "inspect RUN", "inspect OUT", "predict OUT IMAGE",
    "train OUT --epochs 1 --image-size 8", "train DATA --split-file OUT", "evaluate OUT",
  ]
  /// Options that take a number, and numbers that nobody expects.
  private static let options = [
    "image-size", "learning-rate", "momentum", "weight-decay", "warmup", "label-smoothing",
    "batch-size", "patience", "validation-split", "test-split", "limit", "mixup", "cutmix",
    "cache-limit", "seed", "threads", "smoothing", "range", "over", "noise", "outliers", "start",
    "window", "readings", "classes", "bias", "theme", "format", "x", "optimizer", "objective",
    "schedule", "optimizers", "architecture",
  ]
  private static let values = [
    "-1", "0", "nan", "inf", "-inf", "1e308", "-1e308", "1e-320", "9223372036854775807",
    "9223372036854775808", "-9223372036854775808", "0.9", "1e9", "", " ", ",", "1,", "1..2", "a\nb",
    "0,0", "1e300,1e300", "nan,nan", "adam:rate=1e300", "x^x^x^x", "1/0", "((((", "-1e308:1e308",
    "0:0", "1:0", "step:every=0", "🐈", "--", "conv 1000000 99x99, flatten, dense",
  ]

  var tool: Tool
  var run: Run
  var table: Table
  var seed: UInt64

  /// Tries them in an order of chance.
  func attempt(until end: ContinuousClock.Instant, short: Bool) throws {
    let images = try FileManager.default.subpathsOfDirectory(atPath: run.data).sorted()
      .filter { $0.hasSuffix(".jpg") }.prefix(16).map { "\(run.data)/\($0)" }
    var canary = try Canary(path: "\(run.folder)/canary", images: images)
    var generator = SeededGenerator(seed: seed, stream: 3)
    var all = Self.writers.flatMap { words in
      let places = words.contains("OUT") ? canary.targets : [""]
      return places.map { (words: words, out: $0, option: String?.none, value: "") }
    }
    for _ in 0..<all.count / 3 {
      all.append(
        (
          words: Self.writers.randomElement(using: &generator) ?? "", out: "OWN",
          option: Self.options.randomElement(using: &generator),
          value: Self.values.randomElement(using: &generator) ?? ""
        ))
    }
    all.shuffle(using: &generator)
    if short { all = Array(all.prefix(40)) }
    table.plan(Self.part, all.count)
    for item in all where ContinuousClock.now < end {
      let folder = try run.makeFolder()
      let names = [
        "OUT": item.out == "OWN" ? "\(folder)/out.png" : item.out, "DATA": canary.photos,
        "RUN": "\(run.folder)/reference/runs/x", "IMAGE": "\(canary.photos)/cat/cat-0.jpg",
        "LIST": canary.list, "CACHE": "\(canary.path)/cache", "WORK": "\(canary.path)/desk",
        "NEW": "\(folder)/runs",
      ]
      var words = item.words.split(separator: " ").map { names[String($0)] ?? String($0) }
      if let option = item.option { words += ["--\(option)=\(item.value)"] }
      let ending = try tool.run(words, in: folder)
      let example = words.joined(separator: " ")
      let knowsImages = item.words.contains("DATA") || item.words.contains("LIST")
      tool.judge(ending, Self.part, table: table, example: example)
      for change in try canary.changes(countsImages: knowsImages) {
        table.add(.changed, Self.part, "\(item.words): \(change)", example: example)
      }
      table.count(Self.part)
      try FileManager.default.removeItem(atPath: folder)
    }
  }
}
