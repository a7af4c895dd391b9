import Foundation
import Plotting
import Support

/// A folder for the frames of an animation, numbered from 1.
enum FrameFolder {
  /// Makes the folder before the work begins.
  ///
  /// - Throws: `Failure` for a place among images, and what the system refuses.
  static func create(_ folder: String, _ outputs: Outputs) throws {
    try outputs.refuseAmongImages(folder: folder, option: "--frames")
    try Folder.create(folder)
  }

  /// Claims the files of some frames.
  ///
  /// - Throws: `Failure` for a folder with more frames, which would be taken for later ones.
  static func claim(
    _ count: Int, in folder: String, _ outputs: inout Outputs
  ) throws -> [OutputFile] {
    let names = (1...count).map { String(format: "frame-%04d.png", $0) }
    let others = try FileManager.default.contentsOfDirectory(atPath: folder)
      .filter { $0.hasPrefix("frame-") && $0.hasSuffix(".png") && !names.contains($0) }
    if let other = others.min() {
      throw Failure(
        .output,
        "\(folder)/\(other): is of another animation, and would be taken for a frame of this one; "
          + "remove it, or choose another --frames")
    }
    var files: [OutputFile] = []
    for name in names {
      files.append(try outputs.claim("\(folder)/\(name)", .image, option: "--frames"))
    }
    return files
  }
}

extension MarbleAnimation {
  /// Writes every frame as a file of its own.
  func writeFrames(into folder: String, _ outputs: inout Outputs, quiet: Bool) throws {
    let files = try FrameFolder.claim(steps.count, in: folder, &outputs)
    var bar = ProgressBar(quiet: quiet)
    defer { bar.clear() }
    for (index, (file, step)) in zip(files, steps).enumerated() {
      try file.write(encodedFrame(after: step))
      bar.show("frames", done: index + 1, of: steps.count, "")
    }
  }
}
