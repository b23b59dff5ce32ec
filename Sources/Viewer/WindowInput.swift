import CGLFW
import CMuJoCo

/// What came in through a window's callbacks since it was last asked.
final class WindowInput {
  /// A drag or a turn of the wheel, in fractions of the window's height.
  struct CameraMotion {
    var kind: MuJoCoCameraMotion
    var x, y: Double
  }

  private(set) var events: [ViewerEvent] = []
  private(set) var motions: [CameraMotion] = []
  private var cursor = (x: 0.0, y: 0.0)

  /// What a turn of the wheel away from the hand zooms in by, in fractions of the window's height.
  private static let wheelStep = 0.05

  /// Attaches the callbacks, which need this object until the window is destroyed.
  func listen(to window: OpaquePointer) {
    glfwSetWindowUserPointer(window, Unmanaged.passUnretained(self).toOpaque())
    glfwSetKeyCallback(window) { window, key, scancode, action, _ in
      WindowInput.of(window)?.press(key, scancode, action)
    }
    glfwSetWindowCloseCallback(window) { window in
      WindowInput.of(window)?.events.append(.close)
    }
    glfwSetCursorPosCallback(window) { window, x, y in
      WindowInput.of(window)?.moveCursor(to: (x, y), in: window)
    }
    glfwSetScrollCallback(window) { window, _, steps in
      let motion = CameraMotion(kind: .zoom, x: 0, y: WindowInput.wheelStep * steps)
      WindowInput.of(window)?.motions.append(motion)
    }
  }

  func takeEvents() -> [ViewerEvent] {
    defer { events = [] }
    return events
  }

  func takeMotions() -> [CameraMotion] {
    defer { motions = [] }
    return motions
  }

  private static func of(_ window: OpaquePointer?) -> WindowInput? {
    glfwGetWindowUserPointer(window).map {
      Unmanaged<WindowInput>.fromOpaque($0).takeUnretainedValue()
    }
  }

  private func press(_ key: Int32, _ scancode: Int32, _ action: Int32) {
    guard action != GLFW_RELEASE, let key = ViewerKey(key, scancode: scancode) else { return }
    if action == GLFW_PRESS || key.repeats { events.append(.key(key)) }
  }

  private func moveCursor(to place: (x: Double, y: Double), in window: OpaquePointer?) {
    let (x, y) = (place.x - cursor.x, place.y - cursor.y)
    cursor = place
    guard let kind = Self.motion(of: window) else { return }
    var height: Int32 = 0
    glfwGetWindowSize(window, nil, &height)
    let scale = 1 / Double(max(height, 1))
    motions.append(CameraMotion(kind: kind, x: x * scale, y: y * scale))
  }

  /// What a drag with the buttons that are down does.
  private static func motion(of window: OpaquePointer?) -> MuJoCoCameraMotion? {
    let motions: [(Int32, MuJoCoCameraMotion)] = [
      (GLFW_MOUSE_BUTTON_LEFT, .orbit), (GLFW_MOUSE_BUTTON_RIGHT, .pan),
      (GLFW_MOUSE_BUTTON_MIDDLE, .zoom),
    ]
    return motions.first { glfwGetMouseButton(window, $0.0) == GLFW_PRESS }?.1
  }
}

extension ViewerKey {
  fileprivate init?(_ key: Int32, scancode: Int32) {
    switch key {
    case GLFW_KEY_SPACE: self = .space
    case GLFW_KEY_TAB: self = .tab
    case GLFW_KEY_ENTER, GLFW_KEY_KP_ENTER: self = .enter
    case GLFW_KEY_ESCAPE: self = .escape
    case GLFW_KEY_LEFT: self = .left
    case GLFW_KEY_RIGHT: self = .right
    case GLFW_KEY_UP: self = .up
    case GLFW_KEY_DOWN: self = .down
    case GLFW_KEY_KP_ADD: self = .character("+")
    case GLFW_KEY_KP_SUBTRACT: self = .character("-")
    default:
      guard let character = Self.character(key, scancode) else { return nil }
      self = .character(character)
    }
  }

  /// What the key types in the keyboard's layout, or, where that is not ASCII, in the American.
  private static func character(_ key: Int32, _ scancode: Int32) -> Character? {
    if let name = glfwGetKeyName(key, scancode), let character = String(cString: name).first,
      character.isASCII
    {
      return character
    }
    guard let code = UInt8(exactly: key), (33...96).contains(code) else { return nil }
    return Character(Unicode.Scalar(code)).lowercased().first
  }
}
