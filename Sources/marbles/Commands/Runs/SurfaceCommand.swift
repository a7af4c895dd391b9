import ArgumentParser
import Foundation
import ImageLoading
import MessagePassing
import Plotting
import Support
import Tensors
import Training

struct SurfaceCommand: SharedCommand {
  static let configuration = CommandConfiguration(
    commandName: "surface",
    abstract: "Draws the loss surface of a trained network.",
    usage: "marbles surface <checkpoint> ... [<options>]",
    discussion: """
      Measures the loss on a fixed set of training images, without random changes,
      over a plane of the network's parameters. Runs that were trained with
      --record-path roll over it: several runs from one start are several marbles.
      A landscape shows each network at its own loss, with a line to the surface
      where its path leaves the plane. A picture comes after seconds and becomes
      finer; the table beside it has every point, and --resume goes on with it.

      A cut shows loss and accuracy along the first direction of the plane, or along
      the line between two networks.

      Example: marbles surface runs/a runs/b --out surface.png --animation moving.png
      """)

  @Argument(
    help: "Runs, checkpoints or models that come with Marbles, all of one network.",
    completion: .checkpoint, transform: inputPath)
  var networks: [String]

  @OptionGroup var motion: MotionOptions
  @OptionGroup var figureOptions: FigureOptions
  @OptionGroup var labels: LabelOptions
  @OptionGroup(title: "Surface") var options: SurfaceOptions

  @Option(
    help: ArgumentHelp(
      "A folder of images instead of those that the first run was trained on.",
      valueName: "folder"),
    completion: .dataset, transform: inputPath)
  var data: String?

