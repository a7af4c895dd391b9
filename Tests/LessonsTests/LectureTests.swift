import Foundation
import Lessons
import Optimization
import TestSupport
import Testing

private struct Reference: Decodable { var answers: [String: Double] }

@Suite struct LectureTests {
  let lecture = Lecture.standard

  private func exercise(_ key: String) throws -> Exercise {
    try #require(lecture.exercises.first { $0.key == key }?.exercise, "\(key)")
  }

  private func right(_ key: String) throws -> String {
    guard case .choice(let choices, let place) = try exercise(key).answer else { return "" }
    return choices[place]
  }

  // MARK: Truth

  @Test func `every number is what PyTorch works out`() throws {
    let reference = try fixture(Reference.self, "lessons.json", in: .module).answers
    var numbers = 0
    for (key, exercise) in lecture.exercises {
      let (value, tolerance): (Double, Double)
      switch exercise.answer {
      case .choice: continue
      case .count(let count): (value, tolerance) = (Double(count), 0)
      case .number(let number, let within): (value, tolerance) = (number, within)
      }
      numbers += 1
      let expected = try #require(reference[key], "\(key) is not in Tools/reference/lessons.py")
      // Marbles roll in single precision.
      let slack = tolerance == 0 && value == value.rounded() ? 1e-9 : 2e-6 * max(1, abs(value))
      #expect(abs(value - expected) <= slack, "\(key): \(value), PyTorch \(expected)")
    }
    #expect(numbers == reference.count)
  }

  @Test func `what a choice says of objectives and surfaces is so`() throws {
    #expect(try right("distances/symmetry") == "It is not symmetric.")
    let verdicts = DistanceCheck(.crossEntropy).verdicts
    let holds = Dictionary(uniqueKeysWithValues: verdicts.map { ($0.property, $0.holds) })
    #expect(holds[.symmetric] == false && holds[.neverNegative] == true && holds[.convex] == true)

    #expect(try right("own-objective/cube").hasPrefix("It is negative"))
    let cube = DistanceCheck(try ObjectiveChoice("expr:(y-p)^3"))
    #expect(cube.verdicts.first { $0.property == .neverNegative }?.holds == false)

    #expect(try right("marbles/pass") == "On the pass, at (0, 0).")
    let roll = try Roll(MarbleChoice("sgd"), on: Surface("saddle"), from: [-2.5, 0], steps: 100)
    #expect(roll.outcome == .saddle)

    #expect(try right("momentum/across").hasPrefix("It damps"))
    var velocity = 0.0
    for step in 0..<200 { velocity = 0.9 * velocity + (step % 2 == 0 ? 1 : -1) }
    #expect(abs(abs(velocity) - 1 / 1.9) < 1e-6)
    #expect(try exercise("momentum/across").explanation.contains("0.53"))
  }

  @Test func `of three marbles on two wells only momentum leaves the shallow one`() throws {
    let command = try #require(
      lecture.slides.flatMap(\.commands).first { $0.text.contains("two-wells") })
    #expect(command.text.contains("--optimizers sgd,momentum,adam --learning-rate 0.1 "))
    let caught = try ["sgd", "momentum", "adam"].map { name in
      try Roll(MarbleChoice(name), on: Surface("two-wells"), rate: 0.1, steps: 100)
        .outcome == .localMinimum
    }
    #expect(caught == [true, false, true])
  }

  // MARK: Shape

  @Test func `every slide has a name of its own, words, and three exercises`() {
    #expect(lecture.slides.count >= 15)
    #expect(Set(lecture.slides.map(\.name)).count == lecture.slides.count)
    #expect(Set(lecture.exercises.map(\.key)).count == lecture.exercises.count)
    for slide in lecture.slides {
      #expect(slide.exercises.count == 3, "\(slide.name)")
      #expect(!slide.words.isEmpty && !slide.commands.isEmpty, "\(slide.name)")
      #expect(slide.name.allSatisfy { $0.isLowercase || $0 == "-" }, "\(slide.name)")
    }
  }

  @Test func `every solution is accepted as it is shown`() {
    for (key, exercise) in lecture.exercises {
      #expect(!exercise.solution.contains("e+"), "\(key): \(exercise.solution)")
      guard case .choice = exercise.answer else {
        #expect(exercise.check(exercise.solution) == .right(note: nil), "\(key)")
        continue
      }
      #expect(exercise.check("(\(exercise.solution.prefix(1)))") == .right(note: nil), "\(key)")
    }
  }

  @Test func `every known mistake is wrong, and is told from the others`() {
    for (key, exercise) in lecture.exercises {
      for mistake in exercise.mistakes {
        let text = exercise.text(of: mistake)
        #expect(
          exercise.check(text) == .wrong(meaning: mistake.meaning, note: nil), "\(key): \(text)")
      }
    }
  }

  @Test func `the right choice is not always the same letter`() {
    let letters = lecture.exercises.compactMap { _, exercise in
      if case .choice(_, let right) = exercise.answer { right } else { nil }
    }
    #expect(letters.count >= 9 && Set(letters) == [0, 1, 2])
    for (key, exercise) in lecture.exercises {
      guard case .choice(let choices, _) = exercise.answer else { continue }
      #expect(exercise.mistakes.count == choices.count - 1, "\(key) has two right choices")
    }
  }

  @Test func `a figure is named in its command or lies in the run it trains`() {
    for command in lecture.slides.flatMap(\.commands) {
      for figure in command.figures {
        let parts = figure.path.split(separator: "/")
        // 'plot' writes several figures into a folder.
        let name = parts[0] == "runs" ? "--name \(parts[1])" : String(parts[0])
        #expect(command.text.contains(name), "\(command.text): \(figure.path)")
      }
    }
  }

  @Test func `a figure of an earlier slide lies where one of its commands writes`() {
    var earlier: [String] = []
    var count = 0
    for slide in lecture.slides {
      for figure in slide.earlierFigures {
        let parts = figure.path.split(separator: "/")
        let option = parts[0] == "runs" ? "--name \(parts[1])" : "--out \(parts[0])"
        #expect(earlier.contains { $0.hasSuffix(option) }, "\(slide.name): \(figure.path)")
        count += 1
      }
      earlier += slide.commands.map(\.text)
    }
    #expect(count >= 5)
  }

  @Test func `no two commands of the lecture write the same file`() {
    let figures = lecture.slides.flatMap(\.figures).map(\.path)
    #expect(Set(figures).count == figures.count && figures.count > 20)
  }

  @Test func `a misspelled slide is recognized`() {
    #expect(lecture.slide(named: "bowls").meant == "bowl")
    #expect(lecture.slide(named: "bowl").slide?.name == "bowl")
    #expect(lecture.slide(named: "zzzzz").meant == nil)
  }
}
