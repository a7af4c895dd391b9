import ArgumentParser
import ConvNet
import Foundation
import ImageLoading
import LocalServer
import MessagePassing
import Optimization
import Plotting
import Sketches
import Support
import Training

/// The exit codes of the tool; `marbles --help` lists them.
enum FailureCode: Int32 {
  case fine = 0
  case failed = 1
  case diverged = 2
  /// The result does not reach what `--require` asks.
  case notReached = 3
  case usage = 64
  case data = 65
  case inputMissing = 66
  case internalError = 70
  case output = 73
  /// Interrupted because the terminal was closed.
  case hungUp = 129
  case interrupted = 130
  /// Interrupted because nobody reads what is printed.
  case pipeClosed = 141
}

/// The failure of a command: a message of one line, and an exit code.
struct Failure: Error {
  let code: FailureCode
  let message: String
  /// More lines for a person at a terminal, pointing at what is wrong.
  var excerpt: [String] = []
  /// Whether other processes that work together with this one do not meet it.
  private(set) var isOfOneProcess = false

  init(_ code: FailureCode, _ message: String) {
    self.code = code
    self.message = message
  }

  /// Maps any error of the modules to its exit code.
  init(_ error: any Error) {
    switch error {
    case let failure as Failure: self = failure
    case let error as CheckpointError: self.init(error.code, error.description)
    case let error as TableError:
      switch error {
      case .missing, .unreadable: self.init(.inputMissing, error.description)
      case .malformed, .incomplete, .foreign, .written: self.init(.data, error.description)
      }
    case let error as DatasetError: self.init(error.code, error.description)
    case let error as FileError: self.init(.output, error.description)
    case let error as MessagePassingError:
      switch error {
      case .library: self.init(.inputMissing, error.description)
      case .count, .tooMany: self.init(.usage, error.description)
      }
    case let error as FigureError: self.init(.output, error.description)
    case let error as ComparisonError: self.init(comparison: error)
    case let error as ServerError: self.init(.output, error.description)
    case let error as SketchError: self.init(.output, error.description)
    case let error as ArchitectureError:
      self.init(.usage, error.description)
      excerpt = error.excerpt(width: Console.width)
    case let error as BackpropagationError: self.init(.usage, error.description)
    case let error as ChoiceError: self.init(.usage, Self.shortened(error.description))
    case let error as ScheduleError: self.init(.usage, error.description)
    case let error as TrainingError: self.init(training: error)
    case let error as TaskFailure:
      self.init(error.reason)
      isOfOneProcess = true
    case is FirstProcessFailed: self.init(.failed, "")
    default: self.init(parsing: error)
    }
  }

  private init(training error: TrainingError) {
    switch error {
    case .diverged: self.init(.diverged, error.description)
    case .tooFewImages, .dataChanged: self.init(.data, error.description)
    case .alreadyFinished, .tooFewEpochs, .fixedImageSize: self.init(.usage, error.description)
    case .locked: self.init(.output, error.description)
    case .observer: self.init(.failed, error.description)
    case .data(let error): self.init(error)
    case .file(let error): self.init(error)
    case .checkpoint(let error): self.init(error)
    case .table(let error): self.init(error)
    }
  }

  private init(comparison error: ComparisonError) {
    switch error {
    case .changed: self.init(.usage, error.description)
    case .planMissing: self.init(.inputMissing, error.description)
    case .imagesChanged, .noValidation: self.init(.data, error.description)
    }
  }

