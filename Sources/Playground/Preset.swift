/// A race to begin with, and what to look at.
package struct Preset: Encodable, Sendable {
  package let name: String
  /// What happens, in a sentence or two.
  package let sentence: String
  package let state: RaceState

  /// Every preset, in the order of the lecture.
  package static let all = [
    Preset(
      name: "The bowl",
      sentence: "Gradient descent in f(x) = x². The slope shrinks on the way down, and so do the "
        + "steps, without anyone slowing the marble.",
      state: RaceState("bowl", [.init("sgd:rate=0.1")])),
    Preset(
      name: "Three learning rates",
      sentence: "The same bowl, three learning rates: 0.02 creeps, 0.4 is there in a few steps, "
        + "1.1 jumps over the bottom and ends higher each time.",
      state: RaceState(
        "bowl", [.init("sgd:rate=0.02"), .init("sgd:rate=0.4"), .init("sgd:rate=1.1")])),
    Preset(
      name: "Local minimum",
      sentence:
        "Two wells, the nearer one shallow. Gradient descent stays in it; at the same rate, "
        + "momentum rolls over the hill into the deeper one.",
      state: RaceState(
        "two-wells", [.init("sgd:rate=0.05"), .init("momentum:rate=0.05"), .init("adam")])),
    Preset(
      name: "The saddle",
      sentence:
        "From a pass it goes down to both sides, but at its top the slope is 0. AdaGrad and "
        + "RMSProp, which divide by past slopes, leave it sooner than plain descent.",
      state: RaceState(
        "saddle",
        [
          .init("sgd"), .init("momentum"), .init("adagrad"), .init("rmsprop"), .init("adam"),
        ])),
    Preset(
      name: "The ravine",
      sentence: "A hundred times as steep across as along: a rate that suits the walls is slow "
        + "along the floor. Momentum and Adam make up for it in two ways.",
      state: RaceState("ravine", [.init("sgd"), .init("momentum"), .init("adam")])),
    Preset(
      name: "Rosenbrock's valley",
      sentence: "To find the curved valley is easy, to follow it is not. L-BFGS learns the "
        + "curvature from its last steps.",
      state: RaceState(
        "rosenbrock", [.init("momentum"), .init("adam:rate=0.1"), .init("l-bfgs")])),
    Preset(
      name: "Noisy slopes",
      sentence: "A mini-batch only estimates the slope. With noise, a constant rate keeps the "
        + "marbles dancing around the bottom: lower it while they roll.",
      state: RaceState(
        "round-bowl", [.init("sgd:rate=0.1"), .init("sgd:rate=0.01")], noise: 3, seed: 1)),
    Preset(
      name: "Four valleys",
      sentence: "Four minima of equal height. Drag the start, or open the basin map, to see which "
        + "start leads where, and how momentum frays the borders.",
      state: RaceState(
        "himmelblau", [.init("sgd"), .init("momentum")])),
  ]
}
