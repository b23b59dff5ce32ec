import CMuJoCo

/// The physics library.
public enum MuJoCo {
  /// Version of the library loaded, such as `2.2.2`.
  public static var version: String { String(cString: mujoco_version()) }

  /// What the last failed call on this thread said, on one line.
  package static var lastError: String {
    String(cString: mujoco_last_error())
      .split(whereSeparator: \.isNewline)
      .map { String($0) }
      .joined(separator: ", ")
  }
}
