import CGLFW

/// GLFW, started for the first window and ended with the last.
@MainActor
enum GLFW {
  private static var windowCount = 0

  static func begin() throws(ViewerError) {
    guard glfwInit() == GLFW_TRUE else { throw failure }
    windowCount += 1
  }

  static func end() {
    windowCount -= 1
    if windowCount == 0 { glfwTerminate() }
  }

  /// What went wrong last.
  static var failure: ViewerError {
    var text: UnsafePointer<CChar>?
    glfwGetError(&text)
    let cause = text.map { String(cString: $0) } ?? "GLFW gives no reason"
    return .noWindow(cause: cause.split(whereSeparator: \.isNewline).joined(separator: " "))
  }
}
