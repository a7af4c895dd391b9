package import LocalServer
package import Plotting

extension Response {
  /// A figure as a file.
  ///
  /// - Parameters:
  ///   - format: png, svg or pdf; nil for png.
  ///   - theme: The name of a theme; nil for light.
  /// - Throws: `FieldError` for another format or theme, or what `draw` throws.
  package static func drawing(
    as format: String?, in theme: String?,
    _ draw: (Theme) throws(FieldError) -> any Figure
  ) throws(FieldError) -> Response {
    guard let format = FigureFormat(rawValue: format ?? "png") else {
      throw FieldError(field: "format", message: "expected png, svg or pdf")
    }
    guard let theme = Theme(rawValue: theme ?? "light") else {
      throw FieldError(field: "theme", message: "expected light, synthwave or print")
    }
    let figure = try draw(theme)
    do {
      return Response(type: format.mediaType, try figure.encoded(as: format))
    } catch {
      throw FieldError(field: "format", message: error.description)
    }
  }
}
