internal import CCairo

extension CairoCanvas {
  /// The pixels as a PNG in memory.
  ///
  /// It has an alpha channel even if nothing shines through, as all pictures of an animation must be of
  /// one kind.
  ///
  /// - Parameter isCropped: Whether only the smallest rectangle around everything drawn is kept.
  public func encodedPicture(croppingToContent isCropped: Bool) -> EncodedPicture {
    unsafe cairo_surface_flush(surface)
    let columns = Int(unsafe cairo_image_surface_get_width(surface))
    let rows = Int(unsafe cairo_image_surface_get_height(surface))
    let stride = Int(unsafe cairo_image_surface_get_stride(surface))
    guard let data = unsafe cairo_image_surface_get_data(surface) else {
      preconditionFailure("a canvas without pixels")
    }
    var (left, right, top, bottom) = (0, columns, 0, rows)
    if isCropped {
      (left, right, top, bottom) = (columns, 0, rows, 0)
      for row in 0..<rows {
        let line = unsafe UnsafeRawBufferPointer(start: data + row * stride, count: columns * 4)
        let pixels = unsafe line.bindMemory(to: UInt32.self)
        guard let first = unsafe pixels.firstIndex(where: { $0 != 0 }),
          let last = unsafe pixels.lastIndex(where: { $0 != 0 })
        else { continue }
        (left, right) = (min(left, first), max(right, last + 1))
        (top, bottom) = (min(top, row), row + 1)
      }
      // An empty picture still has a pixel.
      if right <= left { (left, right, top, bottom) = (0, 1, 0, 1) }
    }
    // Cairo leaves the channel out where every pixel is opaque; one that is almost so keeps it.
    let corner = unsafe data + top * stride + left * 4
    if unsafe corner[3] == 255 {
      for channel in 0..<4 { unsafe corner[channel] = min(corner[channel], 254) }
      unsafe cairo_surface_mark_dirty(surface)
    }
    guard
      let part = unsafe cairo_image_surface_create_for_data(
        corner, CAIRO_FORMAT_ARGB32, Int32(right - left), Int32(bottom - top), Int32(stride))
    else { preconditionFailure("no surface for \(right - left)×\(bottom - top)") }
    defer { unsafe cairo_surface_destroy(part) }
    var file: [UInt8] = []
    unsafe withUnsafeMutablePointer(to: &file) { place in
      _ = unsafe cairo_surface_write_to_png_stream(
        part,
        { place, bytes, count in
          guard let bytes = unsafe bytes else { return CAIRO_STATUS_WRITE_ERROR }
          unsafe place?.assumingMemoryBound(to: [UInt8].self).pointee
            .append(contentsOf: UnsafeBufferPointer(start: bytes, count: Int(count)))
          return CAIRO_STATUS_SUCCESS
        }, place)
    }
    return EncodedPicture(
      file: file, x: left, y: top, width: right - left, height: bottom - top)
  }
}
