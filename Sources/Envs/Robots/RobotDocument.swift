import Foundation
import Yams

/// A robot's YAML file as it was read.
struct RobotDocument {
  /// Its path, as it was named.
  let file: String
  /// The folder that it is in, without links and dots.
  let folder: String
  let root: RobotEntry

  /// More is no robot.
  private static let mostBytes = 100_000

  init(path: String) throws(EnvironmentError) {
    guard isReadableFile(path) else { throw .missingRobot(file: path) }
    guard let handle = FileHandle(forReadingAtPath: path) else { throw .missingRobot(file: path) }
    defer { try? handle.close() }
    let data: Data
    do {
      data = try handle.read(upToCount: Self.mostBytes + 1) ?? Data()
    } catch {
      throw .missingRobot(file: path)
    }
    func invalid(_ message: String) -> EnvironmentError {
      .invalidRobot(file: path, message: message)
    }
    guard data.count <= Self.mostBytes else {
      throw invalid("is larger than \(Self.mostBytes) bytes: a robot's file is some lines of YAML")
    }
    guard let text = String(data: data, encoding: .utf8) else { throw invalid("is not UTF-8") }
    let node: Node?
    do {
      node = try Yams.compose(yaml: text)
    } catch {
      let lines = "\(error)".split(whereSeparator: \.isNewline).map {
        $0.trimmingCharacters(in: .whitespaces)
      }
      throw invalid("is not YAML: " + lines.prefix(2).joined(separator: " "))
    }
    file = path
    folder = URL(filePath: path).deletingLastPathComponent().resolvingSymlinksInPath().path
    root = try RobotEntry(node, of: path, at: "")
  }
}
