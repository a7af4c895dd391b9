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

  /// A PDF file in memory: canvas units become points.
  static func encodedPDF(
    _ size: Size, title: String, _ draw: (any Canvas) -> Void
  ) throws(FigureError) -> [UInt8] {
    let file = ByteSink()
    let surface = unsafe cairo_pdf_surface_create_for_stream(
      ByteSink.append, file.pointer, size.width, size.height)
    unsafe cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, title)
    unsafe cairo_pdf_surface_set_metadata(
      surface, CAIRO_PDF_METADATA_CREATOR, Provenance.program)
    let canvas = unsafe CairoCanvas(drawingOn: surface, size)
    draw(canvas)
    unsafe cairo_surface_finish(surface)
    try unsafe canvas.check(cairo_surface_status(surface))
    return file.bytes
  }

  private func check(_ status: cairo_status_t) throws(FigureError) {
    guard status != CAIRO_STATUS_SUCCESS else { return }
    let reason = unsafe String(cString: cairo_status_to_string(status))
    throw .undrawable(size: Size(width, height), reason: reason)
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
