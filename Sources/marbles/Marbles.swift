import ArgumentParser
import Foundation
import MessagePassing
import Support

/// The command-line tool: parses, calls the modules, prints, and picks the exit code.
@main
struct Marbles: ParsableCommand {
  static let version = "0.1.0"

  static let configuration = CommandConfiguration(
    commandName: "marbles",
    abstract: "Trains image classifiers on a folder of images and shows what the optimizer did.",
    discussion: """
      Examples:
        marbles data sketch practice             draw cats and dogs to train on
        marbles train practice                   train; writes runs/<time>_…
        marbles evaluate runs/latest             how good it is on unseen images
        marbles predict runs/latest photo.jpg    what an image shows

      Exit codes: 0 fine, 1 failed, 2 training diverged, 3 --require not reached,
      64 wrong usage, 65 data cannot be used, 66 input missing, 70 internal,
      73 output cannot be written, 129 terminal closed, 130 interrupted,
      141 pipe closed: training is saved.
      """,
    version: version,
    subcommands: [
      TrainCommand.self, SteerCommand.self, FindLearningRateCommand.self, EvaluateCommand.self,
      CompareCommand.self, PredictCommand.self, CalibrateCommand.self, ExplainCommand.self,
      PlotCommand.self, ReportCommand.self, SurfaceCommand.self,
      DataCommand.self, InspectCommand.self,
      ModelsCommand.self, LayersCommand.self, ObjectiveCommand.self, ObjectivesCommand.self,
      SchedulesCommand.self, OptimizersCommand.self, SurfacesCommand.self, RollCommand.self,
      BackpropCommand.self, GradientCheckCommand.self, LessonCommand.self, ServeCommand.self,
      BenchCommand.self,
    ])

  /// When this process began.
  static let launch = ContinuousClock.now

  static func main() {
    _ = launch
    Console.prepare()
    do {
      do {
        var command = try parseAsRoot()
        try requireOpenFiles()
        if !(command is any SharedCommand) { try refuseRanks() }
        try command.run()
      } catch  where exitCode(for: error) == .success {
        // Help, version and completions, once.
        if Ranks.startedRank == 0 { Console.output(fullMessage(for: error)) }
      }
      try Console.finish()
      end(Ranks.joined?.end(after: nil) ?? .fine)
    } catch {
      let failure = failureOfAll(error)
      guard Ranks.startedRank == 0 else { endSilently(failure) }
      if !failure.message.isEmpty { Console.error(failure.message) }
      if Console.errorIsTerminal { failure.excerpt.forEach { Console.note($0) } }
      // What is said of standard output was said above if it is the failure itself.
      if failure.code != .output {
        do { try Console.finish() } catch { Console.error(Failure(error).message) }
      }
      end(Ranks.joined?.end(after: failure) ?? failure.code)
    }
  }

  /// What is wrong with processes of which this one was refused before they have joined: they do
  /// even so, as it may be alone with that.
  private static func failureOfAll(_ error: any Error) -> Failure {
    let isAlone = Ranks.startedCount == 1 || Ranks.joined != nil || error is MessagePassingError
    guard !isAlone else { return Failure(error) }
    do {
      _ = try Ranks.joinAsCommand()
      return Failure(error)
    } catch let difference {
      return Failure(Ranks.joined == nil ? error : difference)
    }
  }

  /// Ends a process that is not the first of those `mpirun` started, and lets that report.
  private static func endSilently(_ failure: Failure) -> Never {
    if let ranks = Ranks.joined { end(ranks.end(after: failure)) }
    // As soon as one of them has failed, mpirun ends them all.
    sleep(2)
    end(failure.code)
  }

  /// Files that any command can have open at once with two threads, and some to spare; Dispatch
  /// traps where it gets none.
  private static let leastOpenFiles = 16

  /// Refuses to begin where a command would fail halfway.
  ///
  /// - Throws: `Failure`.
  private static func requireOpenFiles() throws {
    let count = OpenFileLimit.available(upTo: leastOpenFiles)
    guard count < leastOpenFiles else { return }
    throw Failure(
      .failed,
      "only \(count.counted("more file")) can be opened, expected \(leastOpenFiles) or more; raise "
        + "the limit, as with 'ulimit -n 256'")
  }

  /// Refuses to do the same several times.
  ///
  /// - Throws: `Failure` for wrong usage.
  private static func refuseRanks() throws {
    let count = Ranks.startedCount
    guard count > 1 else { return }
    let names = sharedCommands(among: configuration.subcommands)
    throw Failure(
      .usage,
      "started by mpirun as \(count) processes, but of all commands only "
        + names.dropLast().joined(separator: ", ") + " and \(names.last ?? "") work in several; "
        + "leave out mpirun")
  }

  /// The commands that work in several processes, as they are written.
  private static func sharedCommands(
    among commands: [any ParsableCommand.Type], prefix: String = ""
  ) -> [String] {
    commands.flatMap { command in
      let name = prefix + (command.configuration.commandName ?? "")
      return (command is any SharedCommand.Type ? [name] : [])
        + sharedCommands(among: command.configuration.subcommands, prefix: "\(name) ")
    }
  }

  /// Ends the process.
  ///
  /// With little memory OpenBLAS may have failed to start its threads, and waits for them at the
  /// end for ever.
  private static func end(_ code: FailureCode) -> Never {
    if MemoryLimit.addressSpace != nil { _exit(code.rawValue) }
    Foundation.exit(code.rawValue)
  }
}

/// A command that works in several processes.
protocol SharedCommand: ParsableCommand {}
