import CCairo

/// What texts look like.
package struct TextStyle: Hashable, Sendable {
  /// In points.
  package var size: Double
  package var isBold: Bool
  package var color: Color

  package init(size: Double = 9, isBold: Bool = false, color: Color = .black) {
    (self.size, self.isBold, self.color) = (size, isBold, color)
  }

  static let label = TextStyle()
  static let title = TextStyle(size: 11, isBold: true)
}

/// A text with its place for every letter. Letters may be of any script: what DejaVu Sans has not
/// comes from another font that is installed.
final class Text {
  let style: TextStyle
  private let layout: OpaquePointer?
  /// In points, as `height`.
  let width: Double
  let height: Double

  /// - Parameter limit: The width beyond which it goes on in another line, centred.
  init(_ text: String, _ style: TextStyle = .label, limit: Double? = nil) {
    self.style = style
    let context = pango_font_map_create_context(pango_cairo_font_map_get_default())
    defer { g_object_unref(UnsafeMutableRawPointer(context)) }
    // A point is a point, and widths are the same on every surface.
    pango_cairo_context_set_resolution(context, 72)
    let options = cairo_font_options_create()
    defer { cairo_font_options_destroy(options) }
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE)
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF)
    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY)
    pango_cairo_context_set_font_options(context, options)
    layout = pango_layout_new(context)
    let font = pango_font_description_from_string("DejaVu Sans")
    defer { pango_font_description_free(font) }
    pango_font_description_set_size(font, Int32((style.size * Double(PANGO_SCALE)).rounded()))
    pango_font_description_set_weight(font, style.isBold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL)
    pango_layout_set_font_description(layout, font)
    pango_layout_set_text(layout, text, -1)
    if let limit {
      pango_layout_set_width(layout, Int32(limit * Double(PANGO_SCALE)))
      pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR)
      pango_layout_set_alignment(layout, PANGO_ALIGN_CENTER)
    }
    var size = (width: Int32(0), height: Int32(0))
    pango_layout_get_size(layout, &size.width, &size.height)
    width = limit ?? Double(size.width) / Double(PANGO_SCALE)
    height = text.isEmpty ? 0 : Double(size.height) / Double(PANGO_SCALE)
  }

  deinit { if let layout { g_object_unref(UnsafeMutableRawPointer(layout)) } }

  /// Draws it to the right of and below the context's origin.
  func show(on context: OpaquePointer) {
    pango_cairo_update_layout(context, layout)
    cairo_move_to(context, 0, 0)
    pango_cairo_show_layout(context, layout)
    cairo_new_path(context)
  }
}
