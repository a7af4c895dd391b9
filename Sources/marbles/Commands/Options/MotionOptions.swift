import ArgumentParser

/// How marbles are shown on their way.
struct MotionOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Also write an animated PNG of the marbles on their way.", valueName: "file.png"),
    completion: .pngFile, transform: filePath)
  var animation: String?

  @Option(
    help: ArgumentHelp(
      "Also write its frames as frame-0001.png and on, to make a film of.", valueName: "folder"),
    completion: .directory, transform: filePath)
  var frames: String?

  var isWanted: Bool { animation != nil || frames != nil }
}
