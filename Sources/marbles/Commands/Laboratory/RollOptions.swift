import ArgumentParser
import Optimization
import Races

/// The surface, and what rolls on it.
struct RaceOptions: ParsableArguments {
  @Argument(
    help: "A surface, or 'expr:' and a formula of x, or of x and y; see 'marbles surfaces'.",
    completion: .surfaces, transform: Surface.init)
  var surface: Surface

  @Option(
    name: .customLong("optimizers"), parsing: .upToNextOption,
    help: ArgumentHelp(
      """
      What moves the marbles, separated by commas or blanks; parameters follow a colon, as in \
      adam:beta1=0.5,rate=0.1. See 'marbles optimizers'.
      """,
      valueName: "name"),
    completion: .racers)
  var optimizerTexts: [String] = ["sgd"]

  @Option(
    name: .customLong("learning-rate"), parsing: .unconditional,
    help: ArgumentHelp(
      """
      The learning rate; of several, separated by commas, every optimizer rolls with each \
      (default: what suits optimizer and surface).
      """,
      valueName: "rate"))
  var rateText: String?

  @Option(help: ArgumentHelp("The most steps to take.", valueName: "n")) var steps = 100

  @Option(
    name: .customLong("start"), parsing: .unconditional,
    help: ArgumentHelp("Where all marbles start (default: the surface's).", valueName: "x,y"))
  var startText: String?

  @Option(
    name: .customLong("window"), parsing: .unconditional,
    help: ArgumentHelp(
      "The part of the surface that is drawn, as x0,x1 or x0,x1,y0,y1.", valueName: "ends"))
  var windowText: String?

  @Option(
    help: ArgumentHelp(
      "Standard deviation of random noise on the slope, as from mini-batches.",
      valueName: "size"))
  var noise = 0.0

  @Option(help: "Seed of the noise.") var seed: UInt64 = 1

  @Option(
    name: .customLong("change"), parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      """
      Another rate or other parameters on the way: after how many steps, which marble, and its \
      optimizer from then on, as in 20,1,momentum:momentum=0.5,rate=0.1. May be repeated.
      """,
      valueName: "steps,marble,optimizer"))
  var changeTexts: [String] = []

  @Flag(help: "Find the best learning rate of each optimizer before the race.") var tune = false

  func validate() throws {
    try check(steps, in: 1...100_000, "--steps")
    try check(noise, in: 0...1e6, "--noise")
    guard try contestants().count <= 40 else {
      throw ValidationError("At most 40 marbles roll together")
    }
    guard !tune || rateText == nil else {
      throw ValidationError("--tune finds learning rates; leave out --learning-rate")
    }
    _ = try race()
    let start = try start() ?? surface.start
    guard surface.value(at: start).isFinite else {
      throw ValidationError(
        "\(surface.name) has no height at the start "
          + "(\(start.map { "\($0)" }.joined(separator: ", "))); give another --start")
    }
  }

  /// All that was chosen.
  func race() throws -> Race {
    var contestants = try contestants()
    for text in changeTexts {
      let (index, change) = try change(text, of: contestants)
      contestants[index].changes.append(change)
    }
    return Race(
      on: try ground(), from: try start(), contestants, steps: steps, noise: gradientNoise,
      isTuned: tune)
  }

  /// What rolls, and at which rate if one was given; without changes on the way.
  func contestants() throws -> [Race.Contestant] {
    let rates = try rateText.map { try numbers($0, "--learning-rate") { $0 > 0 } }
    return try Self.names(optimizerTexts).flatMap { text in
      let choice = try choice(text)
      guard let rates else { return [Race.Contestant(choice)] }
      return rates.map { Race.Contestant(choice, rate: $0) }
    }
  }

  private func choice(_ text: String) throws -> MarbleChoice {
    do throws(ChoiceError) {
      return try MarbleChoice(text)
    } catch {
      throw ValidationError(error.description)
    }
  }

  /// A change on the way, and the index of the marble.
  private func change(
    _ text: String, of contestants: [Race.Contestant]
  ) throws -> (Int, Roll.Change) {
    let parts = text.split(separator: ",", maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3, let step = Int(parts[0]), let number = Int(parts[1]) else {
      throw ValidationError(
        "--change is '\(text)', expected steps, the number of a marble and its optimizer, as in "
          + "20,1,momentum:rate=0.1")
    }
    try check(step, in: 0...steps, "the number of steps in --change \(text)")
    try check(number, in: 1...contestants.count, "the marble in --change \(text)")
    let choice = try choice(String(parts[2]))
    let name = contestants[number - 1].choice.name
    guard choice.name == name else {
      throw ValidationError(
        "--change \(text): marble \(number) is moved by \(name), and can get other parameters only")
    }
    return (number - 1, Roll.Change(atStep: step, to: choice))
  }

  /// Names separated by commas; a part with an equals sign belongs to the name before it.
  static func names(_ texts: [String]) -> [String] {
    texts.flatMap { text in
      text.split(separator: ",", omittingEmptySubsequences: false).reduce(into: [String]()) {
        names, part in
        if part.contains("="), !part.contains(":"), let last = names.popLast() {
          names.append("\(last),\(part)")
        } else {
          names.append(String(part))
        }
      }
    }
  }

  func start() throws -> [Double]? {
    try startText.map { try numbers($0, "--start", count: surface.dimension) { _ in true } }
  }

  /// The surface with the window that was asked for.
  func ground() throws -> Surface {
    guard let windowText else { return surface }
    let ends = try numbers(windowText, "--window", count: 2 * surface.dimension) { _ in true }
    do throws(WindowError) {
      return try surface.drawn(between: ends)
    } catch {
      throw ValidationError("--window is \(windowText), expected \(error.expected)")
    }
  }

  private func numbers(
    _ text: String, _ option: String, count: Int? = nil, where isAllowed: (Double) -> Bool
  ) throws -> [Double] {
    let parts = text.split(separator: ",", omittingEmptySubsequences: false)
    let values = parts.compactMap { Double($0) }.filter { $0.isFinite && isAllowed($0) }
    guard values.count == parts.count, count == nil || count == values.count else {
      let expected = count.map { $0 == 1 ? "a number" : "\($0) numbers separated by commas" }
      throw ValidationError(
        "\(option) is '\(text)', expected \(expected ?? "positive numbers separated by commas")")
    }
    return values
  }

  var gradientNoise: GradientNoise? {
    noise > 0 ? GradientNoise(strength: noise, seed: seed) : nil
  }
}
