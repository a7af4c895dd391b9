internal import ConvNet
internal import ImageLoading
internal import Optimization
internal import Tensors

extension Trainer {
  /// Goes back to the last complete epoch at a lower rate, if the run is to and may.
  ///
  /// - Throws: `TrainingError.diverged` with what helps, if it may not.
  func goBack(after divergence: Divergence) throws {
    let retries = (state.progress.retries ?? 0) + 1
    guard configuration.onDivergence == .retry, retries <= DivergenceAction.mostRetries,
      let returnPoint
    else {
      var divergence = divergence
      divergence.trials = triesLowerRates ? try trials(after: divergence) : []
      throw TrainingError.diverged(divergence)
    }
    state.goBack(to: returnPoint, retries: retries)
    try tell(.retrying(divergence, savedState()))
  }

  /// Where and how a step diverged.
  func divergence(
    _ error: TrainingStep.NotFinite, _ batch: BatchSource.Batch, _ execution: Execution
  ) -> Divergence {
    Divergence(
      step: state.progress.step + 1, epoch: state.progress.epoch + 1,
      quantity: error.gradientNorm == nil ? "loss" : "gradient",
      value: error.gradientNorm ?? Double(error.loss),
      loss: error.gradientNorm == nil ? nil : Double(error.loss), formula: error.formula,
      place: place(of: error, batch.samples.count, execution),
      files: batch.samples.map { data.loaded.images[$0].path }, gradientNorms: state.gradientNorms,
      kept: kept)
  }

  /// The divergence of something measured between steps.
  func divergence(_ quantity: String, _ value: Double, kept: String?) -> Divergence {
    Divergence(
      step: state.progress.step, epoch: max(1, state.progress.epoch), quantity: quantity,
      value: value, gradientNorms: state.gradientNorms, kept: kept)
  }

  /// Refuses to save what could not be resumed.
  ///
  /// - Throws: `TrainingError.diverged` naming what is not finite.
  func requireFiniteState() throws(TrainingError) {
    guard let (name, value) = state.model.notFinite else { return }
    var divergence = divergence(name, value, kept: kept)
    if !state.progress.isBetweenEpochs { divergence.epoch = state.progress.epoch + 1 }
    divergence.place = parametersNotFinite
    throw .diverged(divergence)
  }

  /// The first place that is not finite, from the images to the gradient.
  private func place(
    of error: TrainingStep.NotFinite, _ count: Int, _ execution: Execution
  ) -> String? {
    let (own, size) = (execution.images(ofBatch: count), execution.network.inputShape.count)
    let images = execution.input[own.lowerBound * size..<own.upperBound * size]
    let isImage = !images.array.allSatisfy(\.isFinite)
    // Processes that share the batch go on together.
    if source.workers.processes?.any(isImage) ?? isImage {
      return "the images, after normalization"
    }
    if let place = parametersNotFinite { return "\(place), changed by the step before" }
    if let slot = error.slot { return "the gradient of \(layer(ofSlot: slot))" }
    return execution.firstLayerNotFinite(
      count: count, parameters: state.model.parameters, statistics: state.model.statistics
    ).map { "the output of \(layer(at: $0))" }
  }

  private var parametersNotFinite: String? {
    let (layout, scalars) = (network.parameterLayout, state.model.parameters.scalars)
    return layout.ranges.firstIndex { !scalars[$0].allSatisfy(\.isFinite) }
      .map { "the parameters of \(layer(ofSlot: $0))" }
  }

  private func layer(ofSlot slot: Int) -> String {
    network.layer(ofParameterSlot: slot).map(layer(at:)) ?? "a layer"
  }

  private func layer(at index: Int) -> String {
    "layer \(index) (\(network.layers[index].text))"
  }
}

// MARK: - Lower rates

extension Trainer {
  /// Tries lower rates until one helps, from the state to go back to and then, as that may be
  /// spoiled, from the beginning; none if the run is to stop.
  private func trials(after divergence: Divergence) throws -> [RateTrial] {
    let rate =
      configuration.highestLearningRate(atStep: state.progress.step + 1)
      * state.progress.rateFactor
    let lower = RateTrial.rates(
      below: rate, usual: Float(configuration.optimizer.entry.trainingRate))
    var beginning = beginning
    beginning?.model.optimizer = step.optimizer.makeState(
      parameterCount: network.parameterLayout.count)
    let starts = [returnPoint, beginning].compactMap(\.self)
    var trials: [RateTrial] = []
    for start in starts where start.progress.step != trials.last?.start {
      for rate in lower {
        guard let trial = try trial(of: rate, from: start, after: divergence) else { return [] }
        trials.append(trial)
        if trial.isStable { return trials }
        // The first step does not depend on the rate.
        if trial.steps == 0 { break }
      }
    }
    return trials
  }

  /// Takes steps at a lower rate; nil if the run is to stop meanwhile.
  private func trial(
    of rate: Float, from start: RunState, after divergence: Divergence
  ) throws -> RateTrial? {
    let steps = RateTrial.stepCount(until: divergence.step - start.progress.step)
    var state = start
    state.progress.retries = nil
    followPlace(of: divergence, &state.progress)
    var choices = configuration
    choices.learningRate = rate
    choices.learningRateChanges = nil
    let course = try Course(choices, trainingCount: data.training.count)
    var trial = RateTrial(learningRate: rate, start: state.progress.step)
    var losses: [Double] = []
    while losses.count < steps, rules.decision(at: state.progress)?.decision != .finish {
      var batches = source.batches(
        ofEpoch: state.progress.epoch, at: course.epochPosition(state.progress),
        fromStep: state.progress.stepInEpoch)
      let execution = executions.execution(imageSize: batches.imageSize)
      while losses.count < steps, let batch = try batches.next(into: execution) {
        if rules.decision(at: state.progress)?.decision == .interrupt { return nil }
        guard let record = try? takeStep(batch, execution, course, &state) else {
          trial.steps = losses.count
          return trial
        }
        losses.append(record.loss)
        if course.endsEpoch(at: state.progress) { break }
      }
      if losses.count < steps {
        _ = state.endEpoch(validation: nil, course)
        if state.progress.clock != nil { state.progress.epochPosition = state.progress.place }
      }
    }
    trial.note(losses)
    if divergence.quantity == Divergence.validationLoss {
      let validation = try evaluatorInTurn().evaluate(
        evaluationCheckpoint(of: state), on: data.validation)
      trial.isStable = trial.isStable && validation?.loss.isFinite ?? true
    }
    return trial
  }

  /// Lets a trial of a budgeted run come to the place where that diverged in as many steps.
  private func followPlace(
    of divergence: Divergence, _ progress: inout TrainingState.Progress
  ) {
    guard let end = state.progress.place, let start = progress.place else { return }
    let steps = max(1, divergence.step - progress.step)
    progress.clock = ClockReading(
      step: progress.step, epoch: progress.epoch, position: start,
      perStep: max(0, end - start) / Double(steps))
  }
}
