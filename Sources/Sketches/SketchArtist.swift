internal import Plotting
public import Support
internal import Tensors

/// Draws an endless set of cats and dogs.
public struct SketchArtist: Sendable {
  /// What all sketches have in common.
  public let configuration: SketchConfiguration

  /// Creates an artist.
  public init(configuration: SketchConfiguration) { self.configuration = configuration }

  /// Draws a sketch.
  ///
  /// - Parameter number: Identifies the sketch among those of the animal. Sketch `number` is the
  ///   same whatever else is drawn.
  public func draw(_ animal: Animal, number: Int) -> PixelBuffer {
    let plan = plan(animal, number: number)
    let canvas = CairoCanvas(width: Double(plan.width), height: Double(plan.height))
    var scene = ScenePainter(canvas: canvas, generator: SeededGenerator(seed: plan.sceneSeed))
    scene.draw(plan.backdrop)
    place(plan, on: canvas)
    scene.draw(plan.obstacle)
    return plan.camera.photograph(
      PixelBuffer(width: plan.width, height: plan.height, bytes: canvas.pixels()))
  }

  /// Where the animal is in a sketch: white on black, with the parts that something in front hides.
  public func mask(_ animal: Animal, number: Int) -> PixelBuffer {
    let plan = plan(animal, number: number)
    // Where the ground shines through, there is no animal.
    let (dark, light) = (animalAlone(plan, on: .black), animalAlone(plan, on: .white))
    var mask = dark
    for pixel in 0..<plan.width * plan.height {
      let difference = Int(light.bytes[3 * pixel]) - Int(dark.bytes[3 * pixel])
      for channel in 0..<3 { mask.bytes[3 * pixel + channel] = difference < 128 ? 255 : 0 }
    }
    return mask
  }

  private func animalAlone(_ plan: SketchPlan, on color: Color) -> PixelBuffer {
    let canvas = CairoCanvas(width: Double(plan.width), height: Double(plan.height))
    canvas.fill(
      .rectangle(Rectangle(x: 0, y: 0, width: canvas.width, height: canvas.height)), with: color)
    place(plan, on: canvas)
    return PixelBuffer(width: plan.width, height: plan.height, bytes: canvas.pixels())
  }

  /// What sketch `number` of an animal will show.
  package func plan(_ animal: Animal, number: Int) -> SketchPlan {
    SketchPlan(of: animal, number: number, in: configuration)
  }

  private func place(_ plan: SketchPlan, on canvas: CairoCanvas) {
    let extent = AnimalPainter.extent(of: plan.pose, head: plan.head, plan.traits)
    let scale = min(
      plan.size * canvas.height * 0.9 / extent.height, plan.size * canvas.width / extent.width)
    // A little of the animal may be outside, but not its face.
    let room = max(canvas.width / 2 - extent.width * scale * 0.47, 0)
    let middle = (extent.x + extent.width / 2) * scale * plan.facing
    let feet = max(plan.ground * canvas.height, extent.height * scale)
    let painter = AnimalPainter(
      canvas: canvas, traits: plan.traits, light: plan.light * plan.facing)
    canvas.transform(
      translation: Point(canvas.width / 2 + plan.shift * room - middle, feet),
      rotation: plan.turn, scaleX: plan.facing * scale, scaleY: scale
    ) { painter.draw(plan.pose, head: plan.head) }
  }
}
