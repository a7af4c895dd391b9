import ArgumentParser
import ImageLoading
import MessagePassing
import Plotting
import Support
import Training

struct CompareCommand: SharedCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Tells which network or which optimizer is better, beyond chance.",
    usage: """
      marbles compare <run> ... [<options>]
      marbles compare <data> --optimizers <names> [<options>]
      """,
    discussion: """
      Runs are judged on the test images that all of them have and none was trained
      on, or on a folder with --data. McNemar's test, corrected by Holm for several
      pairs, says which two are distinguishable; where two are not, about how many
      images it would take.

      With --optimizers, networks are trained on DATA with each of them: first the
      learning rate of each is searched with the same effort, then each trains with
      several seeds for as many steps or seconds as the others. The cost is said
      first. Every training is a run below --out, and the same command goes on with
      a comparison that was stopped.

      With --out, tables, a figure and a report.html go to a folder; 'marbles report'
      writes that page again.

      Example: marbles compare runs/a runs/b --out better
      """)

  @Argument(
    help: "Runs, checkpoints or models that come with Marbles; or one folder of images.",
    completion: .checkpoint, transform: inputPath)
  var inputs: [String]

  @OptionGroup(title: "Networks") var judging: JudgingOptions
  @OptionGroup(title: "Networks") var labels: LabelOptions
  @OptionGroup(title: "Optimizers") var contest: ContestOptions
  @OptionGroup(title: "Figure") var appearance: LookOptions
  @OptionGroup var write: WriteOptions
  @OptionGroup(title: "Network") var network: NetworkOptions
  @OptionGroup(title: "Optimization") var loss: LossOptions
  @OptionGroup var trial: TrialImageOptions
  @OptionGroup var output: OutputOptions

  /// What does not need `--optimizers`.
  private static let common =
    [
      "--out", "--overwrite", "--cache", "--cache-folder", "--cache-limit", "--threads", "--seed",
      "--json", "--quiet",
    ] + JudgingOptions.names + LookOptions.names

  func validate() throws {
    guard contest.optimizers == nil else {
      try GivenOptions.refuse(
        "with --optimizers: DATA is trained on and judged, --out says where to write"
      ) {
        JudgingOptions.names.contains($0) || $0 == "--title"
      }
      guard inputs.count == 1 else {
        throw ValidationError("--optimizers are compared on one folder of images; give one DATA")
      }
      return
    }
    try GivenOptions.refuse("without --optimizers: it is for networks that are trained") {
      !Self.common.contains($0)
    }
    guard inputs.count > 1 else {
      throw ValidationError(
        "one network is compared with nothing; give two, or DATA and --optimizers")
    }
    guard inputs.count <= JudgingOptions.most else {
      throw ValidationError("at most \(JudgingOptions.most) networks are compared at once")
    }
    if judging.figure == nil, contest.out == nil {
      try LookOptions.refuse(because: "without --figure or --out: add one")
      if judging.csv == nil {
        try GivenOptions.refuse("--overwrite", because: "without a file to write")
      }
    }
    guard !(output.json && judging.csv.map(OutputFile.namesStandardOutput) == true) else {
      throw ValidationError("--json and --csv - both want standard output; choose one")
    }
    let names = try labels.names(insteadOf: inputs, of: "network")
    if labels.labels != nil,
      let twice = names.first(where: { one in names.count { $0 == one } > 1 })
    {
      throw ValidationError("--label has '\(twice)' twice; give each network its own name")
    }
  }

  func run() throws {
    let ranks = try Ranks.joinAsCommand()
    if let optimizers = contest.optimizers {
      return try OptimizerContest(self, optimizers, ranks).run()
    }
    let workers = trial.threads.workers(among: ranks)
    let networks = try ComparedNetworks(inputs, judging)
    let names = try labels.names(insteadOf: networks.names, of: "network")
    try ranks?.requireSame(networks.checkpoints)
    let files = try workers.onFirst { try claim(besides: networks) }
    let judged = try networks.judge(workers, cache: trial.cache, quiet: output.quiet)
    guard let (csv, figure, folder) = files else { return }
    let report = NetworkComparisonReport(
      judged, names: names, files: networks.files, seed: trial.seed.seed,
      options: judging.reproducing(labels, trial.seed) + (contest.out.map { ["--out", $0] } ?? []))
    try csv?.write(csvText(report.hits.table))
    try figure?.write(report.figure(appearance.theme), appearance.look)
    let written = try folder?.write(report, appearance.look) ?? []
    if output.json { return Console.output(jsonText(report.summary(files: written))) }
    // A table on standard output stays alone there.
    (csv?.isStandardOutput == true ? Console.note(lines:) : Console.output)(report.text)
    if let csv, !csv.isStandardOutput { Console.output(csv.path.printable) }
    if let figure { Console.output(figure.path.printable) }
    written.forEach { Console.output($0.printable) }
  }

  /// Claims what is written.
  private func claim(
    besides networks: ComparedNetworks
  ) throws -> (csv: OutputFile?, figure: OutputFile?, folder: ComparisonFolder?) {
    var outputs = Outputs(write, inputs: networks.files, data: networks.listings)
    return (
      try outputs.claim(judging.csv, .table, option: "--csv"),
      try outputs.claim(judging.figure, .figure(), option: "--figure"),
      try contest.out.map { try ComparisonFolder(&outputs, in: $0) }
    )
  }
}
