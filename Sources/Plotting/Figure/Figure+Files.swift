internal import Foundation
internal import Support

extension Figure {
  /// Pixels of a PNG for each canvas unit.
  private var pixelScale: Double { 2 }

  /// The bytes of a file: a PNG of two pixels for each canvas unit, or a vector file of one point.
  ///
  /// - Throws: `FigureError.undrawable` for a figure that is too large.
  public func encoded(as format: FigureFormat = .png) throws(FigureError) -> [UInt8] {
    switch format {
    case .png:
      let canvas = CairoCanvas(width: size.width, height: size.height, scale: pixelScale)
      draw(on: canvas)
      return try Provenance.marked(png: canvas.encodedPNG())
    case .svg:
      let canvas = SVGCanvas(size, title: title, captions: captions)
      draw(on: canvas)
      return canvas.file
    case .pdf:
      return try CairoCanvas.encodedPDF(size, title: title, draw(on:))
    }
  }

  /// Writes the figure to a file, whole or not at all.
  ///
  /// - Throws: `FigureError`; no partial file is left behind.
  public func write(to path: String, as format: FigureFormat = .png) throws(FigureError) {
    try writeFile(encoded(as: format), to: path)
  }
}

/// Writes the bytes of a figure, whole or not at all.
///
/// - Throws: `FigureError.unwritable`.
func writeFile(_ bytes: [UInt8], to path: String) throws(FigureError) {
  do {
    try AtomicFile.write(Data(bytes), to: path, in: .named)
  } catch {
    throw .unwritable(path: path, reason: error.reason)
  }
}
