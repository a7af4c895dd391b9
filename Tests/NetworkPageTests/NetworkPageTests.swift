import Foundation
import LocalServer
import Support
import Testing

import NetworkPage

/// What the page of a small network is answered.
@Suite struct NetworkPageTests {
  private struct Question: Encodable {
    var state: NetworkState, step: Int, sample: Int?, isCoarse = true
  }

  private struct Refused: Error { var status: Int, text: String }

  private func ask(
    _ page: NetworkPage, _ state: NetworkState, step: Int, sample: Int? = nil,
    about name: String = "step"
  ) throws -> [String: Any] {
    try send(page, name, jsonText(Question(state: state, step: step, sample: sample)))
  }

  private func send(
    _ page: NetworkPage, _ name: String, _ body: String
  ) throws -> [String: Any] {
    let route = try #require(page.routes.first { $0.path == "/network/\(name)" })
    let response = route.answer(Request(.post, route.path, body: Array(body.utf8)))
    guard case .bytes(let bytes) = response.content else { throw Refused(status: 0, text: "") }
    guard response.status == 200 else {
      throw Refused(status: response.status, text: String(decoding: bytes, as: UTF8.self))
    }
    return try #require(
      try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
  }

  /// The loss on the samples that are trained on.
  private func loss(_ answer: [String: Any]) -> Double? {
    (answer["training"] as? [String: Any])?["loss"] as? Double
  }

  /// All that an answer says, comparable to the last bit.
  private func text(_ answer: [String: Any]) throws -> String {
    String(
      decoding: try JSONSerialization.data(withJSONObject: answer, options: .sortedKeys),
      as: UTF8.self)
  }

  /// Goes on until a step is reached.
  private func reach(
    _ page: NetworkPage, _ state: NetworkState, step: Int
  ) throws -> [String: Any] {
    while true {
      let answer = try ask(page, state, step: step)
      if answer["step"] as? Int == step || answer["end"] is String { return answer }
    }
  }

  // MARK: Numbers

  @Test func `a link gives the numbers of the first visit, however it is reached`() throws {
    var state = NetworkState("spirals", count: 60, layers: [5, 3], optimizer: "adam:ema=0.9")
    state.points = [[1, 1, 0], [-2.5, 0.25, 1]]
    state.changes = [.init(atStep: 10, rate: 0.05), .init(atStep: 25, rate: 0.002)]
    let first = NetworkPage()
    for step in [0, 1, 7, 8, 10, 24, 25, 40] { _ = try reach(first, state, step: step) }
    let visited = try text(reach(first, state, step: 41))
    #expect(try text(reach(NetworkPage(), state, step: 41)) == visited)
    // Others have come meanwhile, and this one was let go of.
    for seed: UInt64 in 10..<30 {
      var other = state
      other.seed = seed
      _ = try ask(first, other, step: 2)
    }
    #expect(first.keptCount == KeptTrainings.most)
    #expect(try text(reach(first, state, step: 41)) == visited)
  }

  @Test func `a rate that is changed holds from its step on`() throws {
    let page = NetworkPage()
    var state = NetworkState("circles", count: 40)
    let plain = try text(reach(page, state, step: 12))
    state.changes = [.init(atStep: 12, rate: 0.5)]
    #expect(try text(reach(page, state, step: 12)) == plain)
    let changed = try text(reach(page, state, step: 14))
    state.changes = nil
    #expect(try text(reach(page, state, step: 14)) != changed)
    state.changes = [.init(atStep: 11, rate: 0.5)]
    #expect(try text(reach(page, state, step: 12)) != plain)
  }

  @Test(arguments: ["clouds", "circles", "xor", "spirals"])
  func `points are told apart after some hundred steps`(data: String) throws {
    var state = NetworkState(data, noise: 0.05, layers: [8, 8], rate: 0.02)
    state.batch = 30
    let answer = try reach(NetworkPage(), state, step: 900)
    let test = try #require(answer["test"] as? [String: Any])
    let right = try #require(test["correct"] as? Int)
    #expect(test["count"] as? Int == 500 && right > 450, "\(data): \(right)")
    let before = try #require(loss(ask(NetworkPage(), state, step: 0)))
    #expect(try #require(loss(answer)) < before / 3)
  }

