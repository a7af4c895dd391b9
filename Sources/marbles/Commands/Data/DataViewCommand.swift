import ArgumentParser
import Foundation
import ImageLoading
import Support
import Training

struct DataViewCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "view",
    abstract: "Writes an image as the decoder or the network sees it.",
    usage: "marbles data view <photo> --out <image.png> [<options>]",
    discussion: """
      'decoded' is the upright RGB image the decoder gives; 'input' is the square
      the network gets, before its values are normalized. Nothing is rescaled for
      viewing: a pixel of the file is a pixel of the PNG.

      Example: marbles data view photo.jpg --checkpoint runs/latest --out seen.png
      """)

  /// What the image is shown as.
  enum Stage: String, CaseIterable, ExpressibleByArgument { case decoded, input }

  @Argument(help: "A JPEG or PNG file.", completion: .file(), transform: inputPath)
  var photo: String

  @Option(help: "decoded, or input (what the network sees).") var stage: Stage = .input

  @Option(
    help: ArgumentHelp("The image to write.", valueName: "image.png"), completion: .pngFile,
    transform: filePath)
  var out: String

  @Option(
    help: ArgumentHelp("See it as this run or .safetensors file does.", valueName: "checkpoint"),
    completion: .checkpoint, transform: inputPath)
  var checkpoint: String?

  @Option(help: ArgumentHelp("Rows and columns of the input (default: 64).", valueName: "pixels"))
  var imageSize: Int?

  @Option(
    help: "How non-square images are made square: crop, letterbox or stretch (default: crop).")
  var fit: ImageGeometry.Fit?

  @OptionGroup var write: WriteOptions
  @OptionGroup var output: OutputOptions

  /// What `--json` prints.
  private struct Report: Encodable {
    var file: String, stage: String, width: Int, height: Int, remarks: [String]
  }

  func validate() throws {
    try check(imageSize ?? 64, in: 8...1024, "--image-size")
    guard checkpoint == nil || imageSize == nil && fit == nil else {
      throw ValidationError("--checkpoint knows size and fit; leave out --image-size and --fit")
    }
    guard stage == .input || checkpoint == nil && imageSize == nil && fit == nil else {
      throw ValidationError("--stage decoded has no size; leave out the options of the input")
    }
  }

  func run() throws {
    var outputs = Outputs(write, inputs: [photo, checkpoint.map(CheckpointArgument.file)])
    let file: OutputFile = try outputs.claim(out, .image)
    let geometry = try checkpoint.map { try CheckpointArgument.load($0).description.geometry }
    let image = try decodeImage(
      photo,
      // Decoded at reduced size as in training, so that this is what the network sees.
      geometry: stage == .decoded
        ? nil : geometry ?? ImageGeometry(imageSize: imageSize ?? 64, fit: fit ?? .crop))
    try file.write(Provenance.marked(png: ImageEncoder.png(image.pixels, level: 6)))
    if output.json {
      Console.output(
        jsonText(
          Report(
            file: out, stage: stage.rawValue, width: image.pixels.width,
            height: image.pixels.height, remarks: image.remarks.map(\.description))))
    } else {
      Console.output("\(image.pixels.width)×\(image.pixels.height) pixels in \(out)")
    }
  }
}

/// The bytes of an image's file.
///
/// - Throws: `Failure` naming the file.
func imageBytes(_ path: String) throws -> [UInt8] {
  do {
    return try FileBytes.read(path)
  } catch {
    throw Failure(
      error.isShortage ? .failed : .inputMissing,
      error.isMissing
        ? "\(path): no such file; give a JPEG or PNG file"
        : "\(path): cannot be read: \(error.reason)")
  }
}

/// Decodes one image and, with a geometry, brings it to the size of an input.
///
/// - Throws: `Failure` naming the file.
func decodeImage(
  _ path: String, geometry: ImageGeometry?
) throws -> (pixels: PixelBuffer, remarks: [DecodingRemark]) {
  let bytes = try imageBytes(path)
  do {
    let decoded = try ImageDecoder().decode(bytes, atLeast: geometry?.decodingSide)
    return (geometry?.apply(to: decoded.pixels) ?? decoded.pixels, decoded.remarks)
  } catch {
    throw Failure(.data, "\(path): \(error.description)")
  }
}
