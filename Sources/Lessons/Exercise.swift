internal import Foundation
internal import Support

/// A question with an answer that can be checked.
package struct Exercise: Sendable {
  /// What is asked for.
  package enum Answer: Sendable {
    /// A number, and how far from it is still right.
    case number(Double, within: Double)
    /// A whole number, exactly.
    case count(Int)
    /// One of several texts, the first being a).
    case choice([String], right: Int)
  }

  /// A wrong answer that is often given, and what it means.
  package struct Mistake: Sendable {
    /// The number that is given, or the place of the choice.
    let answer: Double
    /// What led there, whole sentences.
    package let meaning: String
  }

  /// What an answer is worth.
  package enum Verdict: Hashable, Sendable {
    /// `note` says how a text was read where that is not plain.
    case right(note: String?)
    /// `meaning` is nil unless the mistake is a known one.
    case wrong(meaning: String?, note: String?)
    /// The text is no answer; `expected` says what is.
    case unreadable(expected: String)
  }

  /// Its name, unique on its slide.
  package let name: String
  /// What is asked.
  package let question: String
  /// What is right.
  package let answer: Answer
  /// What helps without giving the answer away.
  package let hint: String
  /// Why the answer is right.
  package let explanation: String
  /// Wrong answers that are often given.
  package let mistakes: [Mistake]

  /// Asks for a number.
  ///
  /// - Parameters:
  ///   - tolerance: How far from `answer` is still right; by default half a percent of it.
  ///   - mistakes: What a typical wrong answer means.
  package init(
    _ name: String, _ question: String, number answer: Double, within tolerance: Double? = nil,
    hint: String, why explanation: String, mistakes: KeyValuePairs<Double, String> = [:]
  ) {
    self.init(
      name: name, question: question,
      answer: .number(answer, within: tolerance ?? abs(answer) / 200), hint: hint,
      explanation: explanation, mistakes: mistakes.map { Mistake(answer: $0, meaning: $1) })
  }

  /// Asks for a whole number.
  package init(
    _ name: String, _ question: String, count answer: Int, hint: String, why explanation: String,
    mistakes: KeyValuePairs<Double, String> = [:]
  ) {
    self.init(
      name: name, question: question, answer: .count(answer), hint: hint, explanation: explanation,
      mistakes: mistakes.map { Mistake(answer: $0, meaning: $1) })
  }

  /// Asks for one of several texts.
  ///
  /// - Parameter choices: Each with what it means to choose it; nil for the one that is right.
  package init(
    _ name: String, _ question: String, choices: KeyValuePairs<String, String?>, hint: String,
    why explanation: String
  ) {
    let right = choices.firstIndex { $0.value == nil } ?? 0
    self.init(
      name: name, question: question, answer: .choice(choices.map(\.key), right: right),
      hint: hint, explanation: explanation,
      mistakes: choices.enumerated().compactMap { place, choice in
        choice.value.map { Mistake(answer: Double(place), meaning: $0) }
      })
  }

  private init(
    name: String, question: String, answer: Answer, hint: String, explanation: String,
    mistakes: [Mistake]
  ) {
    self.name = name
    self.question = question
    self.answer = answer
    self.hint = hint
    self.explanation = explanation
    self.mistakes = mistakes
  }

  /// The right answer as people write it: `2.5`, `12,288`, `b) the median`.
  package var solution: String {
    switch answer {
    case .number(let value, let tolerance): value.text(within: tolerance)
    case .count(let count): count.grouped
    case .choice(let choices, let right): "\(Self.letter(right))) \(choices[right])"
    }
  }

  /// The letter of a choice: `a` for the first.
  package static func letter(_ place: Int) -> String {
    String(UnicodeScalar(UInt8(ascii: "a") + UInt8(place)))
  }

  /// Checks an answer as it was typed.
  package func check(_ text: String) -> Verdict {
    switch answer {
    case .choice(let choices, let right): return check(letter: text, of: choices.count, right)
    case .number(let value, let tolerance):
      return check(NumberText.read(text, isWhole: false), value, within: tolerance)
    case .count(let count):
      return check(NumberText.read(text, isWhole: true), Double(count), within: 0)
    }
  }

  private func check(letter text: String, of count: Int, _ right: Int) -> Verdict {
    let typed = text.trimmingCharacters(in: CharacterSet(charactersIn: " \t()")).lowercased()
    guard let place = (0..<count).first(where: { Self.letter($0) == typed }) else {
      return .unreadable(expected: "a letter from a to \(Self.letter(count - 1))")
    }
    return place == right ? .right(note: nil) : .wrong(meaning: meaning(Double(place)), note: nil)
  }

  private func check(
    _ number: NumberText.Reading, _ value: Double, within tolerance: Double
  ) -> Verdict {
    switch number {
    case .unreadable(let expected): return .unreadable(expected: expected)
    case .number(let typed, let note):
      // Decimal fractions are rounded when they are read.
      let slack = tolerance + 1e-12 * max(1, abs(value))
      return abs(typed - value) <= slack
        ? .right(note: note) : .wrong(meaning: meaning(typed, within: slack), note: note)
    }
  }

  /// What a wrong answer means; nil for one that is not known.
  private func meaning(_ typed: Double, within slack: Double = 0) -> String? {
    mistakes.first { abs($0.answer - typed) <= slack }?.meaning
  }
}

extension Double {
  /// The fewest digits that are within a tolerance of the number, as people write them.
  func text(within tolerance: Double) -> String {
    let isPlain = (1e-4..<1e6).contains(abs(self))
    let texts = (1...17).map { String(format: "%.\($0)g", self) }
      .filter { !isPlain || !$0.contains("e") }
    let goal = max(tolerance / 5, 1e-12 * abs(self))
    return texts.first { abs((Double($0) ?? .infinity) - self) <= goal } ?? "\(self)"
  }
}
