import CCairo

/// Draws on a page, in points from its top left corner.
struct Pen {
  private let context: OpaquePointer

  init(_ context: OpaquePointer) { self.context = context }

  private func use(_ color: Color, opacity: Double = 1) {
    cairo_set_source_rgba(
      context, Double(color.red) / 255, Double(color.green) / 255, Double(color.blue) / 255,
      opacity)
  }

  private func path(_ points: [Point]) {
    guard let first = points.first else { return }
    cairo_move_to(context, first.x, first.y)
    for point in points.dropFirst() { cairo_line_to(context, point.x, point.y) }
  }

  /// A line through the points; through one alone, a dot.
  func line(_ points: [Point], _ stroke: Stroke) {
    if points.count == 1 { return disk(points[0], radius: stroke.width, stroke.color) }
    path(points)
    use(stroke.color)
    cairo_set_line_width(context, stroke.width)
    cairo_set_line_join(context, CAIRO_LINE_JOIN_ROUND)
    cairo_set_dash(context, stroke.dashes, Int32(stroke.dashes.count), 0)
    cairo_stroke(context)
  }

  /// The area within a line through the points.
  func fill(_ points: [Point], _ color: Color, opacity: Double = 1) {
    path(points)
    cairo_close_path(context)
    use(color, opacity: opacity)
    cairo_fill(context)
  }

  func fill(_ area: Area, _ color: Color, opacity: Double = 1) {
    cairo_rectangle(context, area.x, area.y, area.width, area.height)
    use(color, opacity: opacity)
    cairo_fill(context)
  }

  func frame(_ area: Area) {
    cairo_rectangle(context, area.x, area.y, area.width, area.height)
    use(Stroke.frame.color)
    cairo_set_line_width(context, Stroke.frame.width)
    cairo_set_dash(context, nil, 0, 0)
    cairo_stroke(context)
  }

  func disk(_ center: Point, radius: Double, _ color: Color) {
    cairo_new_path(context)
    cairo_arc(context, center.x, center.y, radius, 0, 2 * .pi)
    use(color)
    cairo_fill(context)
  }

  /// Draws only within `area`.
  func within(_ area: Area, _ draw: () -> Void) {
    cairo_save(context)
    cairo_rectangle(context, area.x, area.y, area.width, area.height)
    cairo_clip(context)
    draw()
    cairo_restore(context)
  }

  /// A text, that part of it at `point` which `anchor` says: (0, 0) its top left, (1, 1) its bottom right.
  ///
  /// - Parameter isUpright: Read from bottom to top; `anchor` is of the text as it is read.
  func text(
    _ text: Text, at point: Point, anchor: (x: Double, y: Double), isUpright: Bool = false
  ) {
    cairo_save(context)
    cairo_translate(context, point.x, point.y)
    if isUpright { cairo_rotate(context, -.pi / 2) }
    cairo_translate(context, -anchor.x * text.width, -anchor.y * text.height)
    use(text.style.color)
    text.show(on: context)
    cairo_restore(context)
  }

  /// A grid of colours, rows from the top, that fills `area`.
  ///
  /// - Precondition: `columns` colours in each row, and at least one.
  func grid(_ colors: [Color], columns: Int, in area: Area) {
    let rows = colors.count / columns
    let image = cairo_image_surface_create(CAIRO_FORMAT_RGB24, Int32(columns), Int32(rows))
    defer { cairo_surface_destroy(image) }
    guard let bytes = cairo_image_surface_get_data(image) else { return }
    let stride = Int(cairo_image_surface_get_stride(image))
    for row in 0..<rows {
      for column in 0..<columns {
        let color = colors[row * columns + column]
        let pixel = UInt32(color.red) << 16 | UInt32(color.green) << 8 | UInt32(color.blue)
        UnsafeMutableRawPointer(bytes)
          .storeBytes(of: pixel, toByteOffset: row * stride + 4 * column, as: UInt32.self)
      }
    }
    cairo_surface_mark_dirty(image)
    within(area) {
      cairo_translate(context, area.x, area.y)
      cairo_scale(context, area.width / Double(columns), area.height / Double(rows))
      cairo_set_source_surface(context, image, 0, 0)
      // A cell is one colour where it has a pixel of its own, and a part of a mean where it has none.
      let isFine = area.width * Page.pixels < Double(columns)
      cairo_pattern_set_filter(
        cairo_get_source(context), isFine ? CAIRO_FILTER_GOOD : CAIRO_FILTER_NEAREST)
      cairo_paint(context)
    }
  }
}
