import Foundation
import ObjectivePage
import Support
import Testing

/// Trainings that the page starts.
@Suite(.serialized) struct PracticeTests {
  private func start(_ page: AskedPage, _ objective: String) throws -> Int {
    let started = try page.ask("train", ObjectiveState([objective]))
    return try #require(started["training"] as? Int)
  }

  /// Asks until the training has ended.
  private func ended(_ page: AskedPage, _ training: Int) throws -> [String: Any] {
    let deadline = ContinuousClock.now + .seconds(240)
    while ContinuousClock.now < deadline {
      let answer = try page.ask("progress", #"{"training":\#(training)}"#)
      #expect(answer.isAnswer, "\(answer.object)")
      if answer.object["is_running"] as? Bool == false { return answer.object }
      usleep(50_000)
    }
    Issue.record("it does not end")
    return [:]
  }

  @Test func `a formula that is no number says at which step it fails`() throws {
    let page = AskedPage(mostSeconds: 1000)
    let result = try ended(page, start(page, "expr:exp((z-20*y)^2)"))
    #expect(result["outcome"] as? String == "fails")
    let words = try #require(result["words"] as? String)
    #expect(words.contains("diverged at step 1 (epoch 1)") && words.contains("the loss became inf"))
    #expect(!words.contains("\n") && !words.contains("cat-"))
  }

  @Test func `one training at a time, and who asks for an old one is told`() throws {
    let page = AskedPage(mostSeconds: 1000)
    let first = try start(page, "mse")
    let second = try page.ask("train", jsonText(ObjectiveState(["mae"])))
    #expect(!second.isAnswer && second.object["field"] as? String == "training")
    #expect(try page.ask("stop", #"{"training":\#(first)}"#).isAnswer)
    #expect(try ended(page, first)["words"] as? String == "It was stopped: on request.")
    let third = try start(page, "mae")
    #expect(third == first + 1)
    #expect(try !page.ask("progress", #"{"training":\#(first)}"#).isAnswer)
    #expect(try !page.ask("stop", #"{"training":0}"#).isAnswer)
    page.page.end()
    #expect(try !page.ask("train", jsonText(ObjectiveState(["mae"]))).isAnswer)
  }

  @Test func `a training whose page is gone ends by itself`() throws {
    let page = AskedPage(mostSeconds: 1000, patience: 0)
    let training = try start(page, "mse")
    sleep(1)
    #expect(try ended(page, training)["words"] as? String == "It was stopped: nobody looked.")
  }

  @Test func `a training ends when its time is over`() throws {
    let page = AskedPage(mostSeconds: 1)
    let result = try ended(page, start(page, "mse"))
    #expect(result["outcome"] as? String == "stopped")
    #expect(result["words"] as? String == "It was stopped: its 1 s are over.")
  }
}
