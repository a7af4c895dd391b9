internal import CCairo
public import Support

/// A canvas drawn by Cairo: pixels in memory or vectors.
@safe public final class CairoCanvas: Canvas {
  public let width: Double
  public let height: Double
  private let scale: Double
  let surface: OpaquePointer
  private let context: OpaquePointer
  /// Sets text on `context`.
  private lazy var line = unsafe TextLine(on: context)

  /// Creates a canvas of pixels, all transparent.
  ///
  /// - Parameter scale: Pixels per canvas unit; the pixel size is rounded to whole pixels.
  /// - Precondition: The canvas has at least one pixel.
  public init(width: Double, height: Double, scale: Double = 1) {
    self.width = width
    self.height = height
    self.scale = scale
    let pixelWidth = Int32((width * scale).rounded())
    let pixelHeight = Int32((height * scale).rounded())
    precondition(pixelWidth > 0 && pixelHeight > 0, "a canvas of \(pixelWidth)×\(pixelHeight)")
    unsafe surface = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, pixelWidth, pixelHeight)
    unsafe context = cairo_create(surface)
    unsafe cairo_scale(context, scale, scale)
    prepare()
  }

  /// Creates a canvas on a vector surface, which it owns from then on.
  init(drawingOn surface: OpaquePointer?, _ size: Size) {
    (width, height, scale) = (size.width, size.height, 1)
    guard let surface = unsafe surface else { preconditionFailure("a canvas without a surface") }
    unsafe self.surface = surface
    unsafe context = cairo_create(surface)
    prepare()
  }

  private func prepare() {
    unsafe cairo_set_line_join(context, CAIRO_LINE_JOIN_ROUND)
  }

  deinit {
    unsafe cairo_destroy(context)
    unsafe cairo_surface_destroy(surface)
  }

  /// The pixels over a background, as tight rows of 8-bit red, green, blue.
  public func pixels(over background: Color = .white) -> [UInt8] {
    unsafe cairo_surface_flush(surface)
    let columns = Int(unsafe cairo_image_surface_get_width(surface))
    let rows = Int(unsafe cairo_image_surface_get_height(surface))
    let stride = Int(unsafe cairo_image_surface_get_stride(surface))
    guard let data = unsafe cairo_image_surface_get_data(surface) else { return [] }
    let below = [background.blue, background.green, background.red].map {
      Int(($0 * 255).rounded())
    }
    var result = [UInt8](repeating: 0, count: rows * columns * 3)
    for row in 0..<rows {
      for column in 0..<columns {
        // Native-endian ARGB32, premultiplied: blue, green, red, alpha on little-endian machines.
        let pixel = row * stride + column * 4
        let clear = 255 - Int(unsafe data[pixel + 3])
        for channel in 0..<3 {
          let value = Int(unsafe data[pixel + channel]) + (below[channel] * clear + 127) / 255
          result[(row * columns + column) * 3 + 2 - channel] = UInt8(min(value, 255))
        }
      }
    }
    return result
  }

  public func fill(_ path: Path, with paint: Paint) {
    trace(path)
    use(paint)
    unsafe cairo_fill(context)
  }

  public func stroke(_ path: Path, with paint: Paint, _ stroke: Stroke) {
    trace(path)
    use(paint)
    unsafe cairo_set_line_width(context, stroke.width)
    unsafe cairo_set_line_cap(
      context, stroke.cap == .round ? CAIRO_LINE_CAP_ROUND : CAIRO_LINE_CAP_BUTT)
    unsafe cairo_set_dash(context, stroke.dashes, Int32(stroke.dashes.count), 0)
    unsafe cairo_stroke(context)
  }

  public func draw(_ image: PixelBuffer, in rectangle: Rectangle) {
    guard
      let source = unsafe cairo_image_surface_create(
        CAIRO_FORMAT_RGB24, Int32(image.width), Int32(image.height))
    else { return }
    defer { unsafe cairo_surface_destroy(source) }
    // Absent when there is no memory for it.
    guard let data = unsafe cairo_image_surface_get_data(source) else { return }
    let stride = Int(unsafe cairo_image_surface_get_stride(source))
    for row in 0..<image.height {
      for column in 0..<image.width {
        let pixel = (row * image.width + column) * 3
        // Native-endian RGB24: blue, green, red, unused on little-endian machines.
        for channel in 0..<3 {
          unsafe data[row * stride + column * 4 + 2 - channel] = image.bytes[pixel + channel]
        }
      }
    }
    unsafe cairo_surface_mark_dirty(source)
    unsafe cairo_save(context)
    unsafe cairo_translate(context, rectangle.x, rectangle.y)
    unsafe cairo_scale(
      context, rectangle.width / Double(image.width),
      rectangle.height / Double(image.height))
    unsafe cairo_set_source_surface(context, source, 0, 0)
    // Beyond its edge an image repeats its last pixel; otherwise scaling would fade the edge.
    unsafe cairo_pattern_set_extend(cairo_get_source(context), CAIRO_EXTEND_PAD)
    unsafe cairo_pattern_set_filter(cairo_get_source(context), CAIRO_FILTER_BEST)
    unsafe cairo_rectangle(context, 0, 0, Double(image.width), Double(image.height))
    unsafe cairo_fill(context)
    unsafe cairo_restore(context)
  }

  public func write(
    _ text: String, at position: Point, with color: Color, _ style: TextStyle, rotation: Double
  ) {
    use(.color(color))
    unsafe cairo_save(context)
    unsafe cairo_translate(context, position.x, position.y)
    unsafe cairo_rotate(context, rotation)
    unsafe cairo_move_to(context, -style.alignment.shift(of: width(of: text, style)), 0)
    line.draw(text, style)
    unsafe cairo_restore(context)
    unsafe cairo_new_path(context)
  }

  public func width(of text: String, _ style: TextStyle) -> Double { line.width(of: text, style) }

  public func clip(to path: Path, _ body: () -> Void) {
    unsafe cairo_save(context)
    trace(path)
    unsafe cairo_clip(context)
    body()
    unsafe cairo_restore(context)
  }

  public func transform(
    translation: Point, rotation: Double, scaleX: Double, scaleY: Double, _ body: () -> Void
  ) {
    unsafe cairo_save(context)
    unsafe cairo_translate(context, translation.x, translation.y)
    unsafe cairo_rotate(context, rotation)
    unsafe cairo_scale(context, scaleX, scaleY)
    body()
    unsafe cairo_restore(context)
  }

  private func trace(_ path: Path) {
    unsafe cairo_new_path(context)
    for element in path.elements {
      switch element {
      case .move(let p): unsafe cairo_move_to(context, p.x, p.y)
      case .line(let p): unsafe cairo_line_to(context, p.x, p.y)
      case .curve(let a, let b, let p):
        unsafe cairo_curve_to(context, a.x, a.y, b.x, b.y, p.x, p.y)
      case .close: unsafe cairo_close_path(context)
      }
    }
  }

  private func use(_ paint: Paint) {
    let pattern: OpaquePointer?
    let stops: [Paint.Stop]
    switch paint {
    case .color(let color):
      unsafe cairo_set_source_rgba(context, color.red, color.green, color.blue, color.opacity)
      return
    case .linear(let start, let end, let linearStops):
      unsafe pattern = cairo_pattern_create_linear(start.x, start.y, end.x, end.y)
      stops = linearStops
    case .radial(let center, let radius, let radialStops):
      unsafe pattern = cairo_pattern_create_radial(
        center.x, center.y, 0, center.x, center.y, radius)
      stops = radialStops
    }
    for stop in stops {
      let color = stop.color
      unsafe cairo_pattern_add_color_stop_rgba(
        pattern, stop.position, color.red, color.green, color.blue, color.opacity)
    }
    unsafe cairo_set_source(context, pattern)
    unsafe cairo_pattern_destroy(pattern)
  }
}
