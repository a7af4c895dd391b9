internal import CCairo
internal import CPango
internal import Support

/// Sets single lines of text: Pango joins and orders letters as their script wants, and takes those
/// that Inter lacks from other fonts that are installed.
///
/// A letter of no font is a box with its code.
@safe final class TextLine {
  private let context: OpaquePointer
  private let fonts: OpaquePointer, layout: OpaquePointer, description: OpaquePointer
  /// What `layout` holds, which is expensive to set.
  private var held: (text: String, style: TextStyle)?

  /// Prepares text on a Cairo context, which must outlive this.
  init(on context: OpaquePointer) {
    guard let fonts = unsafe pango_cairo_create_context(context),
      let layout = unsafe pango_layout_new(fonts),
      let description = unsafe pango_font_description_from_string("Inter")
    else { preconditionFailure("Pango without memory") }
    unsafe (self.context, self.fonts) = (context, fonts)
    unsafe (self.layout, self.description) = (layout, description)
    unsafe pango_context_set_round_glyph_positions(fonts, 0)
    unsafe pango_layout_set_single_paragraph_mode(layout, 1)
    // A line begins at its left also where its first word is a name that is read from the right.
    unsafe pango_layout_set_auto_dir(layout, 0)
    unsafe pango_context_set_base_dir(fonts, UInt32(PANGO_LEFT_TO_RIGHT))
    guard let options = unsafe cairo_font_options_create() else { return }
    defer { unsafe cairo_font_options_destroy(options) }
    unsafe cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE)
    unsafe cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF)
    unsafe cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY)
    unsafe pango_cairo_context_set_font_options(fonts, options)
  }

  deinit {
    unsafe pango_font_description_free(description)
    unsafe g_object_unref(UnsafeMutableRawPointer(layout))
    unsafe g_object_unref(UnsafeMutableRawPointer(fonts))
  }

  /// The width of a text in canvas units.
  func width(of text: String, _ style: TextStyle) -> Double {
    hold(text, style)
    var (width, height) = (Int32(0), Int32(0))
    unsafe pango_layout_get_size(layout, &width, &height)
    return Double(width) / Double(PANGO_UNITS)
  }

  /// Draws a text with its baseline at the current point.
  func draw(_ text: String, _ style: TextStyle) {
    hold(text, style)
    unsafe pango_cairo_show_layout_line(context, pango_layout_get_line_readonly(layout, 0))
  }

  private func hold(_ text: String, _ style: TextStyle) {
    if let held, held.text == text, held.style == style { return }
    held = (text, style)
    unsafe pango_font_description_set_absolute_size(
      description, style.size * Double(PANGO_UNITS))
    unsafe pango_font_description_set_weight(
      description, UInt32(style.bold ? PANGO_BOLD : PANGO_NORMAL))
    unsafe pango_layout_set_font_description(layout, description)
    unsafe pango_layout_set_text(layout, text.withPartsInOrder, -1)
  }
}

extension String {
  /// The parts and the words of a caption, each in its place from the left, also after a name that
  /// is read from the right.
  var withPartsInOrder: String {
    split(separator: " · ", omittingEmptySubsequences: false).map { String($0).withWordsInOrder }
      .joined(separator: "\u{200E} · \u{200E}")
  }
}

extension TextStyle.Alignment {
  /// How far left of its position a text begins, in the unit of its width.
  func shift(of width: Double) -> Double {
    switch self {
    case .leading: 0
    case .center: width / 2
    case .trailing: width
    }
  }
}
