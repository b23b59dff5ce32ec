import CMuJoCo
public import Envs

/// Draws simulations without a screen.
///
/// ```swift
/// let renderer = try OffscreenRenderer(simulator, width: 640, height: 480)
/// try renderer.draw(Moment(state), camera: .tracking)
/// let png = try renderer.picture().png()
/// ```
///
/// Use it on the thread that made it: OpenGL belongs to a thread. It has copies of everything it
/// draws, so training may go on beside it.
public final class OffscreenRenderer {
  /// Pixels of a cell.
  public let width: Int
  public let height: Int
  /// Cells of the picture, side by side and one above another.
  public let columns: Int
  public let rows: Int

  /// Sides of a picture, pixels, grid included.
  public static let sides = 16...8192

  // The drawing goes first: its OpenGL objects are the context's.
  private var drawing: Drawing?
  private let context: HeadlessContext

  /// - Parameters:
  ///   - simulator: Whose model is drawn.
  ///   - width: Pixels of a cell.
  ///   - height: Pixels of a cell.
  ///   - columns: Cells side by side.
  ///   - rows: Cells one above another.
  /// - Precondition: `columns · width` and `rows · height` lie in ``sides``.
  /// - Throws: ``ViewerError`` without EGL or with too small an OpenGL.
  public init(
    _ simulator: Simulator, width: Int, height: Int, columns: Int = 1, rows: Int = 1,
    quality: DrawingQuality = .default
  ) throws(ViewerError) {
    precondition(
      Self.sides.contains(width * columns) && Self.sides.contains(height * rows),
      "a picture of such a size")
    self.width = width
    self.height = height
    self.columns = columns
    self.rows = rows
    context = try HeadlessContext()
    drawing = try Drawing(
      simulator,
      quality.settings(width: width * columns, height: height * rows, textHeight: height))
  }

  deinit {
    try? context.makeCurrent()
    drawing = nil
  }

  /// Draws a moment and captions in a cell.
  ///
  /// - Parameter cell: Counted from the top left, row by row.
  public func draw(
    _ moment: Moment, camera: Camera, captions: [Caption] = [], cell: Int = 0
  ) throws(ViewerError) {
    precondition((0..<columns * rows).contains(cell), "a cell of another grid")
    try context.makeCurrent()
    let rectangle = MuJoCoRectangle(
      left: Int32(cell % columns * width), bottom: Int32((rows - 1 - cell / columns) * height),
      width: Int32(width), height: Int32(height))
    try drawing?.draw(moment, camera: camera, in: rectangle)
    try drawing?.write(captions, in: rectangle)
  }

  /// What was drawn, all cells.
  public func picture() throws(ViewerError) -> Picture {
    try context.makeCurrent()
    let whole = MuJoCoRectangle(
      left: 0, bottom: 0, width: Int32(width * columns), height: Int32(height * rows))
    guard let drawing else { preconditionFailure("the renderer is gone") }
    return try drawing.picture(of: whole)
  }
}
