import ArgumentParser
import Optimization
import Plotting
import Support
import Training

struct SchedulesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schedules",
    abstract: "Lists the learning-rate schedules with their defaults, or draws them.",
    usage: "marbles schedules [<schedule> ...] [--plot] [<options>]",
    discussion: """
      Places are fractions of the run after the warm-up. Parameters follow a colon:
      step:every=0.25,factor=0.5. Your own is 'expr:FORMULA' of step, epoch, t (from
      0 to 1) and peak, and gives the rate itself.

      Example: marbles schedules --plot cosine one-cycle 'expr:peak*(1-t)^2'
      """)

  @Argument(
    help: "Schedules to draw (default: all).", completion: .schedules,
    transform: ScheduleChoice.init)
  var schedules: [ScheduleChoice] = []

  @Flag(help: "Draw how the rate changes.") var plot = false

  @Option(help: ArgumentHelp("The highest rate.", valueName: "rate")) var learningRate: Float = 1

  @Option(help: ArgumentHelp("Steps of the run.", valueName: "n")) var steps = 1000

  @Option(help: ArgumentHelp("Epochs of the run.", valueName: "n")) var epochs = 20

  @Option(
    help: ArgumentHelp(
      "Epochs over which the rate first rises (default: those of the schedule, as in training).",
      valueName: "epochs"))
  var warmup: Double?

  @OptionGroup var figureOptions: FigureOptions
  @OptionGroup var labels: LabelOptions
  @OptionGroup var output: OutputOptions

  private static let plotOptions = [
    "--learning-rate", "--steps", "--epochs", "--warmup", "--format", "--out", "--label",
  ]

  func validate() throws {
    if !plot {
      try GivenOptions.refuse("without --plot: add it") {
        (Self.plotOptions + LookOptions.names).contains($0)
      }
    }
    try check(learningRate, in: 1e-30...1e30, "--learning-rate")
    try check(steps, in: 1...1_000_000, "--steps")
    try check(epochs, in: 1...steps, "--epochs")
    try check(warmup ?? 0, in: 0...Double(epochs), "--warmup")
    try check(schedules.count, in: 0...12, "the number of schedules")
    guard plot || schedules.isEmpty else {
      throw ValidationError("To draw schedules add --plot; without names all are listed")
    }
  }

  /// What `--json` prints.
  private struct Report: Encodable {
    var schedules: [CatalogueTable.Entry], figures: [String]
  }

  func run() throws {
    let entries = ScheduleCatalogue.standard.entries
    let written = plot ? try draw(schedules.isEmpty ? ScheduleChoice.all : schedules) : []
    if output.json {
      Console.output(
        jsonText(
          Report(schedules: entries.map { CatalogueTable.Entry($0) }, figures: written)))
    } else if plot {
      written.forEach(Console.output)
    } else {
      Console.output(
        """
        \(CatalogueTable.text(entries))

        expr:FORMULA is your own: the rate from step, epoch, t (0 to 1) and peak.
        All but plateau are functions of the step alone; --warmup comes before any.
        """)
    }
  }

  /// Draws rates over steps; more than a few schedules get small axes of their own.
  private func draw(_ choices: [ScheduleChoice]) throws -> [String] {
    let files = try figureOptions.claim(named: "schedules")
    let perEpoch = max(1, steps / epochs)
    let rates = try choices.map { choice in
      let warmup = warmup ?? min(choice.defaultWarmup, Double(epochs))
      let schedule = try LearningRateSchedule(
        choice, peak: learningRate, warmupSteps: Int((warmup * Double(perEpoch)).rounded()),
        totalSteps: steps, stepsPerEpoch: perEpoch)
      return self.rates(of: schedule, perEpoch)
    }
    let stride = max(1, steps / 2000)
    let drawn = (0..<steps).filter { $0 % stride == 0 || $0 == steps - 1 }
    let names = try labels.names(insteadOf: choices.map(\.description), of: "schedule")
    let curves = zip(names, rates).map { name, rates in
      // From before the first step to after the last.
      let points =
        drawn.map { DataPoint(Double($0), Double(rates[$0])) }
        + [DataPoint(Double(steps), Double(rates[steps - 1]))]
      return NamedCurve(name, points)
    }
    let followsLoss = choices.contains(where: \.followsValidationLoss)
    let figure = AxesFigure.schedules(
      curves, together: choices.count <= 5,
      footer: followsLoss
        ? "plateau: as if the validation loss stopped falling after 30% of the run" : "",
      theme: figureOptions.theme)
    var table = [["step"] + choices.map(\.description)]
    for step in 0..<steps { table.append(["\(step)"] + rates.map { "\($0[step])" }) }
    return try files.write(figure, table)
  }

  /// The rate of every step; a schedule that follows the loss is given one that stops falling.
  private func rates(of schedule: LearningRateSchedule, _ perEpoch: Int) -> [Float] {
    var plateau = PlateauState()
    return (0..<steps).map { step in
      let rate = schedule.learningRate(atStep: step, plateau: plateau)
      if (step + 1) % perEpoch == 0 {
        let epoch = Double(step / perEpoch)
        schedule.note(1 / (1 + min(epoch, 0.3 * Double(epochs))), in: &plateau)
      }
      return rate
    }
  }
}