  /// The error of the argument parser, on one line.
  private init(parsing error: any Error) {
    let code = Marbles.exitCode(for: error)
    let whole = Self.withoutBullets(
      Marbles.message(for: error)
        .split(whereSeparator: \.isNewline).map { $0.trimmingCharacters(in: .whitespaces) }
        .joined(separator: " ")
    )
    // A formula may be as long as it likes; what is wrong in it is shown behind it.
    let text = Self.shortened(whole).replacing(/'([^']{61,})'/) {
      "'\(String($0.1).fitted(16))'"
    }
    guard code == .validationFailure else {
      self.init(.failed, text)
      return
    }
    let command = Self.helpfulCommand(error)
    let isSentence = text.last.map { ".?!".contains($0) } ?? false
    let said = text + (isSentence ? "" : ".") + Self.hint(for: whole, command)
    // What says itself what to do needs no help.
    let isHelp = [
      "; ", " expected", " is none of ", " Did you mean", " A negative number",
    ].contains { said.contains($0) }
    self.init(.usage, isHelp ? said : "\(said) See '\(command) --help'.")
  }

  /// What is said of a value or an argument, in words that fit a line of a terminal.
  private static func shortened(_ text: String) -> String {
    let value = /The value '(.*)' is invalid for '(?:(--[a-z0-9-]+)[^']*|<([^>]*)>)'(.*)/
    if let match = text.wholeMatch(of: value) {
      let name = match.2 ?? match.3 ?? "", rest = match.4
      if rest.hasPrefix(": ") {
        let reason = shortened(String(rest.dropFirst(2)))
        guard reason.contains("'\(match.1)'") else { return "\(name) is '\(match.1)'\(rest)" }
        return match.2 == nil ? reason : "\(name): \(reason)"
      }
      if rest.hasPrefix("; ") { return "\(name): '\(match.1)' is unknown\(rest)" }
      guard rest.contains("Please provide one of") else {
        return "\(name): '\(match.1)' is invalid\(rest)"
      }
      let known = rest.matches(of: /'([^']*)'/).map { String($0.1) }
      return "\(name): '\(match.1)' is none of \(known.joined(separator: ", "))"
    }
    return text.replacing(/^Missing expected argument '([^']*)'/) { "'\($0.1)' is missing" }
      .replacing(/^Missing value for '(--[a-z0-9-]+)[^']*'/) { "\($0.1): no value" }
      .replacing(/^\d+ unexpected arguments: ('[^']*'), .*/) { "\($0.1) is unexpected" }
      // A command lists them with what each is.
      .replacing(/(is not an? (surface|objective|optimizer|schedule)); there are .*/) {
        "\($0.1); 'marbles \($0.2)s' lists them"
      }
  }

  /// The command whose help explains an error of the argument parser, such as `marbles data scan`.
  private static func helpfulCommand(_ error: any Error) -> String {
    Marbles.fullMessage(for: error).firstMatch(of: /See '(.+?) --help'/).map { String($0.1) }
      ?? "marbles"
  }

  /// Turns the parser's list of the values of an option, one a line, into a part of the sentence.
  private static func withoutBullets(_ text: String) -> String {
    let intro = ". Please provide one of the following: - "
    guard let list = text.range(of: intro) else { return text }
    let known = text[list.upperBound...].components(separatedBy: " - ")
    let word = text.firstMatch(of: /The value '([^']+)'/).map { String($0.1) } ?? ""
    let hint = closest(to: word, in: known).map { "did you mean '\($0)'?" }
    return text[..<list.lowerBound] + "; " + (hint ?? "there are \(known.joined(separator: ", "))")
  }

  /// What a word was probably meant to be; empty if nothing is known.
  private static func hint(for text: String, _ command: String) -> String {
    if text.hasPrefix("Missing value for"),
      let value = CommandLine.arguments.last(where: { $0.hasPrefix("-") && Double($0) != nil })
    {
      return " A negative number follows an equals sign: =\(value)."
    }
    guard let word = text.firstMatch(of: /nexpected arguments?: '([^']+)'/)?.1 else { return "" }
    var subcommands = Marbles.configuration.subcommands
    for word in command.split(separator: " ").dropFirst() {
      let next = subcommands.first { $0.configuration.commandName == String(word) }
      subcommands = next?.configuration.subcommands ?? []
    }
    let known = subcommands.compactMap { $0.configuration.commandName }
    return closest(to: String(word), in: known).map { " Did you mean '\(command) \($0)'?" } ?? ""
  }
}

extension CheckpointError {
  fileprivate var code: FailureCode {
    switch self {
    case .missing, .unreadable: .inputMissing
    default: .data
    }
  }
}

extension DatasetError {
  fileprivate var code: FailureCode {
    switch self {
    case .shortage: .failed
    case .folderMissing, .notAFolder, .unreadable, .splitMissing: .inputMissing
    case .list, .noImages, .ambiguous, .singleClass, .emptyClass, .emptyPart, .strict,
      .changed, .splitMismatch, .splitMalformed:
      .data
    }
  }
}
