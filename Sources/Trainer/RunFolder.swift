import Foundation
package import Records

/// A run's folder: what was asked, θ of its iterations and every logged number.
package struct RunFolder: Sendable {
  package static let thetaName = ThetaFormat.safetensors.fileName()
  package static let configurationName = "config.json"
  static let scalarsName = "scalars.csv"

  /// The folder's path.
  package let path: String
  /// The folders that were made for the run, the outermost first.
  private let made: [String]
  /// Held while the run lasts; nil of one that is only read.
  private let lock: FolderLock?
  /// Whether the folder was a run's before.
  private let isReopened: Bool

  init(
    path: String, lock: FolderLock? = nil, made: [String] = [], isReopened: Bool = false
  ) {
    self.path = path
    self.lock = lock
    self.made = made
    self.isReopened = isReopened
  }

  /// Whether the folder is still where this process has taken it.
  var isInPlace: Bool { lock?.isInPlace ?? true }

  package var thetaPath: String { path + "/" + Self.thetaName }
  package var scalarsPath: String { path + "/" + Self.scalarsName }
  package var configurationPath: String { path + "/" + Self.configurationName }

  /// What `config.json` says: enough to repeat the run.
  package struct Configuration: Codable, Sendable {
    /// Every setting, defaults included.
    package var settings: RunSettings
    /// Versions of the program and of MuJoCo.
    package var nres: String
    package var mujoco: String
    /// What stepped the environments, lanes or MuJoCo; nil where there are none, and in runs from before
    /// it was noted.
    package var engine: String?
    /// When the run began, ISO 8601.
    package var started: String
    /// What the run read besides, by its names: `model`, `robot`, `images`, `theta` for a given θ₀.
    package var inputs: [String: RunInput]?
  }

  /// Takes back a run that could not begin: `files`, which it made, and the folders made for it if
  /// they are empty. Where the folder was moved, another may have taken its place: that is left alone.
  func discard(_ files: [String] = []) {
    if isReopened { return release() }
    guard isInPlace else { return }
    for file in files.reversed() { remove(file) }
    lock?.end()
    removeMadeFolders()
  }

  /// Removes the folders that were made for a run that could not begin, as far as they are empty.
  package func removeMadeFolders() { for folder in made.reversed() { rmdir(folder) } }

  /// What a person should know of how the folder is held; nil where it is locked.
  package var lockNote: String? {
    lock?.weakness.map {
      "\(path): its file system has no locks (\($0)): \(FolderLock.name) in it keeps other processes off, "
        + "and has to be removed by hand after a kill"
    }
  }

  /// Lets go of the folder of a run that has ended and has written all it had.
  package func release() { lock?.end() }

  /// Throws if the folder or its θ was removed or moved.
  func checkIsInPlace() throws {
    guard isInPlace, FileManager.default.fileExists(atPath: thetaPath) else {
      throw RecordError(
        .ioError, thetaPath, "is no longer there: the folder was removed or moved under the run")
    }
  }

  /// Takes the folder of a run that goes on, and holds it until the run ends.
  ///
  /// - Throws: `RecordError` where it is none, or another process holds it.
  package static func reopen(_ path: String) throws -> RunFolder {
    _ = try open(path).configuration()
    // A process that was killed a moment ago, or one that trims what another left, lets go soon.
    var lock = try FolderLock.take(path)
    for _ in 0..<20 where lock == nil {
      usleep(50_000)
      lock = try FolderLock.take(path)
    }
    guard let lock else {
      throw RecordError(
        .cannotCreate, path,
        "the run is still going on in another process, which holds \(FolderLock.name): stop that one first"
      )
    }
    removePartialFiles(in: path)
    return RunFolder(path: path, lock: lock, isReopened: true)
  }

  /// The folder at `path`, whatever it may be.
  static func unchecked(_ path: String) -> RunFolder { RunFolder(path: path) }

  /// Opens a finished, running or killed run.
  package static func open(_ path: String) throws -> RunFolder {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue
    else {
      throw RecordError(.noInput, path, "no such run folder: `nres train` makes one")
    }
    return RunFolder(path: path)
  }

  /// The run folder that `path` is, or whose θ file it is; nil if there is no `config.json`.
  package static func containing(_ path: String) -> RunFolder? {
    var folder = path
    if path == thetaName {
      folder = "."
    } else if path.hasSuffix("/" + thetaName) {
      let parent = path.dropLast(thetaName.count + 1)
      folder = parent.isEmpty ? "/" : String(parent)
    }
    let configuration = folder + "/" + configurationName
    return FileManager.default.fileExists(atPath: configuration) ? RunFolder(path: folder) : nil
  }

  /// `config.json`.
  package func configuration() throws -> Configuration {
    guard let data = try? smallFile(configurationPath) else {
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
    try writeAtomically(json(configuration) + Data("\n".utf8), to: configurationPath)
  }

  /// The one of `iterations` whose evaluation was best, the first of equals; nil if there was none.
  ///
  /// What was evaluated tells the application: each has a headline of its own.
  package func bestIteration(in iterations: KeptIterations) throws -> Int? {
    guard FileManager.default.fileExists(atPath: scalarsPath) else { return nil }
    let headlines = ApplicationCatalogue.all.map { $0.headline }
    let tags = Set(headlines.map(\.tag))
    let rows = try readScalars(scalarsPath) { tags.contains($0) }
    for headline in headlines {
      let evaluations = rows.filter {
        $0.tag == headline.tag && $0.value.isFinite && iterations.contains($0.iteration)
      }
      let best = evaluations.min {
        headline.isBetter($0.value, than: $1.value)
          || $0.value == $1.value && $0.iteration < $1.iteration
      }
      if let best { return best.iteration }
    }
    return nil
  }
}
