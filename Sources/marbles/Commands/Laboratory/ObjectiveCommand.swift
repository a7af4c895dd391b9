import ArgumentParser

struct ObjectiveCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "objective",
    abstract: "The objective laboratory: draws, checks and tries objectives.",
    discussion: """
      An objective is one of 'marbles objectives', such as mse or huber:delta=0.5, or
      a formula of the target y and the prediction p, such as 'expr:huber(y-p, 0.5)'.

      Example: marbles objective plot mse mae huber
      """,
    subcommands: [
      ObjectiveListCommand.self, ObjectivePlotCommand.self, ObjectiveCheckCommand.self,
      ObjectiveFitCommand.self,
    ])
}
