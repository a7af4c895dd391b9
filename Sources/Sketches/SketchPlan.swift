internal import Plotting
internal import Tensors

/// Everything that was decided about one sketch before the first line is drawn.
package struct SketchPlan: Sendable {
  /// Pixels.
  package let width: Int, height: Int
  package let pose: Pose
  package let backdrop: Backdrop
  /// How the fur is marked.
  package var markings: Markings { traits.coat.markings }
  let traits: Traits
  let head: Head
  let obstacle: Obstacle
  let camera: Camera
  /// `-1` mirrors the animal.
  let facing: Double
  /// Radians by which the animal is turned.
  let turn: Double
  /// Height of the animal as a fraction of the image's.
  let size: Double
  /// How far the animal stands from the middle, `-1...1` of the available room; usually little.
  let shift: Double
  /// Where its feet stand, as a fraction of the height.
  let ground: Double
  /// Where the light comes from in the image, `-1` left, `1` right.
  let light: Double
  let sceneSeed: UInt64

  init(of animal: Animal, number: Int, in configuration: SketchConfiguration) {
    var generator = SeededGenerator(
      seed: configuration.seed, stream: animal.stream, UInt64(bitPattern: Int64(number)))
    width = Int.random(in: configuration.imageSize, using: &generator)
    height = Int.random(in: configuration.imageSize, using: &generator)
    backdrop = Backdrop.choose(
      for: animal, bias: configuration.backgroundBias, using: &generator)
    pose = generator.pick([
      .sittingFront, .sittingFront, .sittingSide, .standing, .standing, .lying, .curled,
      .portrait, .portrait, .portrait,
    ])
    traits = Traits(of: animal, using: &generator)
    let isFrontal = pose == .sittingFront || pose == .curled
    let profiles = isFrontal ? 0 : pose == .portrait ? 0.2 : 0.4
    head = Head(
      view: generator.chance(profiles) ? .profile : .front,
      tilt: pose == .curled
        ? generator.number(in: -0.3...0.1) : generator.number(in: -0.16...0.16),
      turn: generator.number(in: -6...6),
      isAsleep: pose == .curled && generator.chance(0.7))
    obstacle = generator.pick(Obstacle.found(in: backdrop))
    camera = Camera(using: &generator)
    facing = generator.sign()
    light = generator.sign()
    turn = generator.number(in: -0.07...0.07)
    size = generator.number(in: pose == .portrait ? 0.95...1.3 : 0.82...1.08)
    shift = (generator.number(in: -1...1) + generator.number(in: -1...1)) / 2
    ground =
      pose == .portrait ? generator.number(in: 1.0...1.12) : generator.number(in: 0.84...0.98)
    sceneSeed = generator.next()
  }
}
