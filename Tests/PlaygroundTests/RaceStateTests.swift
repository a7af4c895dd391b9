import Foundation
import LocalServer
import Optimization
import Playground
import Races
import Support
import Testing

/// What the page may send, and what it is told.
@Suite struct RaceStateTests {
  static func error(_ state: RaceState, steps: Int = 10) -> FieldError? {
    do throws(FieldError) {
      _ = try state.race(steps: steps)
      return nil
    } catch {
      return error
    }
  }

  static func answer(_ path: String, _ body: String) -> Response? {
    Playground.routes.first { $0.path == path && $0.method == .post }?
      .answer(Request(.post, path, body: Array(body.utf8)))
  }

  @Test func `a field that cannot be used is named`() throws {
    let cases: [(RaceState, String)] = [
      (RaceState("bowll", [.init("sgd")]), "surface"),
      (RaceState("bowl", []), "marbles"),
      (RaceState("bowl", Array(repeating: .init("sgd"), count: 7)), "marbles"),
      (RaceState("bowl", [.init("sgd"), .init("addam")]), "marbles.2.optimizer"),
      (RaceState("bowl", [.init("sgd:momentum=2")]), "marbles.1.optimizer"),
      (
        RaceState("bowl", [.init("sgd", changes: [.init(atStep: 1, to: "adam")])]),
        "marbles.1.changes.1.optimizer"
      ),
      (
        RaceState("bowl", [.init("sgd", changes: [.init(atStep: -1, to: "sgd")])]),
        "marbles.1.changes.1.step"
      ),
      (
        RaceState(
          "bowl",
          [.init("sgd", changes: Array(repeating: .init(atStep: 1, to: "sgd"), count: 201))]),
        "marbles.1.changes"
      ),
      (RaceState("bowl", start: [1, 2], [.init("sgd")]), "start"),
      (RaceState("expr: log(x)", start: [-1], [.init("sgd")]), "start"),
      (RaceState("bowl", window: [1, 0], [.init("sgd")]), "window"),
      (RaceState("bowl", [.init("sgd")], noise: -1), "noise"),
    ]
    for (state, field) in cases { #expect(Self.error(state)?.field == field, "\(state)") }
    #expect(Self.error(RaceState("bowl", [.init("sgd")]), steps: 10_001)?.field == "steps")
    #expect(Self.error(RaceState("bowl", [.init("sgd")])) == nil)
  }

  @Test func `the wrong character of a formula is told`() {
    let error = Self.error(RaceState("expr: x^2 + * y", [.init("sgd")]))
    #expect(error?.field == "surface" && error?.position == 6)
    #expect(error?.message.contains("at character 7") == true)
  }

  @Test func `what is no question is answered with a line`() throws {
    for body in [
      "", "{", "[]", "{}", #"{"race":{}}"#, #"{"race":{"surface":1,"marbles":[]}}"#,
      #"{"race":{"surface":"bowl","marbles":[{"optimizer":"sgd"}]},"first":-1}"#,
      #"{"race":{"surface":"bowl","marbles":[{"optimizer":"sgd"}]},"steps":1e99}"#,
      #"{"race":{"surface":"bowl","marbles":[{"optimizer":"sgd"}],"start":[1e999]}}"#,
      String(repeating: "[", count: 60_000),
    ] {
      let response = try #require(Self.answer("/playground/steps", body))
      #expect(response.status == 400, "\(body.prefix(80))")
      guard case .bytes(let bytes) = response.content else { continue }
      let text = String(decoding: bytes, as: UTF8.self)
      #expect(text.contains("\"field\":") && text.contains("\"message\":"))
    }
  }

  @Test func `every question of the page has an answer`() throws {
    let state = #"{"surface":"himmelblau","marbles":[{"optimizer":"adam"}]}"#
    for (name, more) in [
      ("race", ""), ("ground", ""), ("steps", ",\"steps\":20"), ("rates", ",\"steps\":20"),
      ("basins", ",\"steps\":20"), ("figure", ",\"kind\":\"map\",\"format\":\"svg\""),
      ("figure", ",\"kind\":\"landscape\",\"theme\":\"synthwave\""),
      ("figure", ",\"kind\":\"rates\",\"format\":\"pdf\""), ("figure", ",\"kind\":\"basins\""),
    ] {
      let response = try #require(Self.answer("/playground/\(name)", "{\"race\":\(state)\(more)}"))
      #expect(response.status == 200, "\(name)\(more)")
    }
    let curve = #"{"race":{"surface":"bowl","marbles":[{"optimizer":"newton"}]}}"#
    for name in ["rates", "basins"] {
      #expect(Self.answer("/playground/\(name)", curve)?.status == 400)
    }
  }

  @Test(arguments: Preset.all.map(\.name))
  func `every preset rolls`(name: String) throws {
    let preset = try #require(Preset.all.first { $0.name == name })
    let race = try preset.state.race(steps: 100)
    #expect(race.rolls().allSatisfy { $0.trajectory.count > 1 })
    #expect(preset.sentence.count > 60 && preset.sentence.hasSuffix("."))
  }

  @Test func `presets do what their sentences say`() throws {
    func outcomes(_ name: String) throws -> [Roll.Outcome] {
      let preset = try #require(Preset.all.first { $0.name == name })
      return try preset.state.race(steps: 100).rolls().map(\.outcome)
    }
    func isMinimum(_ outcome: Roll.Outcome) -> Bool {
      if case .minimum = outcome { true } else { false }
    }
    let rates = try outcomes("Three learning rates")
    if case .diverged = rates[2] {} else { Issue.record("\(rates)") }
    guard case .minimum(let slow) = rates[0], case .minimum(let quick) = rates[1] else {
      Issue.record("\(rates)")
      return
    }
    #expect(slow > 10 * quick)
    let wells = try outcomes("Local minimum")
    #expect(wells[0] == .localMinimum && isMinimum(wells[1]), "\(wells)")
    func steps(_ outcome: Roll.Outcome) -> Int {
      if case .minimum(let step) = outcome { step } else { .max }
    }
    let saddle = try outcomes("The saddle").map(steps)
    #expect(saddle[2] < saddle[0] && saddle[3] < saddle[0], "\(saddle)")
    let ravine = try outcomes("The ravine").map(steps)
    #expect(ravine[0] > 100 && ravine[1] < 100 && ravine[2] < 100, "\(ravine)")
    let valley = try outcomes("Rosenbrock's valley")
    #expect(isMinimum(valley[2]) && !isMinimum(valley[0]), "\(valley)")
  }
}