  @OptionGroup(title: "Cache") var cache: CacheOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    if let plane = options.plane, plane != .random {
      try GivenOptions.refuse(
        "--reach", because: "with --plane \(plane.rawValue), which reaches as far as its networks")
    }
    if options.kind == .cut {
      try GivenOptions.refuse("--animation", "--frames", because: "with --kind cut")
      try GivenOptions.refuse("--resume", because: "with --kind cut, which is measured at once")
    }
    _ = try labels.names(insteadOf: networks, of: "network")
  }

  func run() throws {
    let ranks = try Ranks.joinAsCommand()
    let workers = threads.workers(among: ranks)
    let usesPaths = options.plane ?? .path == .path
    let found = try networks.map { try SurfaceNetwork($0, recorded: usesPaths) }
    let model = found[0].checkpoint
    for (network, path) in zip(found, networks).dropFirst() {
      guard network.checkpoint.isSameNetwork(as: model) else {
        throw Failure(
          .data, "\(path): is another network than \(networks[0]); give checkpoints of one network")
      }
    }
    try ranks?.requireSame(found.map(\.checkpoint))
    let network = try model.description.makeNetwork()
    try network.requireMemory(toEvaluate: Evaluator.batchSize, workers: workers)
    let choice = options.plane ?? usualPlane(found)
    let (plane, axes) = try LossPlane.make(choice, found, options)
    let first = try CheckpointArgument.parse([networks[0]])
    let images =
      try data.map { try CheckpointImages(folder: $0, for: model) }
      ?? CheckpointImages(
        parts: .train, of: first, model, moved: nil, instead: "give a folder with --data")
    if motion.isWanted, !found.contains(where: { $0.path.count > 1 }) {
      throw Failure(
        .data,
        "\(networks[0]): has no path to move along; train with --record-path, or leave "
          + "--animation and --frames out")
    }
    let files = try workers.onFirst {
      try figureOptions.claim(
        named: found.count == 1 ? "surface-\(found[0].name)" : "surface", inputs: [first.file],
        data: [images.listing], motion)
    }
    let (loaded, all) = try images.load(workers, cache: cache, quiet: output.quiet)
    let indices = loaded.some(options.images, of: all, seed: options.seed)
    let classes = model.description.classes
    let surface = try LossSurface(
      model.description, at: plane.origin, data: loaded, indices: indices,
      targets: indices.compactMap {
        classes.firstIndex(of: loaded.classNames[loaded.images[$0].classIndex])
      }, workers: workers.alone)
    let names = try labels.names(insteadOf: found.map(\.name), of: "network")
    let places = zip(found, names).map { SurfaceMarble($0, named: $1, on: plane) }
    let (x, y) = places.window(of: choice, reach: options.reach)
    if options.kind == .cut {
      let cut = try SurfaceCut(
        surface, plane, choice, x: x, count: options.points, classCount: classes.count, workers,
        quiet: output.quiet)
      let report = SurfaceCutReport(
        cut, try places.map { try $0.measured(on: surface, workers) }, axis: axes[0], choice,
        images: surface.imageCount, images.source)
      guard let files else { return }
      _ = try files.write(report.figure(figureOptions.theme), cut.table)
      return show(report.text, report.summary(figures: files.paths), files)
    }
    var measurement = try SurfaceMeasurement(
      surface, plane, LossGrid(x: x, y: y, count: options.points), workers)
    if options.resume {
      let table = files?.table?.path
      let rows = try workers.onFirst { try table.map(measurement.rows(ofTable:)) ?? [] }
      let count = measurement.take(try workers.first(rows ?? []))
      if let table, !output.quiet {
        Console.note("table  \(count.counted("point")) of \(table)")
      }
    }
    if !output.quiet {
      // Principal directions are at right angles.
      let angle = choice == .path ? "" : ", cosine of its directions \(plane.cosine.digits(3))"
      Console.note("plane  \(choice.rawValue)\(angle)")
      Console.note(
        "cost   \(measurement.grid.missing.counted("point")) on "
          + "\(surface.imageCount.counted("image")): about "
          + measurement.seconds(with: places.reduce(0) { $0 + $1.places.count }).duration)
    }
    let marbles = try places.map { try $0.measured(on: surface, workers) }
    try measurement.run(quiet: output.quiet) { measurement in
      guard let files else { return }
      let report = SurfaceReport(measurement, marbles, choice, axes: axes, images.source)
      _ = try files.write(figure(of: report), measurement.table)
    }
    guard var files else { return }
    let report = SurfaceReport(measurement, marbles, choice, axes: axes, images.source)
    try files.write(moving: figure(of: report), quiet: output.quiet)
    show(report.text, report.summary(figures: files.paths), files)
  }

  private func show(_ text: String, _ summary: some Encodable, _ files: FigureOptions.Files) {
    if output.json {
      Console.output(jsonText(summary))
    } else {
      Console.output(text)
      files.paths.forEach(Console.output)
    }
  }

  private func usualPlane(_ networks: [SurfaceNetwork]) -> PlaneChoice {
    if networks.contains(where: { $0.path.count > 2 }) { return .path }
    return networks.count == options.kind.networksThrough ? .through : .random
  }

  private func figure(of report: SurfaceReport) -> any MovingFigure {
    options.kind == .landscape
      ? report.landscape(figureOptions.theme) : report.map(figureOptions.theme)
  }
}

extension FigureOptions.Files {
  /// Both files.
  var paths: [String] {
    [figure.path] + (table.map { [$0.path] } ?? []) + (animation.map { [$0.path] } ?? [])
      + (frames.map { [$0] } ?? [])
  }
}

extension LoadedDataset {
  /// As many images of every class as possible, drawn by a seed.
  fileprivate func some(_ count: Int, of indices: [Int], seed: UInt64) -> [Int] {
    var generator = SeededGenerator(seed: seed)
    let classes = Dictionary(grouping: indices) { images[$0].classIndex }
      .sorted { $0.key < $1.key }.map { $0.value.shuffled(using: &generator) }
    var taken: [Int] = []
    for rank in 0..<(classes.map(\.count).max() ?? 0) {
      for own in classes where rank < own.count && taken.count < count { taken.append(own[rank]) }
    }
    return taken.sorted()
  }
}
