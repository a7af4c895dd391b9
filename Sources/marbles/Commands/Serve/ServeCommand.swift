import ArgumentParser
import LocalServer
import PhotoPage
import Support
import Training

struct ServeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Opens a page on this computer: marbles, objectives, photos, and runs.",
    usage: "marbles serve [<options>]",
    discussion: """
      Choose or write a surface, drag the start, change optimizers while they roll.
      Watch a small network learn, and walk through one backpropagation.
      Write an objective: see its slope, whether it is a distance, the lines it fits,
      and whether a network learns with it.
      Drop a photo, and a network says what it sees and where; nothing is stored.
      Follow and compare runs while they train, and start, stop and resume them.
      The page is for you alone: it is served on 127.0.0.1 only, to whoever has the
      whole address that is printed, and fetches nothing from elsewhere. Ctrl-C
      ends it.

      Example: marbles serve
      """)

  @Option(
    help: ArgumentHelp("The port to listen on (default: one that is free).", valueName: "number"))
  var port: Int?

  @Option(
    help: ArgumentHelp(
      "The network that is asked about photos: a .safetensors file, a run directory, or a model "
        + "that comes with Marbles (default: \(Self.usualNetwork)).",
      valueName: "checkpoint"), completion: .checkpoint, transform: inputPath)
  var network: String?

  @Option(
    help: ArgumentHelp(
      "The folder of the runs that are shown, and where those started in the page are written "
        + "(default: \(RunOptions.usualFolder)).", valueName: "folder"),
    completion: .directory, transform: inputPath)
  var runs: String?

  @OptionGroup var threads: ThreadOptions

  private static let usualNetwork = "cats-and-dogs"

  @Flag(name: .customLong("no-open"), help: "Open no browser.") var noOpen = false

  @OptionGroup var output: OutputOptions

  func validate() throws {
    if let port { try check(port, in: 1...65535, "--port") }
  }

  /// What `--json` prints.
  private struct Record: Encodable {
    var url: String
    var port: Int
  }

  /// The folder of runs; the usual one need not be there yet.
  private func runsFolder() throws -> String {
    guard let runs else { return RunOptions.usualFolder }
    guard isFolder(runs) else { throw Failure(.inputMissing, "\(runs): no such folder of runs") }
    return runs
  }

  /// The page for photos; without a network where none was given and none comes with the program.
  private func photoRoutes() throws -> [Route] {
    let name = network ?? Self.usualNetwork
    guard network != nil || ShippedModel.file(named: name) != nil else {
      return PhotoPage.routes(
        withoutNetwork: "no model lies beside this program; start it with --network CHECKPOINT")
    }
    let checkpoint = try CheckpointArgument.load(name)
    return try PhotoPage(checkpoint, name: name, workers: threads.workers).routes
  }

  func run() throws {
    let signals = InterruptionSignals()
    signals.hold()
    let pages = try ServedPages(
      port: port ?? 0, photos: photoRoutes(), runs: runsFolder(), workers: threads.workers)
    defer { pages.end() }
    let server = pages.server
    Console.output(
      output.json ? jsonText(Record(url: server.address, port: server.port)) : server.address)
    let note: (String) -> Void = output.quiet ? { _ in } : { Console.note($0) }
    var page: BrowserPage?
    defer { page?.remove() }
    if !noOpen {
      do throws(BrowserPage.Failure) {
        page = try BrowserPage(leadingTo: server.address)
      } catch {
        note("no browser was opened: \(error.reason); open the address yourself")
      }
    }
    note("Ctrl-C ends it")
    signals.wait()
    throw Failure(signals.code ?? .interrupted, "")
  }
}
