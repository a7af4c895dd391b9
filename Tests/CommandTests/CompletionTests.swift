import Foundation
import TestSupport
import Testing

/// What a shell offers after a tab, asked of bash itself.
@Suite struct CompletionTests {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try folder.write(
      Array(Tool.run(["--generate-completion-script", "bash"], in: folder).output.utf8),
      to: "marbles.bash")
    for file in ["photos/cat/a.jpg", "list.csv", "best.safetensors", "notes.txt"] {
      try folder.write([], to: file)
    }
  }

  /// What bash would offer for the last of the words.
  private func offers(_ words: String...) throws -> Set<String> {
    let script = """
      source marbles.bash
      COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMP_LINE="$*"; COMP_POINT=${#COMP_LINE}
      _marbles "$1" "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
      printf '%s\\n' "${COMPREPLY[@]}"
      """
    let process = Process()
    process.executableURL = URL(filePath: "/bin/bash")
    process.arguments = ["-c", script, "bash", Tool.path] + words
    process.currentDirectoryURL = URL(filePath: folder.path)
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return Set(text.split(separator: "\n").map(String.init))
  }

  @Test func `names of every catalogue are offered`() throws {
    #expect(try offers("train", "--model", "").isSuperset(of: ["kitten", "resnet9"]))
    #expect(try offers("train", "--optimizer", "adamw") == ["adamw"])
    #expect(try offers("train", "--objective", "hu") == ["huber"])
    #expect(try offers("train", "--schedule", "one") == ["one-cycle"])
    #expect(try offers("train", "--augmentation", "s") == ["standard", "strong"])
    #expect(try offers("plot", "--theme", "sy") == ["synthwave"])
    #expect(try offers("roll", "rosen") == ["rosenbrock"])
    #expect(try offers("objective", "plot", "hu") == ["huber"])
  }

  @Test func `the last of several optimizers is completed`() throws {
    #expect(try offers("roll", "bowl", "--optimizers", "adam,nel") == ["adam,nelder-mead"])
  }

  @Test func `commands and options are offered`() throws {
    #expect(try offers("data", "s").isSuperset(of: ["scan", "split", "sketch"]))
    #expect(try offers("train", "--label") == ["--label-smoothing"])
  }

  @Test func `paths of the right kind are offered`() throws {
    #expect(try offers("train", "") == ["photos", "list.csv"])
    #expect(try offers("evaluate", "") == ["photos", "best.safetensors"])
    #expect(try offers("train", "--out", "") == ["photos"])
    #expect(try offers("predict", "best.safetensors", "no") == ["notes.txt"])
  }
}
