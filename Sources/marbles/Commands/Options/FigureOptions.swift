import ArgumentParser
import Foundation
import ImageLoading
import Plotting
import Support

/// How a figure with axes is drawn.
struct FigureOptions: ParsableArguments {
  @OptionGroup var appearance: LookOptions

  @Option(help: "png, svg or pdf (default: what --out says, or png).") var format: FigureFormat?

  @Option(
    help: ArgumentHelp(
      "The figure to write, with its values beside it as .csv (default: named after the command).",
      valueName: "figure"),
    completion: .figure, transform: filePath)
  var out: String?

  @OptionGroup var write: WriteOptions

  var theme: Theme { appearance.theme }

  /// Claims the figure and the table of its values.
  ///
  /// - Parameters:
  ///   - name: The file without its ending where `--out` is not given.
  ///   - inputs: The files that the command reads.
  ///   - data: The images that it reads.
  /// - Throws: `Failure` as `Outputs.claim` does.
  func claim(
    named name: String, inputs: [String?] = [], data: [DatasetListing] = [],
    _ motion: MotionOptions? = nil
  ) throws -> Files {
    var outputs = Outputs(write, inputs: inputs, data: data)
    let path = out ?? "\(name).\((format ?? .png).rawValue)"
    let (figure, table) = try outputs.claim(figure: path, format)
    let animation = try outputs.claim(motion?.animation, .image, option: "--animation")
    if let frames = motion?.frames { try FrameFolder.create(frames, outputs) }
    return Files(
      figure: figure, table: table, animation: animation, frames: motion?.frames,
      look: appearance.look, outputs: outputs)
  }

  /// A figure and the table of its values.
  struct Files {
    let figure: OutputFile, table: OutputFile?
    let animation: OutputFile?
    /// A folder for its frames.
    let frames: String?
    let look: FigureLook
    fileprivate var outputs: Outputs

    /// Writes both.
    ///
    /// - Parameter rows: The first one holds the names of the columns.
    /// - Returns: The paths of the figure and of the table.
    func write(_ drawing: any TitledFigure, _ rows: [[String]]) throws -> [String] {
      try figure.write(drawing, look)
      try table?.write(csvText(rows))
      return [figure.path] + (table.map { [$0.path] } ?? [])
    }

    /// Writes the animation and its frames, where they are wanted.
    mutating func write(moving drawing: any MovingFigure, quiet: Bool) throws {
      let moving = look.animation(drawing)
      try animation?.write(moving.encoded().bytes)
      if let frames { try moving.writeFrames(into: frames, &outputs, quiet: quiet) }
    }
  }
}

extension Outputs {
  /// Claims a figure and, beside it, the table of its values; beside a device there is no place.
  mutating func claim(
    figure path: String, _ format: FigureFormat? = nil
  ) throws -> (figure: OutputFile, table: OutputFile?) {
    let figure: OutputFile = try claim(path, .figure(format))
    guard !AtomicFile.isStream(path) else { return (figure, nil) }
    let ending = URL(filePath: path).pathExtension
    let name = ending.isEmpty ? path : String(path.dropLast(ending.count + 1))
    return (figure, try claim(twin: "\(name).csv", of: path))
  }
}
