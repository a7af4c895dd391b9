import Foundation

/// Attacks the tool and its readers; see `make chaos`.
@main
struct Chaos {
  private static let usage = """
    usage: chaos all TOOL FAULTS IMAGES FOLDER SEED MINUTES INPUTS   everything, bounded
           chaos short TOOL FAULTS IMAGES FOLDER SEED MINUTES INPUTS  a part of everything
           chaos kills TOOL FAULTS IMAGES FOLDER SEED MINUTES INPUTS  kills and full disks only
    FAULTS is the library of Tools/chaos/faults.c; INPUTS how many are spoiled. FOLDER is written
    to and keeps the inputs that did harm.
    """

  static func main() throws {
    let words = Array(CommandLine.arguments.dropFirst())
    if words.first == "gate", words.count == 8, let first = Int(words[2]), let end = Int(words[3]),
      let seed = UInt64(words[4]), let seconds = Int(words[7])
    {
      return try Gates.read(
        words[1], from: first, to: end, seed: seed, folder: words[5], images: words[6],
        seconds: seconds)
    }
    guard words.count == 8, ["all", "short", "kills"].contains(words[0]),
      let seed = UInt64(words[5]),
      let minutes = Double(words[6]), let inputs = Int(words[7])
    else {
      print(usage)
      exit(64)
    }
    let run = Run(folder: words[4], data: words[3])
    let tool = Tool(path: words[1], library: words[2], cache: "\(words[4])/cache")
    let isFine =
      try words[0] == "kills"
      ? kill(tool, run, seed: seed, minutes: minutes)
      : attack(tool, run, seed: seed, minutes: minutes, inputs: inputs, short: words[0] == "short")
    exit(isFine ? 0 : 1)
  }

  private static func kill(
    _ tool: Tool, _ run: Run, seed: UInt64, minutes: Double
  ) throws -> Bool {
    let table = Table(), end = ContinuousClock.now + .seconds(60 * minutes)
    let moments = try Moments(tool, run.long(), table, seed: seed)
    print("chaos: seed \(seed), a run of \(moments.duration)")
    try moments.kill(until: end, short: false)
    try moments.fillDisks(until: end, short: false)
    return table.report()
  }

  private static func attack(
    _ undisturbed: Tool, _ run: Run, seed: UInt64, minutes: Double, inputs: Int, short: Bool
  ) throws -> Bool {
    let table = Table(), clock = ContinuousClock(), start = clock.now
    /// When a part must have ended that ends after this fraction of the time.
    func end(_ fraction: Double) -> ContinuousClock.Instant {
      start + .seconds(60 * minutes * fraction)
    }
    func faults(_ tool: Tool) -> FaultParts {
      FaultParts(tool: tool, run: run, table: table, seed: seed)
    }
    let operations = try faults(undisturbed).trainReference()
    // What takes so long does nothing any more, however busy the machine is.
    var tool = undisturbed
    tool.limit = .seconds(5) + (clock.now - start) * 10
    let parts = faults(tool)
    print(
      "chaos: seed \(seed), \(operations.count) file operations, "
        + "\(tool.limit.components.seconds) s for a command")
    try Commands(tool: tool, run: run, table: table, seed: seed)
      .attempt(until: end(0.15), short: short)
    try Pairs(tool: tool, run: run, table: table)
      .attempt(operations, until: end(0.2), short: short)
    try parts.cuts(operations, until: end(0.3), short: short)
    try parts.stops(operations, until: end(0.5), short: short)
    let moments = try Moments(undisturbed, run.long(), table, seed: seed)
    try moments.kill(until: end(0.65), short: short)
    try moments.fillDisks(until: end(0.7), short: short)
    Gates(run: run, table: table, seed: seed).attempt(inputs, until: end(1))
    let isFine = table.report()
    print(
      "chaos: \(clock.now - start)" + (isFine ? "" : ", what did harm is in \(run.folder)/kept"))
    return isFine
  }
}
