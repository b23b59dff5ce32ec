import Foundation
import Records

/// A run's folder: what was asked, θ of every iteration and every logged number.
public struct RunFolder: Sendable {
  public static let thetaName = "theta_trajectory.safetensors"
  static let configurationName = "config.json"
  static let scalarsName = "scalars.csv"

  /// The folder's path.
  public let path: String
  /// The outermost folder that was made for the run; nil if all were there.
  private var made: String?

  private init(path: String, made: String? = nil) {
    self.path = path
    self.made = made
  }

  public var thetaPath: String { path + "/" + Self.thetaName }
  public var scalarsPath: String { path + "/" + Self.scalarsName }
  public var configurationPath: String { path + "/" + Self.configurationName }

  /// What `config.json` says: enough to repeat the run.
  public struct Configuration: Codable, Sendable {
    /// Every setting, defaults included.
    public var settings: RunSettings
    /// Versions of the program and of MuJoCo.
    public var nres: String
    public var mujoco: String
    /// When the run began, ISO 8601.
    public var started: String
  }

  /// Makes a folder for a new run.
  ///
  /// - Throws: `RecordError` where there is a non-empty folder or anything else of that name.
  public static func create(at path: String) throws -> RunFolder {
    if try isThere(path) { return RunFolder(path: path) }
    let made = outermostMissing(of: path)
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw RecordError(
        .cannotCreate, path, "cannot make the run folder: check the path and its permissions")
    }
    return RunFolder(path: path, made: made)
  }

  /// Whether there is an empty folder at `path` for a new run; false if nothing is there yet.
  ///
  /// - Throws: `RecordError` where there is a non-empty folder or anything else of that name.
  @discardableResult
  public static func isThere(_ path: String) throws -> Bool {
    guard !path.isEmpty else {
      throw RecordError(.cannotCreate, "--run-dir", "is empty: name a folder")
    }
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      return false
    }
    guard isFolder.boolValue else {
      throw RecordError(
        .cannotCreate, path, "is a file, not a folder: choose another --run-dir")
    }
    guard (try? FileManager.default.contentsOfDirectory(atPath: path))?.isEmpty == true else {
      throw RecordError(
        .cannotCreate, path,
        "the run folder is not empty: choose another --run-dir or remove it")
    }
    return true
  }

  /// The first folder on the way to `path` that does not exist yet.
  private static func outermostMissing(of path: String) -> String {
    var outermost = URL(filePath: path).standardizedFileURL
    while outermost.path != "/" {
      let parent = outermost.deletingLastPathComponent()
      if FileManager.default.fileExists(atPath: parent.path) { break }
      outermost = parent
    }
    return outermost.path
  }

  /// Takes back a run that could not begin: nothing of it stays.
  func discard() {
    let manager = FileManager.default
    if let made {
      try? manager.removeItem(atPath: made)
    } else {
      for name in (try? manager.contentsOfDirectory(atPath: path)) ?? [] {
        try? manager.removeItem(atPath: path + "/" + name)
      }
    }
  }

  /// Opens a finished, running or killed run.
  public static func open(_ path: String) throws -> RunFolder {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue
    else {
      throw RecordError(.noInput, path, "no such run folder: `nres train` makes one")
    }
    return RunFolder(path: path)
  }

  /// `config.json`.
  public func configuration() throws -> Configuration {
    guard let data = FileManager.default.contents(atPath: configurationPath) else {
      throw RecordError(
        .noInput, configurationPath, "cannot be read: is \(path) a run folder?")
    }
    do {
      return try JSONDecoder().decode(Configuration.self, from: data)
    } catch {
      throw RecordError(.dataError, configurationPath, "is not a run's configuration")
    }
  }

  func write(_ configuration: Configuration) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    var data = try encoder.encode(configuration)
    data.append(contentsOf: Data("\n".utf8))
    try writeAtomically(data, to: configurationPath)
  }

  /// The iteration of the best logged value of `tag`, the first of equals; nil if none was logged.
  public func bestIteration(of tag: String) throws -> Int? {
    guard FileManager.default.fileExists(atPath: scalarsPath) else { return nil }
    let rows = try readScalars(scalarsPath).filter { $0.tag == tag && $0.value.isFinite }
    return rows.max { ($0.value, -$0.iteration) < ($1.value, -$1.iteration) }?.iteration
  }
}

extension RunFolder {
  /// `runs/<family>/<name>-<time>`, with a number added where that exists already.
  public static func defaultPath(family: String, name: String) -> String {
    let formatter = DateFormatter()
    formatter.locale = Locale(identifier: "en_US_POSIX")
    formatter.dateFormat = "yyyyMMdd-HHmmss"
    let base = "runs/\(family)/\(name)-\(formatter.string(from: Date()))"
    var path = base
    var number = 2
    while FileManager.default.fileExists(atPath: path) {
      path = "\(base)-\(number)"
      number += 1
    }
    return path
  }
}
