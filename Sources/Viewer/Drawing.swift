import CMuJoCo
import Envs

/// MuJoCo's drawing of one simulator's model in the OpenGL context that is current.
final class Drawing {
  let simulator: Simulator
  private let pointer: OpaquePointer

  /// - Parameter settings: A width of 0 draws to the current window.
  init(_ simulator: Simulator, _ settings: MuJoCoDrawingSettings) throws(ViewerError) {
    guard let pointer = mujoco_make_drawing(simulator.modelPointer, settings) else {
      throw Self.failure
    }
    self.simulator = simulator
    self.pointer = pointer
  }

  /// Frees OpenGL's objects too; their context must be current.
  deinit { mujoco_free_drawing(pointer) }

  /// Draws a state, or what lies between it and the next.
  func draw(
    _ moment: Moment, camera: Camera, in rectangle: MuJoCoRectangle
  ) throws(ViewerError) {
    let from = Array(simulator.positions(of: moment.state))
    let to = Array(simulator.positions(of: moment.next))
    try check(mujoco_place(pointer, from, to, moment.fraction))
    try check(mujoco_draw(pointer, camera.kind, rectangle))
  }

  /// Writes captions over what was drawn.
  func write(_ captions: [Caption], in rectangle: MuJoCoRectangle) throws(ViewerError) {
    for caption in captions where !caption.lines.isEmpty {
      let names = caption.lines.map { drawable($0.name) }.joined(separator: "\n")
      let values = caption.lines.map { drawable($0.value) }.joined(separator: "\n")
      let hasValues = caption.lines.contains { !$0.value.isEmpty }
      try check(
        mujoco_draw_text(
          pointer, caption.corner.kind, rectangle, names, hasValues ? values : nil))
    }
  }

  func move(
    _ camera: Camera, _ motion: MuJoCoCameraMotion, x: Double, y: Double
  ) throws(ViewerError) {
    try check(mujoco_move_camera(pointer, camera.kind, motion, x, y))
  }

  /// What was drawn in a rectangle.
  func picture(of rectangle: MuJoCoRectangle) throws(ViewerError) -> Picture {
    let width = Int(rectangle.width)
    let height = Int(rectangle.height)
    let row = 3 * width
    var status = MuJoCoStatus.succeeded
    let upsideDown = [UInt8](unsafeUninitializedCapacity: row * height) { buffer, count in
      if let start = buffer.baseAddress {
        status = mujoco_read_pixels(pointer, rectangle, start)
      }
      count = row * height
    }
    try check(status)
    var pixels: [UInt8] = []
    pixels.reserveCapacity(upsideDown.count)
    for start in stride(from: row * (height - 1), through: 0, by: -row) {
      pixels += upsideDown[start..<start + row]
    }
    return Picture(width: width, height: height, pixels: pixels)
  }

  private func check(_ status: MuJoCoStatus) throws(ViewerError) {
    guard status == .succeeded else { throw Self.failure }
  }

  private static var failure: ViewerError {
    .drawingFailed(cause: MuJoCo.lastError)
  }
}

/// The text with a question mark for what MuJoCo's font does not have.
private func drawable(_ text: String) -> String {
  String(text.map { $0.isASCII && !$0.isNewline ? $0 : "?" })
}
