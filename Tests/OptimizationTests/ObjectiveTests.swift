import Foundation
import Optimization
import TestSupport
import Testing

private struct Reference: Decodable {
  struct Case: Decodable, CustomTestStringConvertible {
    var objective: String, smoothing: Float
    var classes: Int, scale: Float, soft: Bool
    var loss: Double, gradient: [Double]

    var testDescription: String { "\(objective) \(classes) \(scale) \(soft) \(smoothing)" }
  }

  var batch: Int
  var cases: [Case]
}

private func targets(batch: Int, classes: Int, soft: Bool) -> Targets {
  var targets = Targets((0..<batch).map { $0 % classes }, classCount: classes)
  guard soft else { return targets }
  let rows = targets.probabilities
  let rolled = Array(rows.suffix(classes) + rows.dropLast(classes))
  targets = Targets(
    probabilities: zip(rows, rolled).map { 0.75 * $0 + 0.25 * $1 }, classCount: classes)
  return targets
}

@Suite struct ObjectiveTests {
  static let everyChoice =
    ObjectiveCatalogue.standard.allNames + [
      "mse:probabilities=true", "huber:delta=0.3,probabilities=true", "mae:probabilities=true",
      "expr:huber(y-p, 0.5) + 0.1*abs(p)", "expr:-y*log(p)", "expr:-y*logp/k + z^2",
    ]

  @Test func `losses and gradients agree with PyTorch in double precision`() throws {
    let reference = try fixture(Reference.self, "objectives.json", in: .module)
    #expect(reference.cases.count > 180)
    for c in reference.cases {
      let logits = hashedNumbers(stream: 300, count: reference.batch * c.classes)
        .map { $0 * c.scale }
      let objective = try ObjectiveChoice(c.objective)
        .makeObjective(classCount: c.classes, labelSmoothing: c.smoothing)
      let (loss, gradient) = objective.evaluate(
        logits: logits, targets: targets(batch: reference.batch, classes: c.classes, soft: c.soft))
      #expect(abs(Double(loss) - c.loss) <= 1e-6 * max(1, abs(c.loss)), "\(c.testDescription)")
      #expect(
        relativeDifference(gradient.map(Double.init), c.gradient) < 1e-6, "\(c.testDescription)")
    }
  }

  @Test func `every objective of the catalogue has a reference case`() throws {
    let reference = try fixture(Reference.self, "objectives.json", in: .module)
    let known = Set(reference.cases.map { $0.objective.prefix { $0 != ":" } }.map(String.init))
    for name in ObjectiveCatalogue.standard.allNames { #expect(known.contains(name), "\(name)") }
  }

  @Test(arguments: everyChoice)
  func `the gradient agrees with finite differences`(text: String) throws {
    let objective = try ObjectiveChoice(text).makeObjective(classCount: 3, labelSmoothing: 0.1)
    let logits = hashedNumbers(stream: 21, count: 12).map { 2 * $0 }
    let targets = targets(batch: 4, classes: 3, soft: true)
    let (_, gradient) = objective.evaluate(logits: logits, targets: targets)
    let numeric = logits.indices.map { index in
      var (up, down) = (logits, logits)
      up[index] += 0x1p-7
      down[index] -= 0x1p-7
      let difference =
        Double(objective.evaluate(logits: up, targets: targets).loss)
        - Double(objective.evaluate(logits: down, targets: targets).loss)
      return difference / Double(up[index] - down[index])
    }
    #expect(relativeDifference(gradient.map(Double.init), numeric) < 1e-3)
  }

  @Test(arguments: everyChoice)
  func `logits that are not a number give no number`(text: String) throws {
    let objective = try ObjectiveChoice(text).makeObjective(classCount: 2)
    #expect(objective.evaluate(logits: [.nan, 1, 0, 0], targets: [0, 1]).loss.isNaN)
  }

  @Test(arguments: everyChoice, [Float(1e4), 3e4])
  func `saturated logits give finite losses and gradients`(text: String, size: Float) throws {
    let objective = try ObjectiveChoice(text).makeObjective(classCount: 2)
    for label in 0...1 {
      let (loss, gradient) = objective.evaluate(logits: [size, -size], targets: [label])
      #expect(loss.isFinite)
      #expect(gradient.allSatisfy { $0.isFinite })
    }
  }

  @Test(arguments: everyChoice)
  func `a choice is read back from what it writes`(text: String) throws {
    let choice = try ObjectiveChoice(text)
    let again = try ObjectiveChoice(choice.description)
    #expect(again == choice)
    let data = try JSONEncoder().encode([choice])
    let decoded = try JSONDecoder().decode([ObjectiveChoice].self, from: data)
    #expect(decoded == [choice])
  }

  @Test(arguments: [
    ("hinje", "did you mean 'hinge'"), ("expr:", "empty"), ("expr: y - q", "'q' is unknown"),
    ("expr:huber(y-p", "closing bracket"), ("mse:delta=1", "has no parameter 'delta'"),
    ("kl:x=1", "takes no parameters"), ("quantile:tau=2", "from 0 to 1"),
  ])
  func `what is no objective is said on one line`(text: String, part: String) throws {
    let error = try #require(throws: ChoiceError.self) { try ObjectiveChoice(text) }
    #expect(error.description.contains(part), "\(error)")
  }

  @Test func `weights must be as many as classes`() throws {
    let choice = try ObjectiveChoice("cross-entropy:weights=1/2/3")
    #expect(throws: ChoiceError.self) { try choice.makeObjective(classCount: 2) }
  }

  @Test func `a batch of classes without weight teaches nothing`() throws {
    let objective = try ObjectiveChoice("cross-entropy:weights=0/1").makeObjective(classCount: 2)
    let (loss, gradient) = objective.evaluate(logits: [1, 2], targets: [0])
    #expect(loss == 0 && gradient == [0, 0])
  }
}
