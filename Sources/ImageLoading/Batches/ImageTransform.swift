internal import Foundation
internal import Tensors

/// The augmentation of one sample in one epoch.
struct ImageTransform {
  var isMirrored = false
  /// Shifts, whole pixels.
  var shiftX = 0, shiftY = 0
  /// Fractions of the width and the height that are seen, and the rotation in radians.
  var zoomX: Float = 1, zoomY: Float = 1, angle: Float = 0
  /// Where the seen part lies: -1 at the left or top edge, 0 in the middle, 1 at the other edge.
  var placeX: Float = 0, placeY: Float = 0
  /// Factors; 1 changes nothing.
  var brightness: Float = 1, contrast: Float = 1, saturation: Float = 1
  /// Rows and columns that are replaced by the mean color.
  var erased: (rows: Range<Int>, columns: Range<Int>)?

  /// Draws a transform; a function of its arguments alone.
  init(
    _ settings: AugmentationSettings, seed: UInt64, epoch: Int, sample: Int, size: Int
  ) {
    if settings.flips {
      // Half of the samples begin mirrored; from then on every sample is mirrored every other
      // time, so that no sample is seen the same way twice in a row.
      var phase = SeededGenerator(seed: seed, stream: UInt64(sample))
      isMirrored = (UInt64(epoch) &+ (phase.next() & 1)) & 1 == 1
    }
    var generator = SeededGenerator(seed: seed, stream: UInt64(sample), UInt64(epoch) + 1)
    // Rounded down, so that a small image is not shifted further than the limit.
    let reach = Int(settings.shift * Float(size))
    shiftX = Int.random(in: -reach...reach, using: &generator)
    shiftY = Int.random(in: -reach...reach, using: &generator)
    func draw(_ range: ClosedRange<Float>) -> Float {
      range.lowerBound + (range.upperBound - range.lowerBound) * Float(generator.nextUniform())
    }
    let zoom = draw(settings.zoom)
    angle = draw(-settings.rotation...settings.rotation) * .pi / 180
    brightness = draw(1 - settings.brightness...1 + settings.brightness)
    contrast = draw(1 - settings.contrast...1 + settings.contrast)
    saturation = draw(1 - settings.saturation...1 + settings.saturation)
    if generator.nextUniform() < settings.erasing {
      erased = Self.rectangle(settings.erasedArea, size, &generator)
    }
    let stretch = exp2(draw(-settings.stretch...settings.stretch) / 2)
    (zoomX, zoomY) = (min(1, zoom * stretch), min(1, zoom / stretch))
    if settings.cropsAnywhere { (placeX, placeY) = (draw(-1...1), draw(-1...1)) }
  }

  /// Draws a rectangle inside a square: its area from `areas`, its aspect ratio from 1:2…2:1.
  private static func rectangle(
    _ areas: ClosedRange<Double>, _ size: Int, _ generator: inout SeededGenerator
  ) -> (rows: Range<Int>, columns: Range<Int>) {
    let span = areas.upperBound - areas.lowerBound
    let area = (areas.lowerBound + span * generator.nextUniform()) * Double(size * size)
    let proportion = exp2(2 * generator.nextUniform() - 1)
    func side(_ length: Double) -> Int { min(size, max(1, Int(length.rounded()))) }
    let height = side((area * proportion).squareRoot())
    let width = side((area / proportion).squareRoot())
    let top = Int.random(in: 0...size - height, using: &generator)
    let left = Int.random(in: 0...size - width, using: &generator)
    return (top..<top + height, left..<left + width)
  }

  /// The source row or column of each result row or column, without zoom and rotation.
  func sources(size: Int, shift: Int, mirrored: Bool) -> [Int] {
    (0..<size).map { position in
      let moved = (mirrored ? size - 1 - position : position) + shift
      // Reflected about the edge pixel: -1 becomes 1, size becomes size - 2.
      let reflected = moved < 0 ? -moved : moved >= size ? 2 * size - 2 - moved : moved
      return min(max(reflected, 0), size - 1)
    }
  }

  /// Mirror, zoom, rotation and shift as one affine map, so that every pixel is sampled once.
  ///
  /// - Parameters:
  ///   - size: Rows and columns of the result.
  ///   - sourceSize: Rows and columns of the stored image.
  func map(size: Int, sourceSize: Int) -> SamplingMap {
    let (middle, sourceMiddle) = (Float(size - 1) / 2, Float(sourceSize - 1) / 2)
    let scale = Float(sourceSize) / Float(size)
    let (cosine, sine) = (cos(angle) * scale, sin(angle) * scale)
    let across: Float = isMirrored ? -1 : 1
    let (xx, xy) = (cosine * zoomX * across, -sine * zoomX)
    let (yx, yy) = (sine * zoomY * across, cosine * zoomY)
    let freeX = (1 - zoomX) / 2 * Float(sourceSize)
    let freeY = (1 - zoomY) / 2 * Float(sourceSize)
    return SamplingMap(
      xx: xx, xy: xy,
      x: sourceMiddle + Float(shiftX) * scale + placeX * freeX - (xx + xy) * middle,
      yx: yx, yy: yy,
      y: sourceMiddle + Float(shiftY) * scale + placeY * freeY - (yx + yy) * middle)
  }

  /// Saturation, brightness, contrast and normalization as one affine map of colors.
  ///
  /// Saturation s: c → s·c + (1 − s)·gray(c); brightness b: c → b·c; contrast k about the
  /// image's mean gray m: c → k·c + (1 − k)·b·m. All are linear, so together
  /// c → k·b·(s·c + (1 − s)·gray(c)) + (1 − k)·b·m.
  func colorMap(meanColor: [Float], _ normalization: Normalization) -> ColorMap {
    let gray = zip(Luma.weights, meanColor).reduce(0) { $0 + $1.0 * $1.1 }
    let factor = contrast * brightness
    let matrix = (0..<9).map { place in
      let own: Float = place / 3 == place % 3 ? saturation : 0
      return factor * (own + (1 - saturation) * Luma.weights[place % 3])
    }
    return ColorMap(
      matrix: matrix,
      offset: [Float](repeating: (1 - contrast) * brightness * gray, count: 3),
      scale: normalization.standardDeviation.map { 1 / (255 * $0) },
      shift: zip(normalization.mean, normalization.standardDeviation).map { -$0 / $1 })
  }
}
