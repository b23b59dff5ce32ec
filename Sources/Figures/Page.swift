import CCairo

/// A white page with a picture on it, as the content of a file.
enum Page {
  /// Pixels of a PNG to a point, 1/72 inch, in which pages are measured.
  static let pixels = 2.0

  /// - Parameters:
  ///   - width: In points, as `height`.
  ///   - draw: Draws, from the page's top left corner.
  static func bytes(
    width: Double, height: Double, as format: FigureFormat, draw: (Pen) -> Void
  ) throws(FigureError) -> [UInt8] {
    let (width, height) = (width.rounded(.up), height.rounded(.up))
    let output = Output()
    let target = Unmanaged.passUnretained(output).toOpaque()
    let surface =
      switch format {
      case .png:
        cairo_image_surface_create(
          CAIRO_FORMAT_RGB24, Int32(width * pixels), Int32(height * pixels))
      case .svg: cairo_svg_surface_create_for_stream(append, target, width, height)
      case .pdf: cairo_pdf_surface_create_for_stream(append, target, width, height)
      }
    defer { cairo_surface_destroy(surface) }
    // Without this the hour would be part of the file.
    if format == .pdf {
      cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, "")
    }
    let context = cairo_create(surface)
    defer { cairo_destroy(context) }
    if format == .png { cairo_scale(context, pixels, pixels) }
    if let context {
      cairo_set_source_rgb(context, 1, 1, 1)
      cairo_paint(context)
      draw(Pen(context))
    }
    var status = cairo_status(context)
    if status == CAIRO_STATUS_SUCCESS, format == .png {
      status = cairo_surface_write_to_png_stream(surface, append, target)
    }
    cairo_surface_finish(surface)
    if status == CAIRO_STATUS_SUCCESS { status = cairo_surface_status(surface) }
    guard status == CAIRO_STATUS_SUCCESS else {
      throw FigureError(cause: String(cString: cairo_status_to_string(status)))
    }
    return format == .svg ? completed(output.bytes) : output.bytes
  }

  /// An SVG whose surfaces and images are numbered from 0, where cairo numbers all that a process
  /// makes, and whose images are enlarged as they are in other formats.
  private static func completed(_ bytes: [UInt8]) -> [UInt8] {
    let text = String(decoding: bytes, as: UTF8.self)
      .replacing("<image ", with: "<image style=\"image-rendering:pixelated\" ")
    var names: [Substring: String] = [:]
    let renamed = text.replacing(/(surface|image)\d+(?=[")])/) { match in
      let name = names[match.0] ?? "\(match.1)\(names.count)"
      names[match.0] = name
      return name
    }
    return Array(renamed.utf8)
  }
}

/// What a surface has written.
private final class Output {
  var bytes: [UInt8] = []
}

private let append: cairo_write_func_t = { output, data, count in
  guard let output, let data else { return CAIRO_STATUS_WRITE_ERROR }
  Unmanaged<Output>.fromOpaque(output).takeUnretainedValue().bytes
    .append(contentsOf: UnsafeBufferPointer(start: data, count: Int(count)))
  return CAIRO_STATUS_SUCCESS
}
