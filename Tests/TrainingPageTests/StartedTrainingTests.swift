import Foundation
import LocalServer
import Support
import TestSupport
import Testing
import TrainingPage

/// Trainings that the page starts, with a script in the place of the program.
@Suite struct StartedTrainingTests {
  private func start(_ runs: RunsOnPage, _ words: [String]) throws -> (Int, [String: Any]) {
    let question = try JSONSerialization.data(withJSONObject: ["arguments": words])
    return try runs.ask("start", String(decoding: question, as: UTF8.self))
  }

  @Test func `the words reach the program as they are, without a shell`() throws {
    let runs = try RunsOnPage(
      script:
        #"cd "$(dirname "$0")"; printf '%s\n' "$@" > part; mv part words"#)
    let words = [
      "a folder", "--name=$(touch x)", "; rm -rf /", "'\"\\", "--epochs=2", "ü\nz", "--",
    ]
    #expect(try start(runs, words).0 == 200)
    #expect(RunsOnPage.wait { runs.folder.contents.contains("words") })
    let seen = String(decoding: try runs.folder.read("words"), as: UTF8.self)
    let all = ["train", "--out", "\(runs.folder.path)/runs"] + words
    #expect(seen == all.map { "\($0)\n" }.joined())
    #expect(
      try RunsOnPage.wait { try runs.list("runs", "trainings")[0]["code"] as? Int == 0 })
  }

  @Test func `a form is a command, and an empty field is left to the tool`() throws {
    let runs = try RunsOnPage(script: "exit 0")
    func ask(_ change: [String: String]) throws -> (status: Int, object: [String: Any]) {
      let names = [
        "data", "length", "network", "size", "optimizer", "rate", "seed", "name", "more",
      ]
      let form = Dictionary(uniqueKeysWithValues: names.map { ($0, "") })
        .merging(["unit": "budget"]) { $1 }.merging(change) { $1 }
      let question = try JSONSerialization.data(withJSONObject: form)
      return try runs.ask("form", String(decoding: question, as: UTF8.self))
    }
    let answer = try ask([
      "data": " -my photos ", "length": "10m", "rate": "0.01", "more": "--mixup 0.2 '--name=a b'",
    ]).object
    let words = [
      "--learning-rate=0.01", "--budget=10m", "--mixup", "0.2", "--name=a b", "./-my photos",
    ]
    #expect(answer["arguments"] as? [String] == words)
    let whole = ["marbles", "train", "--out", "\(runs.folder.path)/runs"] + words
    #expect(
      answer["command"] as? String == whole.map(\.shellWord).joined(separator: " "))
    #expect(try ask([:]).object["arguments"] as? [String] == [])
    let refused = try ask(["more": "'open"])
    #expect(refused.status == 400 && refused.object["field"] as? String == "more")
  }

  @Test func `what the program says and how it ends is shown`() throws {
    let runs = try RunsOnPage(script: "echo 'error: <no> folder' >&2; cat; exit 66")
    #expect(try start(runs, ["nowhere"]).0 == 200)
    #expect(
      try RunsOnPage.wait {
        let training = try runs.list("runs", "trainings")[0]
        return training["code"] as? Int == 66
          && training["messages"] as? String == "error: <no> folder\n"
      })
    #expect(try runs.list("runs", "trainings")[0]["is_running"] as? Bool == false)
  }

  @Test func `two train at once; stopped ones make room, and all end with the server`() throws {
    let runs = try RunsOnPage(
      script: "trap 'echo saved >&2; exit 130' INT; echo ready >&2; while :; do sleep 0.05; done")
    #expect(try start(runs, ["a"]).0 == 200 && start(runs, ["b"]).0 == 200)
    let refused = try start(runs, ["c"])
    #expect(refused.0 == 400)
    #expect((refused.1["message"] as? String)?.contains("2 trainings run already") == true)
    func training(_ number: Int) throws -> [String: Any] {
      try #require(
        try runs.list("runs", "trainings").first { $0["number"] as? Int == number })
    }
    #expect(
      try RunsOnPage.wait {
        try (1...2).allSatisfy { (try training($0)["messages"] as? String)?.isEmpty == false }
      })
    #expect(try runs.ask("stop", #"{"training":1}"#).status == 200)
    #expect(try RunsOnPage.wait { try training(1)["code"] as? Int == 130 })
    #expect(try runs.ask("stop", #"{"training":1}"#).status == 400)
    #expect(try runs.ask("stop", #"{"training":7}"#).status == 400)
    #expect(try start(runs, ["c"]).0 == 200)
    #expect(
      try RunsOnPage.wait { (try training(3)["messages"] as? String)?.isEmpty == false })
    runs.page.end()
    #expect(try training(2)["code"] as? Int == 130 && training(3)["code"] as? Int == 130)
    #expect(try start(runs, ["d"]).0 == 400)
  }

  @Test func `a folder for the run, a zero byte and a foreign run are refused`() throws {
    let runs = try RunsOnPage(script: "exit 0")
    for words in [["--out", "/tmp"], ["--out=/tmp"], ["a\0b"], Array(repeating: "a", count: 201)] {
      let answer = try start(runs, words)
      #expect(answer.0 == 400 && answer.1["field"] as? String == "arguments", "\(words)")
    }
    #expect(try runs.ask("start", #"{"resume":"../runs/a"}"#).status == 400)
    #expect(try runs.list("runs", "trainings").isEmpty)
    try runs.run("a")
    #expect(try runs.ask("start", #"{"resume":"a"}"#).status == 200)
    let words = try runs.list("runs", "trainings")[0]["arguments"] as? [String]
    #expect(words == ["train", "--resume", "\(runs.folder.path)/runs/a"])
  }

  @Test func `a program that is not there is said`() throws {
    let runs = try RunsOnPage(script: "exit 0")
    try FileManager.default.removeItem(atPath: "\(runs.folder.path)/program")
    let answer = try start(runs, ["a"])
    #expect(answer.0 == 400)
    #expect((answer.1["message"] as? String)?.contains("could not be started") == true)
  }

  @Test func `a training that does not stop is named, and ended at last`() throws {
    let runs = try RunsOnPage(script: "trap '' INT; echo ready >&2; while :; do sleep 0.05; done")
    #expect(try start(runs, ["a"]).0 == 200)
    #expect(
      try RunsOnPage.wait {
        (try runs.list("runs", "trainings")[0]["messages"] as? String)?.isEmpty == false
      })
    var notes: [String] = []
    let beginning = ContinuousClock.now
    runs.page.end(patience: (.milliseconds(300), .seconds(2))) { notes.append($0) }
    #expect(ContinuousClock.now - beginning > .seconds(2))
    #expect(notes.count == 2 && notes[0].contains("waiting for training 1 (process "))
    #expect(notes[0].contains("after 2 s") && notes[1].contains("is ended"))
    #expect(try runs.list("runs", "trainings")[0]["code"] as? Int == 128 + 9)
  }

  @Test func `choices for a run that goes on are refused, not ignored`() throws {
    let runs = try RunsOnPage(script: "exit 0")
    try runs.run("a")
    let answer = try runs.ask("start", #"{"resume":"a","arguments":["--epochs=3"]}"#)
    #expect(answer.status == 400 && answer.object["field"] as? String == "arguments")
    #expect(try runs.list("runs", "trainings").isEmpty)
  }
}