  @Test func `a curve has the same points for the same step, and never many`() throws {
    var curve = LossCurve()
    for epoch in 0..<5000 where curve.isDue(atEpoch: epoch) {
      curve.add(step: epoch, training: 1, validation: nil)
    }
    #expect(curve.points.count <= LossCurve.most && curve.points.count > LossCurve.most / 3)
    let steps = curve.points.compactMap(\.[0])
    #expect(Set(zip(steps, steps.dropFirst()).map { $1 - $0 }).count == 1)
  }

  @Test func `sketches are learned, and every picture is there`() throws {
    var state = NetworkState("sketches", count: 40, layers: [6, 4], activation: "relu")
    state.batch = 8
    let page = NetworkPage()
    let before = try ask(page, state, step: 0, sample: 3)
    let after = try reach(page, state, step: 30)
    let (first, last) = (
      try #require(before["sketch"] as? [String: Any]),
      try #require(after["sketch"] as? [String: Any])
    )
    #expect((last["filters"] as? [String])?.count == 6)
    #expect((last["maps"] as? [[String]])?.map(\.count) == [6, 4])
    #expect(first["filters"] as? [String] != last["filters"] as? [String])
    #expect(try #require(loss(after)) < #require(loss(before)))
    #expect(throws: Refused.self) { _ = try ask(page, state, step: 0, sample: 40) }
    #expect(throws: Refused.self) { _ = try ask(page, state, step: 0, about: "ledger") }
  }

  // MARK: Bounds

  @Test func `what is kept is bounded, and ends without questions`() {
    let kept = KeptTrainings()
    let start = ContinuousClock.now
    let states = (0..<20).map { NetworkState("xor", seed: $0) }
    for state in states { kept.keep(NetworkSnapshot(), of: state, now: start) }
    #expect(kept.count == KeptTrainings.most)
    _ = kept.snapshot(of: states[0], before: 5, now: start + .seconds(599))
    #expect(kept.count == KeptTrainings.most)
    _ = kept.snapshot(of: states[0], before: 5, now: start + .seconds(601))
    #expect(kept.count == 0)
  }

  @Test func `a question trains for a bounded number of steps`() throws {
    let page = NetworkPage()
    let state = NetworkState("circles", batch: 100)
    let answer = try ask(page, state, step: 100_000)
    #expect(answer["step"] as? Int == 80)
    #expect(answer["steps_at_once"] as? Int == 80)
    #expect(try ask(page, state, step: 100_000)["step"] as? Int == 160)
  }

  @Test func `a training that is lost says so, and goes on at another rate`() throws {
    let page = NetworkPage()
    var state = NetworkState(
      "circles", count: 40, activation: "relu", objective: "mse", optimizer: "sgd", rate: 1e6)
    let lost = try reach(page, state, step: 500)
    #expect((lost["end"] as? String)?.contains("lower the learning rate") == true)
    #expect(try #require(lost["step"] as? Int) < 500)
    state.rate = 0.01
    #expect(try reach(page, state, step: 40)["step"] as? Int == 40)
  }

  // MARK: Hostile fields

