import Foundation
import LocalServer
import ObjectivePage
import Optimization
import Support
import Tensors
import TestSupport
import Testing

/// A page that is asked in JSON.
struct AskedPage {
  let page: ObjectivePage

  init(mostSeconds: Double = 30, patience: Double = 5) {
    page = ObjectivePage(
      workers: Workers(count: 2), mostSeconds: mostSeconds, patience: patience)
  }

  /// The answer, and whether it is no refusal.
  func ask(_ name: String, _ body: String) throws -> (isAnswer: Bool, object: [String: Any]) {
    let path = "/objective/\(name)"
    let route = try #require(page.routes.first { $0.path == path && $0.method == .post })
    let response = route.answer(Request(.post, path, body: Array(body.utf8)))
    guard case .bytes(let bytes) = response.content else { return (false, [:]) }
    let object = try exactJSON(bytes) as? [String: Any]
    return (response.status == 200, object ?? [:])
  }

  func ask(_ name: String, _ state: ObjectiveState) throws -> [String: Any] {
    let answer = try ask(name, jsonText(state))
    #expect(answer.isAnswer, "\(answer.object)")
    return answer.object
  }
}

/// What the page is told of objectives.
@Suite struct AnswerTests {
  let page = AskedPage()

  private func refusal(_ name: String, _ body: String) throws -> (field: String, message: String) {
    let answer = try page.ask(name, body)
    #expect(!answer.isAnswer)
    return (
      answer.object["field"] as? String ?? "", answer.object["message"] as? String ?? ""
    )
  }

  @Test func `values and slopes are those of the objective, bit for bit`() throws {
    let texts = ["expr:huber(y-p, 0.7)*exp(y)", "mae", "quantile:tau=0.8"]
    let answer = try page.ask("curves", ObjectiveState(texts, range: 1.7))
    let curves = try #require(answer["curves"] as? [[String: Any]])
    #expect(answer["place"] as? String == "error" && curves.count == 3)
    for (text, curve) in zip(texts, curves) {
      let own = ObjectiveCurve(try ObjectiveChoice(text), over: .error, reach: 1.7).samples
      #expect(curve["objective"] as? String == text)
      #expect(curve["values"] as? [Double] == own.map(\.value))
      #expect(curve["slopes"] as? [Double] == own.map(\.slope))
    }
  }

  @Test func `what is not finite is null`() throws {
    let answer = try page.ask("curves", ObjectiveState(["expr:log(y-p)"]))
    let values = try #require((answer["curves"] as? [[String: Any]])?[0]["values"] as? [Any])
    #expect(values[0] as? Double == log(3) && values[480] is NSNull)
  }

  @Test func `verdicts are those of the check, and marks lie where they were measured`() throws {
    let answer = try page.ask("check", ObjectiveState(["expr:(y-p)^2", "mae"]))
    let check = DistanceCheck(try ObjectiveChoice("expr:(y-p)^2"))
    let verdicts = try #require(answer["verdicts"] as? [[String: Any]])
    #expect(verdicts.map { $0["holds"] as? Bool } == check.verdicts.map(\.holds))
    #expect(verdicts.map { $0["words"] as? String } == check.verdicts.map(\.counterExample))
    // d(0, 2) = 4 > d(0, 1) + d(1, 2) = 1 + 1
    let marks = try #require(verdicts[3]["marks"] as? [[String: Any]])
    #expect(marks.map { $0["place"] as? Double } == [2, 1, 1])
    #expect(marks.map { $0["value"] as? Double } == [4, 1, 1])
    #expect(marks.allSatisfy { $0["is_on_curve"] as? Bool == true })
  }

  @Test func `a mark of another target is told from those on the curve`() throws {
    let answer = try page.ask("check", ObjectiveState(["expr:(y-p)^2*(1+y^2)"]))
    let verdicts = try #require(answer["verdicts"] as? [[String: Any]])
    let marks = try #require(verdicts[2]["marks"] as? [[String: Any]])
    // d(0, 1) = 1 but d(1, 0) = 2
    #expect(marks.map { $0["value"] as? Double } == [1, 2])
    #expect(marks.map { $0["is_on_curve"] as? Bool } == [true, false])
    // Errors have no place among margins.
    let margins = try page.ask("check", ObjectiveState(["mse", "cross-entropy"]))
    let others = try #require(margins["verdicts"] as? [[String: Any]])
    #expect(others.allSatisfy { ($0["marks"] as? [Any])?.isEmpty == true })
  }

  @Test func `lines are those of the fit, of objectives that measure numbers`() throws {
    var readings = ObjectiveState.firstReadings
    readings.moves = [.init(3, to: 9)]
    let state = ObjectiveState(["expr:abs(y-p)^1.5", "cross-entropy", "huber"], readings: readings)
    let answer = try page.ask("fit", state)
    let lines = try #require(answer["lines"] as? [[String: Any]])
    #expect(lines.map { $0["index"] as? Int } == [0, 2])
    for line in lines {
      let text = try #require(line["objective"] as? String)
      let fit = try LineFit(ObjectiveChoice(text), to: readings.readings)
      #expect(line["slope"] as? Double == fit.slope)
      #expect(line["intercept"] as? Double == fit.intercept && line["loss"] as? Double == fit.loss)
    }
    let told = try #require(answer["readings"] as? [[String: Any]])
    #expect(told.count == 16 && told[2]["value"] as? Double == 9)
    #expect(told.filter { $0["is_outlier"] as? Bool == true }.count == 3)
  }

