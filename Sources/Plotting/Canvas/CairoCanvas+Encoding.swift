internal import CCairo
internal import Support

extension CairoCanvas {
  /// The pixels as a PNG file in memory.
  func encodedPNG() throws(FigureError) -> [UInt8] {
    let file = ByteSink()
    let status = unsafe cairo_surface_write_to_png_stream(surface, ByteSink.append, file.pointer)
    try check(status)
    return file.bytes
  }

  /// A vector file in memory: canvas units become points.
  static func encodedVectors(
    _ size: Size, as format: FigureFormat, title: String, _ draw: (any Canvas) -> Void
  ) throws(FigureError) -> [UInt8] {
    let file = ByteSink()
    let create =
      unsafe format == .pdf
      ? cairo_pdf_surface_create_for_stream : cairo_svg_surface_create_for_stream
    let surface = unsafe create(ByteSink.append, file.pointer, size.width, size.height)
    if format == .pdf {
      unsafe cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, title)
      unsafe cairo_pdf_surface_set_metadata(
        surface, CAIRO_PDF_METADATA_CREATOR, Provenance.program)
    }
    let canvas = unsafe CairoCanvas(drawingOn: surface, size)
    draw(canvas)
    unsafe cairo_surface_finish(surface)
    try unsafe canvas.check(cairo_surface_status(surface))
    return format == .svg ? titled(file.bytes, title) : file.bytes
  }

  private func check(_ status: cairo_status_t) throws(FigureError) {
    guard status != CAIRO_STATUS_SUCCESS else { return }
    let reason = unsafe String(cString: cairo_status_to_string(status))
    throw .undrawable(size: Size(width, height), reason: reason)
  }

  /// An SVG file with a title as its first element, where viewers and screen readers expect it,
  /// and what made it.
  private static func titled(_ file: [UInt8], _ title: String) -> [UInt8] {
    let text = String(decoding: file, as: UTF8.self)
    guard let tag = text.firstRange(of: "<svg"),
      let end = text[tag.upperBound...].firstIndex(of: ">")
    else { return file }
    let escaped = title.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
    let head = "\n<title>\(escaped)</title>\n\(Provenance.svgElement)"
    return Array("\(text[...end])\(head)\(text[end...].dropFirst())".utf8)
  }
}

/// Collects what Cairo writes.
final class ByteSink {
  private(set) var bytes: [UInt8] = []

  /// Passed to Cairo beside `append`; the sink must outlive the surface that writes.
  var pointer: UnsafeMutableRawPointer { unsafe Unmanaged.passUnretained(self).toOpaque() }

  /// Cairo's callback.
  static let append: cairo_write_func_t = { place, data, count in
    guard let place = unsafe place, let data = unsafe data else { return CAIRO_STATUS_WRITE_ERROR }
    unsafe Unmanaged<ByteSink>.fromOpaque(place).takeUnretainedValue()
      .bytes.append(contentsOf: UnsafeBufferPointer(start: data, count: Int(count)))
    return CAIRO_STATUS_SUCCESS
  }
}
