import ArgumentParser
import Foundation
import ImageLoading
import Support
import Training

/// The plane of a loss surface, as it is chosen on the command line.
enum PlaneChoice: String, CaseIterable, ExpressibleByArgument {
  case random, path, through
}

/// How a loss surface is drawn.
enum SurfaceKind: String, CaseIterable, ExpressibleByArgument {
  case map, landscape, cut

  /// The number of checkpoints that make a plane, or a line.
  var networksThrough: Int { self == .cut ? 2 : 3 }
}

/// Which part of the loss surface is measured, and how finely.
struct SurfaceOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "random: along two random directions, with filters as long as the network's; path: where the "
        + "paths of runs differ most; through: three checkpoints, or two for a cut (default: path "
        + "for runs with --record-path, through for as many checkpoints, else random).",
      valueName: "plane"))
  var plane: PlaneChoice?

  @Option(help: ArgumentHelp("Points along each direction.", valueName: "n")) var points = 51

  @Option(
    help: ArgumentHelp(
      "How far a random plane reaches; 1 changes every filter by its own length.",
      valueName: "length"))
  var reach = 1.0

  @Option(help: ArgumentHelp("Images that the loss is a mean over.", valueName: "images"))
  var images = 256

  @Option(
    help:
      "map: lines of equal loss; landscape: in three dimensions; cut: loss and accuracy on a line.")
  var kind: SurfaceKind = .map

  @Option(help: "Seed of random directions and of the choice of images.") var seed: UInt64 = 1

  @Flag(help: "Keep the losses that the table has, of a command that was stopped.")
  var resume = false

  func validate() throws {
    try check(points, in: 5...501, "--points")
    try check(reach, in: 1e-6...1e3, "--reach")
    try check(images, in: 2...1_000_000, "--images")
  }
}

/// A network on a loss surface: a checkpoint, or a run with its path.
struct SurfaceNetwork {
  /// What it is called.
  let name: String
  /// The network to use.
  let checkpoint: Checkpoint
  /// Where it was, the last place last; only the network itself for a checkpoint.
  let path: [NetworkValues]
  /// The step of each place of the path; nil for a checkpoint.
  let steps: [Int]?

  /// Reads a checkpoint, or the snapshots of a run.
  ///
  /// - Throws: The error of a file that cannot be used.
  init(_ argument: String, recorded: Bool) throws {
    name = CheckpointArgument.name(argument)
    checkpoint = try CheckpointArgument.load(argument)
    let run = recorded && isFolder(argument) ? RunDirectory(path: argument) : nil
    guard let run, try RunRecord(contentsOf: run).configuration.recordPath == true else {
      path = [NetworkValues(checkpoint)]
      steps = nil
      return
    }
    let snapshots = PathSnapshots(of: run)
    let steps = snapshots.steps
    guard !steps.isEmpty else {
      throw Failure(
        .inputMissing,
        "\(run.pathSnapshots): the snapshots of the run are gone; bring them back, or take --plane "
          + "random")
    }
    path = try steps.map { [checkpoint] step in
      let file = snapshots.path(ofStep: step)
      let snapshot = try Checkpoint(contentsOf: file)
      guard snapshot.isSameNetwork(as: checkpoint),
        snapshot.description.run == checkpoint.description.run,
        snapshot.description.step == step
      else {
        throw Failure(
          .data, "\(file): is not of this run and step; remove it, or take --plane random")
      }
      return NetworkValues(snapshot)
    }
    self.steps = steps
  }
}

extension Checkpoint {
  /// Whether both are places on one loss surface.
  func isSameNetwork(as other: Checkpoint) -> Bool {
    description.architecture == other.description.architecture
      && description.imageSize == other.description.imageSize
      && description.classes == other.description.classes
  }
}

extension LossPlane {
  /// The plane of a choice, and what its axes are.
  ///
  /// - Throws: `Failure` where the networks do not make such a plane.
  static func make(
    _ choice: PlaneChoice, _ networks: [SurfaceNetwork], _ options: SurfaceOptions
  ) throws -> (plane: LossPlane, axes: [String]) {
    switch choice {
    case .random:
      return (
        .random(around: networks[0].path[networks[0].path.count - 1], seed: options.seed),
        ["first random direction, in lengths of filters", "second random direction"]
      )
    case .through:
      let values = networks.map { $0.path[$0.path.count - 1] }
      guard networks.count == options.kind.networksThrough else {
        throw Failure(
          .usage,
          options.kind == .cut
            ? "a cut through checkpoints needs two, and there are \(networks.count)"
            : "--plane through needs three checkpoints, and there are \(networks.count); between "
              + "two there is --kind cut")
      }
      if options.kind == .cut {
        guard let line = LossPlane.line(from: values[0], to: values[1]) else {
          throw Failure(.data, "the two checkpoints are equal; give others")
        }
        return (line, ["from \(networks[0].name) at 0 to \(networks[1].name) at 1"])
      }
      guard let plane = LossPlane.through(values[0], values[1], values[2]) else {
        throw Failure(.data, "the three checkpoints lie on a line; give others, or another --plane")
      }
      return (
        plane,
        ["from \(networks[0].name) to \(networks[1].name)", "to \(networks[2].name)"]
      )
    case .path:
      guard let found = LossPlane.principal(of: networks.map(\.path)) else {
        throw Failure(
          .data,
          "the networks have no path that spans a plane; train with --record-path, or take --plane "
            + "random")
      }
      let words = zip(["first", "second"], found.explained).map {
        "\($0) principal direction (\($1.percentage(decimals: 0)) of the variance)"
      }
      return (found.plane, words)
    }
  }
}
