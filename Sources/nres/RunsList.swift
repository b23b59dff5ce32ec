import ArgumentParser
import Foundation
import Records
import Trainer

/// `nres runs list`: a row for each run.
struct RunsList: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List the runs in a folder and in all below it, the newest last.",
    discussion: """
      Of a run that works, its numbers are at most some seconds old. A run is killed whose process \
      ended without a word, and silent if its process is on another host from which nothing was heard \
      for a minute.
      """)

  @Argument(help: "A folder.")
  var folder = "runs"

  @Flag(help: "Print JSON, a line each run.")
  var json = false

  func run() throws {
    var isThere = stat()
    if folder == "runs", stat(folder, &isThere) != 0 { return try say("there are no runs") }
    let now = Date()
    let rows = try RunFinder(in: folder).found.map { found in
      RunRow(RunSummary(path: found.path, now: now), name: found.name, now: now)
    }.sorted {
      ($0.started ?? "", $0.name) < ($1.started ?? "", $1.name)
    }
    if rows.isEmpty { return try say("there are no runs in \(folder)") }
    tell(notes: rows.compactMap(\.problem))
    if json {
      for row in rows { try printLine(jsonLine(row)) }
    } else {
      try printLine(RunTable(rows).text(columns: outputColumns))
    }
  }

  private func say(_ text: String) throws {
    if !json { try printLine("\(text): `nres train` makes one") }
  }
}

/// What the table says of a run.
struct RunRow: Encodable {
  var name: String
  var path: String
  var experiment: String?
  var seed: String?
  var state: RunState
  var iteration: Int?
  var iterations: Int?
  /// The headline's tag.
  var headline: String?
  var latest: Evaluated?
  var best: Evaluated?
  var envSteps: Int?
  /// ISO 8601.
  var started: String?
  /// Seconds since it began.
  var age: Double?
  /// On the disk.
  var bytes: Int
  /// What is not understood of it.
  var problem: String?
  private var shown: Headline?

  private enum CodingKeys: String, CodingKey {
    case name, path, experiment, seed, state, iteration, iterations, headline, latest, best
    case envSteps = "env_steps"
    case started, age, bytes, problem
  }

  init(_ run: RunSummary, name: String, now: Date) {
    (self.name, path, state) = (name, run.folder.path, run.state)
    (experiment, seed) = (run.subject, run.seed)
    (iteration, iterations) = (run.status?.iteration, run.status?.iterations)
    (headline, shown) = (run.status?.headline, run.headline)
    (latest, best) = (run.status?.latest, run.status?.best)
    envSteps = run.status?.envSteps
    started = run.configuration?.started
    age = run.started.map { now.timeIntervalSince($0).rounded() }
    bytes = diskBytes(run.folder.path)
    problem = run.problem
  }

  /// "reward 324.1"
  var latestText: String? { latest.map { shown?.text($0.value) ?? "\($0.value)" } }

  /// "329.2 at 180"
  var bestText: String? {
    best.map { decimal($0.value, shown?.decimals ?? 3) + " at \($0.iteration)" }
  }
}
