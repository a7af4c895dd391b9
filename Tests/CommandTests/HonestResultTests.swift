import Foundation
import ImageLoading
import TestSupport
import Testing
import Training

/// Results that would mislead are not printed without a word.
@Suite struct HonestResultTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func copy(_ animals: ClosedRange<Int>, to part: String) throws {
    for animal in ["cat", "dog"] {
      for number in animals {
        let file = "\(animal)/\(animal)-000\(number).jpg"
        let bytes = try Data(contentsOf: URL(filePath: "\(Tool.sketches)/\(file)"))
        try folder.write(Array(bytes), to: "data/\(part)/\(file)")
      }
    }
  }

  @Test func `test images that are trained on too are warned of`() throws {
    try copy(1...8, to: "train")
    try copy(7...9, to: "test")
    let trained = try Tool.run(
      ["train", "data", "--name", "a", "--epochs", "1", "--validation-split", "0"] + Tool.tiny,
      in: folder)
    #expect(trained.code == 0, "\(trained.errors)")
    #expect(
      trained.errors.contains("4 of 6 test images are copies of some to train on"),
      "\(trained.errors)")
    let report = try Tool.json(Tool.run(["evaluate", "runs/a", "--json"], in: folder))
    #expect(report["trained_on"] as? Int == 4)
    #expect(try Tool.run(["evaluate", "runs/a"], in: folder).errors.contains("trained on 4"))
  }

  /// Saves a sketch in another format, which changes its bytes but not how it looks.
  private func resave(_ sketch: String, to name: String) throws {
    let bytes = try Data(contentsOf: URL(filePath: "\(Tool.sketches)/\(sketch)"))
    let pixels = try ImageDecoder().decode(Array(bytes)).pixels
    try folder.write(ImageEncoder.png(pixels, level: 1), to: name)
  }

  private func train(_ options: [String]) throws -> (errors: String, report: [String: Any]) {
    // At this size the sketches are decoded as they are, whatever their format.
    let trained = try Tool.run(
      ["train", "data", "--name", "a", "--epochs", "1"] + Tool.tiny + ["--image-size", "64"]
        + options, in: folder)
    #expect(trained.code == 0, "\(trained.errors)")
    let report = try JSONSerialization.jsonObject(
      with: Data(folder.read("runs/a/data-report.json")))
    return (trained.errors, try #require(report as? [String: Any]))
  }

  @Test func `near copies of training images in a ready-made test part are warned of`() throws {
    try copy(1...8, to: "train")
    try copy(9...9, to: "test")
    try resave("cat/cat-0002.jpg", to: "data/test/cat/again.png")
    let (errors, report) = try train(["--validation-split", "0"])
    let pair = "test/cat/again.png ≈ train/cat/cat-0002.jpg"
    #expect(
      errors.contains("1 of 3 test images is a near copy of one to train on (\(pair))"), "\(errors)"
    )
    let overlaps = try #require(report["overlaps"] as? [[String: Any]])
    #expect(overlaps.map { $0["part"] as? String } == ["test"])
    #expect(
      overlaps.first?["near_copies"] as? [[String]]
        == [["test/cat/again.png", "train/cat/cat-0002.jpg"]])
    let scanned = try Tool.run(["data", "scan", "data"], in: folder)
    #expect(scanned.output.contains("trained on 1\n  \(pair)"), "\(scanned.output)")
  }

  @Test func `copies on both sides of a split file are warned of`() throws {
    try copy(1...8, to: "all")
    try resave("cat/cat-0002.jpg", to: "data/all/cat/again.png")
    let file = try folder.write([], to: "split.json")
    let made = try Tool.run(["data", "split", "data", "--out", file, "--overwrite"], in: folder)
    #expect(made.code == 0, "\(made.errors)")
    var split = try JSONDecoder().decode(Split.self, from: Data(folder.read("split.json")))
    for index in split.entries.indices {
      split.entries[index].split = split.entries[index].path.contains("again") ? .test : .train
    }
    try folder.write(JSONEncoder().encode(split), to: "split.json")
    let (errors, _) = try train(["--split-file", "split.json"])
    #expect(errors.contains("1 of 1 test image is a near copy of one to train on"), "\(errors)")
  }

  @Test func `test images that chose the network as validation images are warned of`() throws {
    try copy(1...6, to: "train")
    try copy(7...8, to: "validation")
    try copy(8...9, to: "test")
    try resave("cat/cat-0007.jpg", to: "data/test/cat/again.png")
    let (errors, report) = try train([])
    let pair = "test/cat/cat-0008.jpg = validation/cat/cat-0008.jpg"
    #expect(
      errors.contains("2 of 5 test images are copies of some for validation (\(pair))"), "\(errors)"
    )
    #expect(errors.contains("1 of 5 test images is a near copy of one for validation ("))
    let overlap = try #require((report["overlaps"] as? [[String: Any]])?.first)
    #expect(overlap["part"] as? String == "test" && overlap["original"] as? String == "validation")
    let scanned = try Tool.run(["data", "scan", "data"], in: folder)
    #expect(scanned.output.contains("validated  3\n  \(pair)"), "\(scanned.output)")
  }

  @Test func `images with two labels are warned of`() throws {
    try copy(1...8, to: "all")
    let bytes = try folder.read("data/all/cat/cat-0003.jpg")
    try folder.write(bytes, to: "data/all/dog/copy.jpg")
    try resave("cat/cat-0002.jpg", to: "data/all/dog/again.png")
    let (errors, report) = try train([])
    #expect(
      errors.contains(
        "1 group of equal images with different labels (all/cat/cat-0003.jpg = all/dog/copy.jpg)")
        && errors.contains(
          "1 group of nearly equal images with different labels "
            + "(all/cat/cat-0002.jpg ≈ all/dog/again.png)"),
      "\(errors)")
    #expect(
      report["near_conflicts"] as? [[String]] == [["all/cat/cat-0002.jpg", "all/dog/again.png"]])
    let scanned = try Tool.run(["data", "scan", "data"], in: folder)
    #expect(scanned.output.contains("relabeled  1\n"), "\(scanned.output)")
  }

  @Test func `too few images because they are copies are said to be copies`() throws {
    for animal in ["cat", "dog"] {
      let bytes = try Data(
        contentsOf: URL(filePath: "\(Tool.sketches)/\(animal)/\(animal)-0001.jpg"))
      for number in 1...3 { try folder.write(bytes, to: "data/\(animal)/\(number).jpg") }
    }
    let outcome = try Tool.run(["train", "data"] + Tool.briefly, in: folder)
    expect(
      outcome, code: 65, "6 images are too few to keep some for validation: they are 2 groups",
      "a list with path,label,split")
  }

  @Test func `too few images of each class for validation are said to be`() throws {
    try copy(1...2, to: "")
    let outcome = try Tool.run(["train", "data"] + Tool.briefly, in: folder)
    expect(outcome, code: 65, "no class has more than 2 images to train on", "needs 3 to keep one")
  }

  @Test(arguments: [("val", "validation"), ("test", "test")])
  func `a ready-made part that cannot be read is not replaced without a word`(
    part: String, name: String
  ) throws {
    try copy(1...8, to: "train")
    for animal in ["cat", "dog"] { try folder.write([1], to: "data/\(part)/\(animal)/1.jpg") }
    for command in [["train", "data"] + Tool.briefly, ["data", "scan", "data"]] {
      let outcome = try Tool.run(command, in: folder)
      #expect(outcome.code == 65, "\(outcome.errors)")
      #expect(
        outcome.errors.contains(
          "data: none of the files for \(name) (2) can be read (\(part)/cat/1.jpg: "),
        "\(outcome.errors)")
    }
  }

  @Test func `a class with images for the test only is said to have none to train on`() throws {
    try copy(1...8, to: "train")
    var list = "path,label,split\n"
    for animal in ["cat", "dog"] {
      for number in 1...8 {
        let label = number == 8 && animal == "cat" ? "Cat" : animal
        let part = number < 6 ? "train" : number == 6 ? "validation" : "test"
        list += "data/train/\(animal)/\(animal)-000\(number).jpg,\(label),\(part)\n"
      }
    }
    try folder.write(Array(list.utf8), to: "list.csv")
    let outcome = try Tool.run(["train", "list.csv"] + Tool.briefly, in: folder)
    expect(
      outcome, code: 65, "'Cat' has images for validation or test (1) but none to train on")
  }

  @Test func `a limit is the number of images, and is refused below one of each class`() throws {
    try copy(1...8, to: "all")
    _ = try train(["--validation-split", "0", "--test-split", "0", "--limit", "3"])
    let entries = try JSONDecoder().decode(Split.self, from: Data(folder.read("runs/a/split.json")))
      .entries
    #expect(entries.count == 3)
    for animal in ["eel", "fox"] {
      try folder.write(folder.read("data/all/cat/cat-0001.jpg"), to: "data/all/\(animal)/1.jpg")
    }
    let outcome = try Tool.run(["train", "data", "--limit", "3"] + Tool.briefly, in: folder)
    expect(outcome, code: 64, "--limit is 3, but there are 4 classes; give 4 or more")
  }

  @Test func `a test folder whose classes are spelled differently is the one that is measured`()
    throws
  {
    try copy(1...7, to: "train")
    try copy(8...9, to: "test")
    for (old, new) in [("cat", "Cats"), ("dog", "Dogs")] {
      try FileManager.default.moveItem(
        atPath: "\(folder.path)/data/test/\(old)", toPath: "\(folder.path)/data/test/\(new)")
    }
    let (errors, _) = try train([])
    #expect(errors.contains("'Cats' is read as 'cat', 'Dogs' is read as 'dog'"), "\(errors)")
    let split = try JSONDecoder().decode(Split.self, from: Data(folder.read("runs/a/split.json")))
    let tested = split.entries.filter { $0.split == .test }
    #expect(tested.count == 4 && tested.allSatisfy { $0.path.hasPrefix("test/") })
    #expect(Set(tested.map(\.class)) == ["cat", "dog"])
  }

  @Test func `a test of images from the training folder is said to be one`() throws {
    try copy(1...8, to: "train")
    for animal in ["Katze", "Hund"] {
      try folder.write(folder.read("data/train/cat/cat-0001.jpg"), to: "data/test/\(animal)/1.jpg")
    }
    let trained = try Tool.run(
      ["train", "data", "--name", "a", "--epochs", "1", "--quiet"] + Tool.tiny, in: folder)
    #expect(trained.output.contains("held out from the training folder"), "\(trained.output)")
    let other = try Tool.train("b", epochs: 1, in: folder)
    #expect(!other.output.contains("held out from the training folder"), "\(other.output)")
  }

  @Test func `what a checkpoint without its run was trained on is not known`() throws {
    try Tool.train("a", epochs: 1, in: folder)
    try FileManager.default.moveItem(
      atPath: "\(folder.path)/runs/a/checkpoints/best.safetensors",
      toPath: "\(folder.path)/loose.safetensors")
    try FileManager.default.removeItem(atPath: "\(folder.path)/runs")
    let report = try Tool.json(
      Tool.run(["evaluate", "loose.safetensors", Tool.sketches, "--json"], in: folder))
    #expect(report["count"] as? Int == 24)
    #expect(report["trained_on"] == nil)
  }

  @Test func `a network that answers with no numbers is refused`() throws {
    try Tool.train("a", epochs: 1, in: folder)
    let path = "\(folder.path)/runs/a/checkpoints/best.safetensors"
    var checkpoint = try Checkpoint(contentsOf: path)
    for index in checkpoint.parameters.scalars.indices {
      checkpoint.parameters.scalars[index] = .greatestFiniteMagnitude
    }
    try checkpoint.write(to: "\(folder.path)/wild.safetensors")
    for words in [["predict", "wild.safetensors"], ["evaluate", "wild.safetensors"]] {
      let outcome = try Tool.run(words + [Tool.sketches], in: folder)
      #expect(outcome.code == 65)
      #expect(outcome.output.isEmpty)
      #expect(outcome.errors.contains("answers are not numbers"), "\(outcome.errors)")
    }
  }
}
