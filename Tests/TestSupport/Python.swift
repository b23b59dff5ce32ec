import Foundation

/// The Python interpreter whose packages read our files back: `$NRES_PYTHON`, or the one that
/// `scripts/python-packages` made.
public enum Python {
  struct Failure: Error, CustomStringConvertible {
    var description: String
  }

  private static var interpreter: String {
    let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let named = ProcessInfo.processInfo.environment["NRES_PYTHON"] ?? ""
    return !named.isEmpty
      ? named : package.appending(path: ".build-python/bin/python3").path
  }

  /// What `script` prints, as JSON of type `Output`; a failure when it cannot run.
  public static func run<Output: Decodable>(
    _ script: String, _ arguments: String..., as type: Output.Type = Output.self
  ) throws -> Output {
    try run(script, arguments)
  }

  public static func run<Output: Decodable>(
    _ script: String, _ arguments: [String]
  ) throws -> Output {
    guard FileManager.default.isExecutableFile(atPath: interpreter) else {
      throw Failure(description: "no \(interpreter): run scripts/test, which installs it")
    }
    let process = Process()
    let output = Pipe()
    let errors = Pipe()
    process.executableURL = URL(filePath: interpreter)
    process.arguments = ["-c", script] + arguments
    process.standardOutput = output
    process.standardError = errors
    try process.start()
    // A script that fails says less than a pipe holds, so one after the other is safe.
    let printed = try output.fileHandleForReading.readToEnd() ?? Data()
    let said = String(
      decoding: try errors.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      let hint = said.contains("ModuleNotFoundError") ? "run scripts/test, which installs it: " : ""
      throw Failure(description: hint + said)
    }
    return try JSONDecoder().decode(Output.self, from: printed)
  }
}
