import ArgumentParser
import LocalServer
import Playground
import Support

struct ServeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Opens a page on this computer: marbles to play with.",
    discussion: """
      Choose or write a surface, drag the start, change optimizers while they roll.
      The page is for you alone: it is served on 127.0.0.1 only, to whoever has the
      whole address that is printed, and fetches nothing from elsewhere. Ctrl-C
      ends it.

      Example: marbles serve
      """)

  @Option(
    help: ArgumentHelp("The port to listen on (default: one that is free).", valueName: "number"))
  var port: Int?

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

  func run() throws {
    let signals = InterruptionSignals()
    signals.hold()
    let server = try LocalServer(port: port ?? 0, routes: Playground.routes)
    defer { server.stop() }
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