  @Test(arguments: [
    (#""layers":[4,4]"#, #""layers":[]"#, "layers"),
    (#""layers":[4,4]"#, #""layers":[9]"#, "layers"),
    (#""layers":[4,4]"#, #""layers":[1,1,1,1,1]"#, "layers"),
    (#""layers":[4,4]"#, #""layers":"4""#, "request"),
    (#""data":"circles""#, #""data":"../etc""#, "data"),
    (#""activation":"tanh""#, #""activation":"conv 8 3x3""#, "activation"),
    (#""objective":"cross-entropy""#, #""objective":"expr:("#, "objective"),
    (#""optimizer":"adam""#, #""optimizer":"adamm""#, "optimizer"),
    (#""optimizer":"adam""#, #""optimizer":"adam:beta1=7""#, "optimizer"),
    (#""rate":0.01"#, #""rate":-1"#, "rate"), (#""rate":0.01"#, #""rate":"nan""#, "rate"),
    (#""noise":0.2"#, #""noise":1e300"#, "noise"), (#""noise":0.2"#, #""noise":"nan""#, "noise"),
    (#""count":300"#, #""count":2000000000"#, "count"), (#""count":300"#, #""count":1"#, "count"),
    (#""validation":0.3"#, #""validation":1"#, "validation"),
    (#""batch":16"#, #""batch":0"#, "batch"), (#""seed":1"#, #""seed":-1"#, "request"),
    (#""step":0"#, #""step":-1"#, "step"), (#""step":0"#, #""step":9000000"#, "step"),
    (#""batch":16"#, #""batch":16,"points":[[0,0,2]]"#, "points"),
    (#""batch":16"#, #""batch":16,"points":[[0,"inf",1]]"#, "points"),
    (#""batch":16"#, #""batch":16,"points":[[0]]"#, "points"),
    (#""batch":16"#, #""batch":16,"changes":[{"step":5,"rate":1},{"step":5,"rate":2}]"#, "changes"),
  ])
  func `a field that cannot be used is named in one line`(
    good: String, bad: String, field: String
  ) throws {
    let body = jsonText(Question(state: NetworkState("circles"), step: 0, sample: nil))
    #expect(body.contains(good), "\(body)")
    let quote = bad.hasSuffix("(") ? "\"" : ""
    do {
      _ = try send(NetworkPage(), "step", body.replacing(good, with: bad + quote))
      Issue.record("\(bad) is taken")
    } catch let refused as Refused {
      #expect(refused.status == 400)
      #expect(refused.text.contains(#""field":"\#(field)""#), "\(refused.text)")
      #expect(!refused.text.contains("\\n"))
    }
  }

  @Test func `every activation, optimizer and objective of the catalogue trains`() throws {
    let page = NetworkPage()
    let route = try #require(page.routes.first { $0.path == "/network/catalogue" })
    guard case .bytes(let bytes) = route.answer(Request(.get, route.path, body: [])).content else {
      return
    }
    let all = try #require(
      try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
    let optimizers = try #require(all["optimizers"] as? [[String: Any]]).compactMap {
      $0["name"] as? String
    }
    func trains(_ change: (inout NetworkState) -> Void) throws {
      var state = NetworkState("clouds", count: 40, layers: [3])
      change(&state)
      #expect(try ask(page, state, step: 3)["step"] as? Int == 3, "\(state)")
    }
    let activations = try #require(all["activations"] as? [String])
    let objectives = try #require(all["objectives"] as? [String])
    for name in activations { try trains { $0.activation = name } }
    for name in objectives { try trains { $0.objective = name } }
    #expect(optimizers.count > 15)
    for name in optimizers { try trains { $0.optimizer = name } }
  }

  @Test func `a network is told in words`() throws {
    let answer = try ask(NetworkPage(), NetworkState("circles", count: 40, layers: [3]), step: 0)
    let words = try #require(answer["words"] as? String)
    let sentence = #/Step 0, epoch 0: it gets \d+ of 500 new points right \(\d+\.\d%\)\. /#
    #expect(words.prefixMatch(of: sentence) != nil && words.hasSuffix(" held out."), "\(words)")
    #expect((answer["network"] as? String)?.hasSuffix(" · 17 parameters") == true)
    let plane = try #require(answer["plane"] as? [String: Any])
    let names = try #require(plane["names"] as? [String])
    #expect(names == (1...3).map { "neuron \($0) of layer 1" } + ["output 0", "output 1"])
    let told = try #require(plane["words"] as? String)
    #expect(
      told.hasPrefix("Network of 2 inputs, 3 hidden neurons and 2 outputs. Largest weights: "))
    #expect(told.matches(of: #/ from (input [xy]|neuron \d of layer 1) to /#).count == 3, "\(told)")
  }

  // MARK: The ledger

  @Test(arguments: NetworkPage.activations)
  func `every gradient of the largest network agrees with its finite difference`(
    activation: String
  ) throws {
    let page = NetworkPage()
    let state = NetworkState("spirals", layers: [8, 8, 8, 8], activation: activation)
    _ = try reach(page, state, step: 20)
    let ledger = try ask(page, state, step: 20, sample: 2, about: "ledger")
    let checks = try #require(ledger["checks"] as? [[String: Any]])
    #expect(checks.count >= 258 + 2)
    #expect(checks.allSatisfy { ["right", "kink"].contains($0["verdict"] as? String) })
    let steps = try #require(ledger["steps"] as? [[String: Any]])
    // Ten layers, softmax and loss, forward and backward.
    #expect(steps.count == 2 * (9 + 2))
    let words = try #require(ledger["words"] as? String)
    #expect(words.hasPrefix("The point (") && words.contains("; loss 0."), "\(words)")
    #expect((ledger["values"] as? [[Double]])?.map(\.count) == [2, 8, 8, 8, 8, 2])
    #expect((ledger["gradients"] as? [[Double]])?.map(\.count) == [2, 8, 8, 8, 8, 2])
    #expect(throws: Refused.self) {
      _ = try ask(page, state, step: 20, sample: 300, about: "ledger")
    }
  }
}
