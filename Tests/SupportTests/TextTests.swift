import Support
import Testing

@Suite struct SpellingTests {
  @Test(arguments: [
    ("adamm", "adam"), ("ADAM", "adam"), ("nesterow", "nesterov"), ("elephant", nil), ("", nil),
  ])
  func `a word is close to one that differs in at most a third of its letters`(
    word: String, expected: String?
  ) {
    #expect(closest(to: word, in: ["sgd", "nesterov", "adam"]) == expected)
  }
}

@Suite struct NumberTextTests {
  @Test func `a percentage has no blank before its sign`() {
    #expect(0.9163.percentage() == "91.6%")
    #expect((-0.05).percentage(decimals: 0) == "\u{2212}5%")
  }

  @Test func `a time has two units, or one if it is short`() {
    let texts = [4.53, 45, 59.6, 125, 3720].map(\.duration)
    #expect(texts == ["4.5 s", "45 s", "1 min 0 s", "2 min 5 s", "1 h 2 min"])
  }

  @Test func `digits are grouped by commas, and a zero has no sign`() {
    #expect(1234.5.decimal(1) == "1,234.5")
    #expect((-0.001).decimal(2) == "0.00")
  }
}

@Suite struct ShellTests {
  @Test(arguments: [
    ("", []), ("  a  b ", ["a", "b"]), ("'a b' c", ["a b", "c"]), (#""a \" b""#, [#"a " b"#]),
    (#"a\ b"#, ["a b"]), (#"'a\b'"#, [#"a\b"#]), (#""a\b""#, [#"a\b"#]), ("'' x", ["", "x"]),
    ("--mixup=0'.'2", ["--mixup=0.2"]), ("a\\", ["a\\"]),
  ])
  func `words are those that a shell makes`(text: String, words: [String]) {
    #expect(text.shellWords == words)
  }

  @Test(arguments: ["'a", "\"a", "a 'b\"", #""a\""#])
  func `a quotation that does not end is no words`(text: String) {
    #expect(text.shellWords == nil)
  }

  @Test(arguments: ["", "a b", "it's", "$(x)", "a\\b", "\"", "ü"])
  func `a word for a shell is read back`(word: String) {
    #expect(word.shellWord.shellWords == [word])
  }
}

@Suite struct JSONTests {
  struct Value: Codable, Equatable { var trainLoss: Double, name: String }

  @Test func `keys are in snake case and alphabetical order`() {
    #expect(
      jsonText(Value(trainLoss: 0.5, name: "a/b")) == #"{"name":"a/b","train_loss":0.5}"#)
  }

  @Test func `pretty text ends in one newline`() {
    let text = prettyJSON(Value(trainLoss: 0.5, name: "a"))
    #expect(text.hasSuffix("}\n") && text.split(separator: "\n").count == 4)
  }

  @Test(arguments: [Double.infinity, -.infinity, 0.1])
  func `an infinite value is read back`(loss: Double) throws {
    let text = jsonText(Value(trainLoss: loss, name: ""))
    #expect(
      try jsonDecoder().decode(Value.self, from: .init(text.utf8))
        == Value(trainLoss: loss, name: ""))
  }
}

@Suite struct LargestElementTests {
  @Test func `the first of equal elements is the largest, and what is no number never is`() {
    #expect([1, 3, 3].offsetOfLargest == 1)
    #expect([.nan, 2, 1].offsetOfLargest == 1)
    #expect(([5, 1, 3] as [Float])[1...].offsetOfLargest == 1)
  }
}

@Suite struct DurationTests {
  @Test func `a duration is a plain count of seconds`() {
    #expect(Duration.milliseconds(2250).seconds == 2.25)
    #expect(Duration.zero.seconds == 0)
  }
}

@Suite struct ObeyedLetterTests {
  @Test func `codes, line breaks and changes of direction are obeyed, what joins letters is not`() {
    func obeyed(_ text: String) -> Int { text.unicodeScalars.count(where: \.isObeyed) }
    #expect(obeyed("a\u{1B}\n\u{85}\u{2028}\u{202E}\u{2066}\u{FEFF}\u{FFFE}") == 8)
    #expect(obeyed("👩‍👩‍👧 می‌خواهم 🏴\u{E0067}\u{E007F} ❤️ naïve") == 0)
  }

  @Test func `what follows a name that is read from the right stays at its right`() {
    #expect("קטן וגדול, 3 times".withWordsInOrder == "קטן וגדול\u{200E}, 3 times")
    #expect("קטן".keptLeft == "קטן\u{200E}")
    for text in ["cat 3", "קטן 3", ""] { #expect(text.withWordsInOrder == text) }
    #expect("cat".keptLeft == "cat")
  }
}
