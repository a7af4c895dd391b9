import ArgumentParser

struct DataCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "data",
    abstract: "Examines folders of images, or draws one for practice.",
    discussion: "Example: marbles data scan photos",
    subcommands: [
      DataScanCommand.self, DataSplitCommand.self, DataViewCommand.self, DataShowCommand.self,
      DataMeanCommand.self, DataStatsCommand.self, DataEnoughCommand.self, DataDoubtCommand.self,
      DataSketchCommand.self, DataTintCommand.self,
    ])
}
