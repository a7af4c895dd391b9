/// Another objective, with a fraction of every target spread evenly over all classes.
struct SmoothedObjective: Objective {
  let base: any Objective
  /// 0..<1.
  let smoothing: Float

  func evaluate(logits: [Float], targets: Targets) -> (loss: Float, gradient: [Float]) {
    base.evaluate(logits: logits, targets: targets.smoothed(by: smoothing))
  }
}
