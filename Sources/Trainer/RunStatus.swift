package import Foundation
import Records

/// What a run says of itself, in `status.json` of its folder.
package struct RunStatus: Codable, Hashable, Sendable {
  /// The file's name.
  package static let name = "status.json"
  /// How often a run that works writes it, in seconds.
  static let period = 5.0
  /// How many seconds a host that is not this one may say nothing.
  static let patience = 60.0

  /// As the run saw it: running, finished, stopped, diverged or failed.
  package var state: RunState
  /// The process and its host; nil in what was found out of runs that do not say it.
  package var process: Int32?
  package var host: String?
  /// Updates of θ that are done, of `iterations`.
  package var iteration = 0
  package var iterations: Int
  /// The headline's tag.
  package var headline: String
  package var latest: Evaluated?
  package var best: Evaluated?
  /// Mean loss of the last update.
  package var meanLoss: Double?
  package var envSteps = 0
  /// Env steps a second of all updates.
  package var stepsPerSecond = 0.0
  /// Seconds of the run and of its iterations.
  package var wallSeconds = 0.0
  package var iterationSeconds = 0.0
  /// Whether training is over and saved θ's are being evaluated.
  package var isEvaluating = false
  /// Particles that have run their first episode, of all, before iteration 0.
  package var burnIn: BurnIn?
  /// Why it ended before all was done: `reward reached 325`, `--max-time`, `SIGTERM`, an error.
  package var ending: String?
  /// When it was written.
  package var heartbeat: Date

  package struct BurnIn: Codable, Hashable, Sendable {
    package var done: Int
    package var of: Int
  }

  init(
    state: RunState, process: Int32? = nil, host: String? = nil, iterations: Int,
    headline: String, heartbeat: Date = Date()
  ) {
    (self.state, self.process, self.host) = (state, process, host)
    (self.iterations, self.headline, self.heartbeat) = (iterations, headline, heartbeat)
  }

  /// What the run in `folder` says; nil where it says nothing.
  ///
  /// - Throws: `RecordError` where that is not understood.
  init?(in folder: String) throws {
    let path = "\(folder)/\(Self.name)"
    guard let data = try smallFile(path) else { return nil }
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    decoder.dateDecodingStrategy = .iso8601
    decoder.nonConformingFloatDecodingStrategy = .byName
    guard let status = try? decoder.decode(RunStatus.self, from: data), status.isPossible else {
      throw RecordError(.dataError, path, "is not what a run says of itself")
    }
    self = status
  }

  /// Whether its numbers can be a run's.
  private var isPossible: Bool {
    let counts = [iteration, iterations, envSteps, burnIn?.done ?? 0, burnIn?.of ?? 0]
    return counts.allSatisfy { 0...(1 << 53) ~= $0 }
      && [stepsPerSecond, wallSeconds, iterationSeconds].allSatisfy { 0...1e15 ~= $0 }
  }

  /// Writes it, whole or not at all; over the one before where the disk has no room for another.
  func write(in folder: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.dateEncodingStrategy = .iso8601
    encoder.nonConformingFloatEncodingStrategy = .byName
    let data = try encoder.encode(self) + Data("\n".utf8)
    let path = "\(folder)/\(Self.name)"
    do throws(RecordError) {
      try replaceFile(data, at: path)
    } catch {
      try overwriteFile(data, at: path)
    }
  }

  /// The state as it is seen from here.
  ///
  /// - Parameter isHeld: Whether a process holds the folder's lock.
  func judged(isHeld: Bool, now: Date = Date()) -> RunState {
    guard state == .running, !isHeld else { return state }
    let age = now.timeIntervalSince(heartbeat)
    guard host == nil || host == hostName else { return age > Self.patience ? .silent : .running }
    // Where the file system has no locks the process tells; its number may be another's by now.
    let isThere = process.map { $0 > 0 && (kill($0, 0) == 0 || errno == EPERM) } ?? false
    return isThere && age <= Self.patience ? .running : .killed
  }
}

/// An evaluation's headline.
package struct Evaluated: Codable, Hashable, Sendable {
  package var value: Double
  package var iteration: Int

  package init(value: Double, iteration: Int) {
    (self.value, self.iteration) = (value, iteration)
  }
}

/// The content of a file of a run that only holds a few lines; nil where there is none.
///
/// - Throws: `RecordError` for what is no such file.
func smallFile(_ path: String) throws -> Data? {
  var status = stat()
  guard stat(path, &status) == 0 else { return nil }
  guard status.st_mode & S_IFMT == S_IFREG, status.st_size < 1 << 24,
    let data = FileManager.default.contents(atPath: path)
  else { throw RecordError(.noInput, path, "cannot be read") }
  return data
}
