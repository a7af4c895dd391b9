import ConvNet
import Support
import Tensors
import Training

// Runs that begin with the weights of a checkpoint.
extension TrainingConfiguration {
  /// Takes the network and the image size of a checkpoint, unless others were given.
  mutating func takeNetwork(of checkpoint: Checkpoint) {
    if Set(GivenOptions.names).isDisjoint(with: ["--model", "--architecture"]) {
      model = checkpoint.description.model
      architecture = checkpoint.description.architecture
    }
    if Set(GivenOptions.names).isDisjoint(with: ["--image-size", "--image-sizes"]) {
      imageSize = checkpoint.description.imageSize
    }
  }

  /// Makes the choices of a run those of another one that begins with its best network.
  mutating func goOn(from run: RunDirectory, _ command: TrainCommand) {
    initialWeights = run.path
    // Its own images are in its split; all others are new.
    splitFile = nil
    limit = nil
    // Its steps are other ones.
    learningRateChanges = nil
    let course = command.course
    if let epochs = course.epochs {
      self.epochs = epochs
      budget = nil
    }
    if let budget = course.budget { self.budget = budget.seconds }
    if case .number(let rate) = course.learningRate { learningRate = rate }
    if GivenOptions.names.contains("--seed") { seed = command.run_.seed.seed }
    patience = course.patience ?? patience
    targetAccuracy = course.targetAccuracy ?? targetAccuracy
    keep = command.run_.keep ?? keep
    onDivergence = command.run_.onDivergence ?? onDivergence
  }

  /// The weights that a run begins with.
  ///
  /// Those of a checkpoint for other classes, or the same in another order, end in a layer that is
  /// drawn anew.
  ///
  /// - Parameter checkpoint: What is at `initialWeights`.
  /// - Throws: `Failure` if it is of another network.
  func initialWeights(
    from checkpoint: Checkpoint?, classes: [String], quiet: Bool
  ) throws -> InitialWeights {
    guard let checkpoint, let path = initialWeights else { return .whitened }
    let own = checkpoint.description.classes
    let network = try makeNetwork(classCount: classes.count)
    let slots = network.parameterLayout.slots
    let head = slots.last?.name.split(separator: ".").dropLast().joined(separator: ".") ?? ""
    let fresh = Set(own == classes ? [] : slots.map(\.name).filter { $0.hasPrefix("\(head).") })
    let known = checkpoint.parameters.layout.slots + checkpoint.statistics.layout.slots
    for slot in slots + network.statisticLayout.slots where !fresh.contains(slot.name) {
      guard known.contains(where: { $0.name == slot.name && $0.shape == slot.shape }) else {
        throw Failure(
          .usage,
          "--initial-weights: \(path) is of another network: it has no array '\(slot.name)' of "
            + "shape \(slot.shape); leave out --model, --architecture and --image-size")
      }
    }
    if !fresh.isEmpty, !quiet {
      Console.note(
        "weights of \(path.printable), which knows \(own.count.counted("class")): the last layer "
          + "is drawn anew for \(classes.count)")
    }
    return .checkpoint(checkpoint, seeding: fresh)
  }
}
