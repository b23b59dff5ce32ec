import CGLFW
import CMuJoCo
public import Envs
import Glibc

/// A window on a simulation.
///
/// ```swift
/// let window = try ViewerWindow(simulator, title: "Swimmer")
/// var isOpen = true
/// while isOpen {
///   _ = try simulator.step(&state, action: action, in: scratch)
///   try window.show(Moment(state))
///   for event in window.events() where event == .close || event == .key(.escape) {
///     isOpen = false
///   }
/// }
/// ```
///
/// The mouse moves the camera: dragging with the left button orbits, with the right one pans, with
/// the middle one zooms, as the wheel does. Everything else a person does is given as
/// ``events(waitingAtMost:)``.
@MainActor
public final class ViewerWindow {
  // The drawing goes first: its OpenGL objects are the window's.
  private var drawing: Drawing?
  private let window: OpaquePointer
  private let input = WindowInput()
  private var shown: Shown?
  private var lastShowing = ContinuousClock.now - ViewerWindow.shortestFrame

  /// What ``show(_:camera:captions:)`` was given last.
  private struct Shown {
    var moment: Moment
    var camera: Camera
    var captions: [Caption]
  }

  /// Sides of a window when it opens.
  public static let sides = OffscreenRenderer.sides

  /// Where swapping buffers does not wait for the screen, this does. It is a little less than a
  /// screen's sixtieth of a second, so as not to miss every other refresh where swapping waits.
  private static let shortestFrame = Duration.milliseconds(15)

  /// Opens a window; call it, as all else, on the main thread.
  ///
  /// - Parameters:
  ///   - simulator: Whose model is drawn.
  ///   - width: In the screen's coordinates, which are pixels on most systems.
  ///   - height: In the screen's coordinates.
  /// - Precondition: `width` and `height` lie in ``sides``.
  /// - Throws: ``ViewerError/noWindow(cause:)`` without a display or OpenGL on it.
  public init(
    _ simulator: Simulator, title: String, width: Int = 960, height: Int = 720,
    quality: DrawingQuality = .default
  ) throws(ViewerError) {
    precondition(
      Self.sides.contains(width) && Self.sides.contains(height), "a window of such a size")
    var settings = quality.settings(width: 0, height: 0, textHeight: 0)
    try GLFW.begin()
    glfwDefaultWindowHints()
    glfwWindowHint(GLFW_SAMPLES, settings.samples)
    // GLFW makes a new window's context current for a moment.
    HeadlessContext.resign()
    guard let window = glfwCreateWindow(Int32(width), Int32(height), title, nil, nil) else {
      let failure = GLFW.failure
      GLFW.end()
      throw failure
    }
    self.window = window
    input.listen(to: window)
    Self.makeCurrent(window)
    defer { glfwMakeContextCurrent(nil) }
    // 1 waits for the screen's refresh.
    glfwSwapInterval(1)
    settings.font_scale = Self.fontScale(of: window, height: height)
    drawing = try Drawing(simulator, settings)
  }

  isolated deinit {
    Self.makeCurrent(window)
    drawing = nil
    glfwDestroyWindow(window)
    GLFW.end()
  }

  /// Pixels in the window; none while it is minimized on some systems.
  public var size: (width: Int, height: Int) {
    let whole = rectangle
    return (Int(whole.width), Int(whole.height))
  }

  /// What happened since the last call, in its order.
  ///
  /// - Parameter seconds: How long to wait for something to happen, a movement of the mouse or a
  ///   new size included, which are no events but need another showing.
  public func events(waitingAtMost seconds: Double = 0) -> [ViewerEvent] {
    if input.events.isEmpty && seconds > 0 {
      if seconds < .infinity { glfwWaitEventsTimeout(seconds) } else { glfwWaitEvents() }
    } else {
      glfwPollEvents()
    }
    return input.takeEvents()
  }

  /// Draws a moment and captions over it, and shows them.
  ///
  /// It waits so that no more pictures are drawn than a screen shows, some 60 in a second.
  public func show(
    _ moment: Moment, camera: Camera = .tracking, captions: [Caption] = []
  ) throws(ViewerError) {
    let motions = input.takeMotions()
    // A camera can be moved when it was drawn with.
    if let drawing, let shown {
      for motion in motions {
        try drawing.move(shown.camera, motion.kind, x: motion.x, y: motion.y)
      }
    }
    shown = Shown(moment: moment, camera: camera, captions: captions)
    Self.makeCurrent(window)
    defer { glfwMakeContextCurrent(nil) }
    try draw()
    glfwSwapBuffers(window)
    let next = lastShowing + Self.shortestFrame
    let now = ContinuousClock.now
    if now < next { Self.sleep(next - now) }
    lastShowing = max(now, next)
  }

  /// The picture that was shown last, in pixels of the window.
  ///
  /// - Throws: ``ViewerError/drawingFailed(cause:)`` if nothing was shown yet or the window has no
  ///   pixels.
  public func picture() throws(ViewerError) -> Picture {
    let whole = rectangle
    guard let drawing, shown != nil, whole.width > 0, whole.height > 0 else {
      throw .drawingFailed(cause: "the window shows nothing")
    }
    Self.makeCurrent(window)
    defer { glfwMakeContextCurrent(nil) }
    // What swapped buffers hold is undefined.
    try draw()
    return try drawing.picture(of: whole)
  }

  /// Draws in the context, which must be current.
  private func draw() throws(ViewerError) {
    let whole = rectangle
    guard let drawing, let shown, whole.width > 0, whole.height > 0 else { return }
    try drawing.draw(shown.moment, camera: shown.camera, in: whole)
    try drawing.write(shown.captions, in: whole)
  }

  /// Directs OpenGL's calls to the window. Nobody else expects them to be, so it is not for long.
  private static func makeCurrent(_ window: OpaquePointer) {
    HeadlessContext.resign()
    glfwMakeContextCurrent(window)
  }

  private var rectangle: MuJoCoRectangle {
    var whole = MuJoCoRectangle()
    glfwGetFramebufferSize(window, &whole.width, &whole.height)
    return whole
  }

  /// The size of letters, in percent of MuJoCo's, that suits the screen's resolution and a window
  /// of this height.
  private static func fontScale(of window: OpaquePointer, height: Int) -> Int32 {
    var scale: Float = 1
    glfwGetWindowContentScale(window, &scale, nil)
    if height < 320 { scale /= 2 }
    // MuJoCo has fonts at each 50 %.
    return 50 * Int32(min(max((2 * scale).rounded(), 1), 6))
  }

  private static func sleep(_ duration: Duration) {
    let (seconds, attoseconds) = duration.components
    var time = timespec(tv_sec: Int(seconds), tv_nsec: Int(attoseconds / 1_000_000_000))
    nanosleep(&time, nil)
  }
}
