import ArgumentParser
import ConvNet
import Foundation
import ImageLoading
import Plotting
import Support
import Tensors
import Training

struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Shows what a network looks at on a photo, and how it computes.",
    usage: "marbles explain <checkpoint> <photo> ... [<options>]",
    discussion: """
      Draws what speaks for a class by several methods, what the layers make of the
      photo, the filters of the first convolution (over epochs, for a run that was
      trained with --record-path), a convolution as im2col computes it, and a
      pooling. Every map of a photo is compared with those of networks with random
      weights: one that stays alike shows the photo, not what was learned. With a run
      and --worst instead of photos: its most confident mistakes, on images it did
      not train on; their maps are not compared.

      Example: marbles explain cats-and-dogs photo.jpg --out explanation
      """)

  @OptionGroup var checkpoint: CheckpointArgument

  @Argument(help: "JPEG or PNG files.", completion: .file(), transform: inputPath)
  var photos: [String] = []

  @Option(
    help: ArgumentHelp(
      "The folder to write figures and tables to (default: explanation).", valueName: "folder"),
    completion: .directory, transform: filePath)
  var out = "explanation"

  @OptionGroup(title: "Explanation") var options: ExplainOptions
  @OptionGroup(title: "Mistakes") var mistakes: MistakeOptions

  @Option(help: "light, synthwave or print.") var theme: Theme = .light

  @Option(help: "png, svg or pdf.") var format: FigureFormat = .png

  @OptionGroup var write: WriteOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard mistakes.worst != nil || !photos.isEmpty else {
      throw ValidationError("give a photo, or --worst with a run")
    }
    guard mistakes.worst == nil || photos.isEmpty else {
      throw ValidationError("--worst finds its images in the run; leave out the photos")
    }
    guard mistakes.worst == nil || options.masks == nil else {
      throw ValidationError("--worst finds its images in the run; leave out --masks")
    }
  }

  func run() throws {
    let model = try checkpoint.load()
    if model.description.epoch == 0, !output.quiet {
      Console.note(
        "warning: \(checkpoint.path) is a network before its first epoch; its maps show nothing "
          + "that was learned")
    }
    let explainer = try Explainer(model, workers: threads.workers)
    let methods = try options.apply(to: explainer)
    let classIndex = try options.classIndex(in: explainer.classes)
    if let count = mistakes.worst {
      return try explainMistakes(count, model, explainer, methods, classIndex)
    }
    try refuseFolderInUse()
    let images = try photos.map { try decode($0, model) }
    let masks = try photos.map { photo in
      try options.masks.map {
        try MaskFolder(path: $0).mask(of: photo, model.description.geometry)
      }
    }
    let names = ExplanationFiles.names(of: photos)
    var outputs = Outputs(write, inputs: [checkpoint.file] + photos)
    let filters = try ExplanationFigures.filters(of: checkpoint, model, explainer, theme)
    let folders = photos.count == 1 ? [out] : names.map { "\(out)/\($0)" }
    let shared = try SharedFiles(&outputs, in: out, format, hasFilters: filters != nil)
    let files = try folders.map { folder in
      try ExplanationFiles(&outputs, in: folder, format, methods, explainer)
    }
    var bar = ProgressBar(quiet: output.quiet)
    defer { bar.clear() }
    var explained: [ExplainedImage] = []
    for (index, (photo, image)) in zip(photos, images).enumerated() {
      let one = try ExplainedImage(
        photo, image, explainer, methods, classIndex: classIndex, score: options.score,
        mask: masks[index], checks: true, failure: checkpoint.notFinite
      ) { done, total in
        bar.show(
          "explain", done: index * total + done, of: photos.count * total)
      }
      try files[index].write(ExplanationFigures(one, explainer, checkpoint.path, theme))
      explained.append(one)
    }
    try shared.write(filters)
    bar.clear()
    try finish(explained, explainer, shared.summary, shared.paths + files.flatMap(\.paths))
  }

  /// Refuses to put figures among the photos, where they would be taken for some.
  private func refuseFolderInUse() throws {
    guard let own = FileIdentity(out) else { return }
    if let photo = photos.first(where: { FileIdentity(AtomicFile.folder(of: $0)) == own }) {
      throw Failure(
        .usage, "\(out): holds \(photo), and figures would lie among photos; choose another --out")
    }
  }

  /// The pixels that the network sees of a file.
  private func decode(_ photo: String, _ model: Checkpoint) throws -> PixelBuffer {
    if isFolder(photo) {
      throw Failure(
        .inputMissing,
        "\(photo): is a folder; give a JPEG or PNG file, or a run with --worst")
    }
    return try decodeImage(photo, geometry: model.description.geometry).pixels
  }

  private func explainMistakes(
    _ count: Int, _ model: Checkpoint, _ explainer: Explainer, _ methods: [ExplanationMethod],
    _ classIndex: Int?
  ) throws {
    let found = try Mistakes(
      count, of: checkpoint, model, moved: mistakes.data, cache: mistakes.cache, threads.workers,
      quiet: output.quiet)
    guard !found.images.isEmpty else {
      if output.json {
        try finish([], explainer, nil, [])
      } else {
        Console.output("no mistake on \(found.count.counted("image")) of \(found.source)")
      }
      return
    }
    var outputs = Outputs(write, inputs: [checkpoint.file], data: [found.listing])
    let files = try MistakeFiles(&outputs, in: out, format, found.images.count, methods)
    var bar = ProgressBar(quiet: output.quiet)
    defer { bar.clear() }
    let explained = try found.images.enumerated().map { index, mistake in
      try ExplainedImage(
        mistake.path, mistake.pixels, explainer, methods, classIndex: classIndex,
        score: options.score, label: mistake.label, checks: false, failure: checkpoint.notFinite
      ) { done, total in
        bar.show("explain", done: index * total + done, of: found.images.count * total)
      }
    }
    try files.write(
      explained,
      ExplanationFigures.overview(
        of: explained, title: found.title, subtitle: found.subtitle(checkpoint.path),
        explainer, theme))
    bar.clear()
    try finish(explained, explainer, files.summary, files.paths)
  }

  /// Writes and prints the numbers.
  private func finish(
    _ images: [ExplainedImage], _ explainer: Explainer, _ file: OutputFile?, _ paths: [String]
  ) throws {
    let report = ExplanationReport(images, explainer, checkpoint.path, options.score)
    let summary = report.summary(files: paths)
    if let file {
      EarlierExplanation.replace(in: out, by: summary, quiet: output.quiet)
      try file.write(prettyJSON(summary))
    }
    if output.json {
      Console.output(jsonText(summary))
    } else {
      Console.output(report.text)
      paths.forEach(Console.output)
    }
  }
}
