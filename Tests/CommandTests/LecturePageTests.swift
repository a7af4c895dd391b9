import Foundation
import Lessons
import TestSupport
import Testing

/// `Documentation/Lecture.md` and its commands; `make record` writes the page anew.
@Suite struct LecturePageTests {
  private static let page = URL(filePath: #filePath)
    .appending(path: "../../../Documentation/Lecture.md").standardized

  init() throws {
    if ProcessInfo.processInfo.environment["MARBLES_RECORD"] != nil {
      try Data(LecturePage(.standard).text.utf8).write(to: Self.page, options: .atomic)
    }
  }

  @Test func `the page of the lecture is what its slides say`() throws {
    let recorded = try String(contentsOf: Self.page, encoding: .utf8)
    #expect(recorded == LecturePage(.standard).text, "if that is meant: make record")
    for slide in Lecture.standard.slides {
      #expect(recorded.contains("| `\(slide.name)` |"))
      for exercise in slide.exercises { #expect(recorded.contains(exercise.solution)) }
    }
  }

  @Test func `every picture of the page is there`() {
    let figures = Lecture.standard.slides.flatMap(\.commands).flatMap(\.figures)
    let pictures = figures.compactMap(\.picture)
    #expect(pictures.count > 3)
    for picture in pictures {
      let file = Self.page.deletingLastPathComponent().appending(path: "images/\(picture)")
      let path = file.path(percentEncoded: false)
      #expect(FileManager.default.fileExists(atPath: path), "\(picture)")
    }
  }

  /// What commands of the lecture read and earlier ones have written.
  private static let earlier = ["practice", "biased", "unbiased", "runs/"]

  @Test(arguments: Lecture.standard.slides.flatMap(\.commands).map(\.text))
  func `a command is understood by the tool, and what it needs is made before`(
    command: String
  ) throws {
    // Without what earlier commands write, training ends at once.
    let folder = try TemporaryFolder()
    let short = command.replacing(/--count (1200|1000)/, with: "--count 4")
    #expect(short.hasPrefix("marbles "))
    let shell = Process()
    shell.executableURL = URL(filePath: "/bin/sh")
    shell.arguments = ["-c", "\(short) >out 2>err"]
    shell.currentDirectoryURL = URL(filePath: folder.path)
    let tool = URL(filePath: Tool.path).deletingLastPathComponent().path(percentEncoded: false)
    shell.environment = ["PATH": "\(tool):/usr/bin:/bin", "HOME": folder.path]
    try shell.run()
    shell.waitUntilExit()
    let errors = String(decoding: try folder.read("err"), as: UTF8.self)
    guard shell.terminationStatus != 0 else { return }
    #expect(shell.terminationStatus == 66, "\(command): \(errors)")
    #expect(Self.earlier.contains { errors.hasPrefix("error: \($0)") }, "\(command): \(errors)")
  }

  @Test func `the exercises on backpropagation are about what marbles backprop prints`() throws {
    let slide = try #require(Lecture.standard.slides.first { $0.name == "backpropagation" })
    let folder = try TemporaryFolder()
    let usual = try Tool.run(["backprop"], in: folder).output
    #expect(usual.contains("∂L/∂v₂₁ = ∂L/∂z₂·∂z₂/∂v₂₁ = ∂L/∂z₂·a₁ = 0.7516·0.6341 = 0.4766"))
    #expect(usual.contains("The loss falls from 1.393 to 0.6179."))
    let rows = usual.split(separator: "\n").map { $0.split(separator: " ") }
    let table = rows.filter { $0.count > 5 }
    let first = try #require(table.first { $0[0] == "w₁₁" && $0[1] == "0.9" })
    let weight = try #require(table.first { $0[0] == "v₂₁" && $0[1] == "−0.7" })
    #expect(first[2] == "−0.1395")
    let answers = Dictionary(uniqueKeysWithValues: slide.exercises.map { ($0.name, $0) })
    #expect(answers["arrow"]?.check(String(weight[2])) == .right(note: nil))
    #expect(answers["step"]?.check(String(first[5])) == .right(note: nil))

    let off = try #require(slide.commands.first { $0.text.contains("--path w11") })
    let words = off.text.split(separator: " ").map(String.init)
    let layers = "dense 2, relu, dense"
    #expect(off.text.contains("'\(layers)'"))
    let tail = try #require(words.firstIndex(of: "--input"))
    let printed = try Tool.run(
      ["backprop", "--architecture", layers] + words[tail...], in: folder
    ).output
    #expect(printed.contains("No way leads from w₁₁ to the loss without a factor of 0."))
  }

  @Test func `what a command reads an earlier one has written`() {
    var written = ""
    for command in Lecture.standard.slides.flatMap(\.commands) {
      for word in command.text.split(separator: " ").dropFirst(2) {
        let name = word.split(separator: "/").prefix(2)
        switch name.first {
        case "runs":
          let isThere = written.contains("--name \(name.last ?? "") ")
          #expect(isThere, "\(command.text)")
        case "unbiased.csv", "unbiased-masks":
          let option = name.first == "unbiased.csv" ? "--list" : "--masks"
          let commands = written.split(separator: "\n")
          let isThere = commands.contains {
            $0.contains("sketch unbiased ") && $0.contains(option)
          }
          #expect(isThere, "\(command.text)")
        case "practice", "biased", "unbiased":
          let isNew = command.text.contains("data sketch")
          let isThere = isNew || written.contains("sketch \(name.first ?? "") ")
          #expect(isThere, "\(command.text)")
        default: continue
        }
      }
      written += command.text + " \n"
    }
  }
}
