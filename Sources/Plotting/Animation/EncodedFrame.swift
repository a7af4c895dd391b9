internal import CCairo

/// A frame as PNG stores it, and its place on a larger frame.
struct EncodedFrame: Sendable {
  /// Pixels.
  let x: Int, y: Int, width: Int, height: Int
  let header: PNGChunk
  /// The contents of its data chunks.
  let data: [[UInt8]]

  /// Takes a PNG file apart.
  fileprivate init(file: [UInt8], _ place: PixelRectangle) {
    (x, y, width, height) = (place.left, place.top, place.width, place.height)
    let chunks = PNGChunk.chunks(of: file)
    guard let header = chunks.first(where: { $0.name == "IHDR" }) else {
      preconditionFailure("a PNG of Cairo without a header")
    }
    self.header = header
    data = chunks.filter { $0.name == "IDAT" }.map(\.content)
  }
}

/// A part of a canvas in whole pixels; `right` and `bottom` are not in it.
private struct PixelRectangle {
  var left: Int, right: Int, top: Int, bottom: Int

  var width: Int { right - left }
  var height: Int { bottom - top }
}

extension CairoCanvas {
  /// The pixels as a PNG in memory.
  ///
  /// It has an alpha channel even if every pixel is opaque, because all frames of an animation must
  /// have the same format.
  ///
  /// - Parameter isCropped: Whether to keep only the smallest rectangle around everything drawn.
  /// - Throws: `FigureError.undrawable`.
  func encodedFrame(croppingToContent isCropped: Bool) throws(FigureError) -> EncodedFrame {
    unsafe cairo_surface_flush(surface)
    let stride = Int(unsafe cairo_image_surface_get_stride(surface))
    guard let pixels = unsafe cairo_image_surface_get_data(surface) else {
      preconditionFailure("a canvas without pixels")
    }
    let place = isCropped ? contentRectangle : allPixels
    // Cairo omits the channel if every pixel is opaque; one almost opaque pixel keeps it.
    let corner = unsafe pixels + place.top * stride + place.left * 4
    if unsafe corner[3] == 255 {
      for channel in 0..<4 { unsafe corner[channel] = min(corner[channel], 254) }
      unsafe cairo_surface_mark_dirty(surface)
    }
    let part = unsafe cairo_image_surface_create_for_data(
      corner, CAIRO_FORMAT_ARGB32, Int32(place.width), Int32(place.height), Int32(stride))
    let canvas = unsafe CairoCanvas(
      drawingOn: part, Size(Double(place.width), Double(place.height)))
    return try EncodedFrame(file: canvas.encodedPNG(), place)
  }

  private var allPixels: PixelRectangle {
    PixelRectangle(
      left: 0, right: Int(unsafe cairo_image_surface_get_width(surface)), top: 0,
      bottom: Int(unsafe cairo_image_surface_get_height(surface)))
  }

  /// The smallest rectangle around all pixels that are not transparent, at least one pixel.
  private var contentRectangle: PixelRectangle {
    let all = allPixels
    let stride = Int(unsafe cairo_image_surface_get_stride(surface))
    guard let data = unsafe cairo_image_surface_get_data(surface) else { return all }
    var content = PixelRectangle(left: all.right, right: 0, top: all.bottom, bottom: 0)
    for row in 0..<all.bottom {
      let line = unsafe UnsafeRawBufferPointer(start: data + row * stride, count: all.right * 4)
      let pixels = unsafe line.bindMemory(to: UInt32.self)
      guard let first = unsafe pixels.firstIndex(where: { $0 != 0 }),
        let last = unsafe pixels.lastIndex(where: { $0 != 0 })
      else { continue }
      (content.left, content.right) = (min(content.left, first), max(content.right, last + 1))
      (content.top, content.bottom) = (min(content.top, row), row + 1)
    }
    return content.right > content.left
      ? content : PixelRectangle(left: 0, right: 1, top: 0, bottom: 1)
  }
}