  @Test func `objectives of classes alone fit no line`() throws {
    let answer = try page.ask("fit", ObjectiveState(["cross-entropy"]))
    #expect((answer["lines"] as? [Any])?.isEmpty == true)
    #expect(
      answer["reading"] as? String == "cross-entropy compares classes, and fits no line.")
    let mixed = try page.ask("fit", ObjectiveState(["expr:-y*logp", "mse"]))
    #expect(
      (mixed["reading"] as? String)?.hasSuffix("expr:-y*logp compares classes, and fits no line.")
        == true)
    let refused = try refusal(
      "figure", #"{"state":{"objectives":["cross-entropy"]},"kind":"fit"}"#)
    #expect(refused.field == "objectives")
  }

  @Test func `the wrong character of a formula is told`() throws {
    let answer = try page.ask("curves", #"{"objectives":["mse","expr: y + * p"]}"#)
    #expect(!answer.isAnswer && answer.object["field"] as? String == "objectives.2")
    #expect(answer.object["position"] as? Int == 4)
  }

  @Test(arguments: [
    (#"{"objectives":[]}"#, "objectives"),
    (#"{"objectives":["mse","mse","mse","mse","mse","mse","mse","mse","mse"]}"#, "objectives"),
    (#"{"objectives":["msee"]}"#, "objectives.1"),
    (#"{"objectives":["huber:delta=-1"]}"#, "objectives.1"),
    (#"{"objectives":["mse","expr:log(-1-y^2)"]}"#, "objectives.2"),
    (#"{"objectives":["mse","kl"],"over":"error"}"#, "objectives.2"),
    (#"{"objectives":["mse"],"over":"height"}"#, "over"),
    (#"{"objectives":["mse"],"range":0}"#, "range"),
    (#"{"objectives":["mse"],"range":1e300}"#, "range"),
    (#"{"objectives":["mse"],"rnage":1}"#, "request"),
    (#"{"objectives":["mse"],"range":"wide"}"#, "request"),
    (#"{"objectives":"mse"}"#, "request"),
    ("[]", "request"), ("", "request"),
  ])
  func `a field that cannot be used is named in one line`(body: String, field: String) throws {
    let refused = try refusal("curves", body)
    #expect(refused.field == field, "\(refused)")
    #expect(!refused.message.isEmpty && !refused.message.contains("\n"))
  }

  @Test(arguments: [
    (#""seed":1,"count":3,"noise":0,"outliers":0,"moves":[]"#, "readings.count"),
    (#""seed":1,"count":1000000,"noise":0,"outliers":0,"moves":[]"#, "readings.count"),
    (#""seed":1,"count":9,"noise":-1,"outliers":0,"moves":[]"#, "readings.noise"),
    (#""seed":1,"count":9,"noise":0,"outliers":2,"moves":[]"#, "readings.outliers"),
    (
      #""seed":1,"count":9,"noise":0,"outliers":0,"moves":[{"reading":10,"value":0}]"#,
      "readings.moves.1.reading"
    ),
    (
      #""seed":1,"count":9,"noise":0,"outliers":0,"moves":[{"reading":1,"value":1e9}]"#,
      "readings.moves.1.value"
    ),
    (
      #""seed":1,"count":9,"noise":0,"outliers":0,"moves":[{"reading":1,"value":1,"time":3}]"#,
      "request"
    ),
  ])
  func `readings that cannot be made are refused`(readings: String, field: String) throws {
    let refused = try refusal("fit", #"{"objectives":["mse"],"readings":{\#(readings)}}"#)
    #expect(refused.field == field, "\(refused)")
  }

  @Test(arguments: [
    (#"{"objectives":["mse",3]}"#, "objectives.2 cannot be used, expected a text"),
    (#"{"objectives":["mse"],"range":1e999}"#, "one of its numbers is out of range, or is none"),
    (#"{"objectives":["mse"],"range":01}"#, "one of its numbers is out of range, or is none"),
    (#"{"objectives":["mse"]"#, "expected JSON"),
    (#"{"range":1}"#, "objectives is missing"),
  ])
  func `what is wrong with a question is told in its terms`(body: String, message: String) throws {
    #expect(try refusal("curves", body).message == message)
  }

  @Test func `every objective of Marbles and every beginning can be shown`() throws {
    for text in ObjectiveCatalogue.standard.allNames {
      for name in ["curves", "check", "fit"] {
        #expect(try page.ask(name, #"{"objectives":["\#(text)"]}"#).isAnswer, "\(text)")
      }
    }
    let route = try #require(page.page.routes.first { $0.path == "/objective/catalogue" })
    guard case .bytes(let bytes) = route.answer(Request(.get, route.path, body: [])).content
    else { return }
    let catalogue = try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any]
    let starts = try #require(catalogue?["starts"] as? [[String: String]])
    #expect(starts.count > 5)
    for start in starts {
      let state = ObjectiveState(["expr:\(try #require(start["formula"]))"])
      _ = try page.ask("curves", state)
      _ = try page.ask("check", state)
    }
  }
}
