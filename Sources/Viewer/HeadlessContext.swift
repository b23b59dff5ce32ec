import CEGL

/// OpenGL without a screen, window or graphics card: an EGL context without a surface.
final class HeadlessContext {
  private let display: EGLDisplay
  private let context: EGLContext

  init() throws(ViewerError) {
    guard
      let display = eglGetPlatformDisplay(EGLenum(EGL_PLATFORM_SURFACELESS_MESA), nil, nil),
      eglInitialize(display, nil, nil) == EGL_TRUE
    else { throw Self.failure("no EGL display") }
    self.display = display
    guard eglBindAPI(EGLenum(EGL_OPENGL_API)) == EGL_TRUE else {
      throw Self.failure("no OpenGL in EGL")
    }
    let attributes = [
      EGL_SURFACE_TYPE, EGL_PBUFFER_BIT, EGL_RENDERABLE_TYPE, EGL_OPENGL_BIT, EGL_NONE,
    ]
    var configuration: EGLConfig?
    var count: EGLint = 0
    guard
      eglChooseConfig(display, attributes, &configuration, 1, &count) == EGL_TRUE, count > 0,
      let context = eglCreateContext(display, configuration, nil, nil)
    else { throw Self.failure("no OpenGL configuration") }
    self.context = context
    try makeCurrent()
  }

  deinit {
    if eglGetCurrentContext() == context { eglMakeCurrent(display, nil, nil, nil) }
    // The display stays open: all contexts of a process share it.
    eglDestroyContext(display, context)
  }

  /// Directs this thread's OpenGL calls here.
  func makeCurrent() throws(ViewerError) {
    if eglGetCurrentContext() == context { return }
    guard eglMakeCurrent(display, nil, nil, context) == EGL_TRUE else {
      throw Self.failure("the context cannot be made current")
    }
  }

  /// Leaves this thread's OpenGL calls to others. A thread has one current context, and a window
  /// system's is refused while there is one of EGL.
  static func resign() {
    guard eglGetCurrentContext() != nil else { return }
    eglMakeCurrent(eglGetCurrentDisplay(), nil, nil, nil)
  }

  private static func failure(_ cause: String) -> ViewerError {
    .noHeadlessOpenGL(cause: cause + ", EGL error 0x" + String(eglGetError(), radix: 16))
  }
}
