/// Why nothing can be shown. Each description is one line.
public enum ViewerError: Error, Equatable, CustomStringConvertible {
  /// OpenGL without a screen is missing or broken.
  case noHeadlessOpenGL(cause: String)
  /// No window can be opened.
  case noWindow(cause: String)
  /// MuJoCo cannot draw: no memory, or an OpenGL too small or too old.
  case drawingFailed(cause: String)
  /// The program that encodes videos is not there.
  case noEncoder
  /// The encoder ended with an error.
  case encodingFailed(file: String, cause: String)
  /// There is no place for what the encoder says.
  case noTemporaryFile(folder: String, cause: String)

  public var description: String {
    switch self {
    case .noHeadlessOpenGL(let cause):
      "cannot draw without a screen (\(cause)): install libegl1 and libgl1-mesa-dri"
    case .noWindow(let cause):
      "cannot open a window (\(cause)): set DISPLAY, or use --video, --frames or --numbers"
    case .drawingFailed(let cause):
      "MuJoCo cannot draw: \(cause)"
    case .noEncoder:
      "ffmpeg is not on the PATH: install ffmpeg, or use --frames for PNG pictures"
    case .encodingFailed(let file, let cause):
      "\(file): ffmpeg failed: \(cause)"
    case .noTemporaryFile(let folder, let cause):
      "\(folder): cannot make a temporary file (\(cause)): set TMPDIR to a folder that can be written"
    }
  }
}
