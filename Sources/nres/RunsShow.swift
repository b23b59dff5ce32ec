import ArgumentParser
import Foundation
import Records
import Trainer

/// `nres runs show`: one run and what can be done with it.
struct RunsShow: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Show a run: its state, settings that are not the defaults, and what to do with it.")

  @Argument(help: ArgumentHelp("The run's folder.", valueName: "run"))
  var path: String

  func run() throws {
    let run = try existingRun(path)
    guard let configuration = run.configuration else {
      // Says why.
      _ = try run.folder.configuration()
      return
    }
    let now = Date()
    func since(_ date: Date) -> String { age(now.timeIntervalSince(date)) + " ago" }
    try row("run", path)
    try row("state", state(run, since))
    if let problem = run.problem { try row("", problem) }
    if let status = run.status {
      try row("iteration", "\(status.iteration) of \(status.iterations)")
      if let ending = status.ending { try row("ended by", ending) }
      if let headline = run.headline, let latest = status.latest {
        let best = status.best.map {
          "; best \(decimal($0.value, headline.decimals)) at iteration \($0.iteration)"
        }
        try row(
          headline.label,
          "\(decimal(latest.value, headline.decimals)) at iteration \(latest.iteration)"
            + (best ?? ""))
      }
      let speed =
        status.stepsPerSecond > 0 ? ", \(Int(status.stepsPerSecond.rounded())) a second" : ""
      try row("env steps", "\(status.envSteps)\(speed)")
      try row("worked for", clock(status.wallSeconds))
    }
    try row(
      "started", configuration.started + (run.started.map { " (\(since($0)))" } ?? ""))
    if let last = run.folder.lastCheckpoint {
      try row("checkpoint", "of iteration \(max(last.iteration, 0)), \(since(last.written))")
    }
    try row("size", sizeText(diskBytes(path)))
    let engine = configuration.engine.map { ", \($0)" } ?? ""
    try row("made by", "nres \(configuration.nres), MuJoCo \(configuration.mujoco)\(engine)")
    for (name, input) in (configuration.inputs ?? [:]).sorted(by: { $0.key < $1.key }) {
      let file = input.files?.first.map { ", \($0)" } ?? ""
      try row("input", "\(name), CRC-32 \(input.crc32)\(file)")
    }
    try printLine("\nSettings that are not the defaults")
    for (name, text) in run.ownSettings { try row("--\(name)", text, width: 32) }
    try printLine("\nWhat to do next")
    for command in next(run) { try printLine("  nres \(command)") }
  }

  private func row(_ name: String, _ text: String, width: Int = 12) throws {
    let width = max(width, name.count + 1)
    let line = name.padding(toLength: width, withPad: " ", startingAt: 0) + errorLine(text)
    try printLine("  " + line)
  }

  private func state(_ run: RunSummary, _ since: (Date) -> String) -> String {
    guard run.state.mayBeAlive, let status = run.status, let host = status.host,
      let process = status.process
    else { return run.state.rawValue }
    return "\(run.state.rawValue), process \(process) on \(host), heard \(since(status.heartbeat))"
  }

  /// Commands that fit the run's state.
  private func next(_ run: RunSummary) -> [String] {
    let path = shellWord(path)
    let hasBest = run.status?.best != nil
    var commands: [String] = []
    switch run.state {
    case .running: commands.append("runs watch \(path)")
    case .stopped, .failed, .killed, .silent: commands.append("resume \(path)")
    case .finished where run.status?.ending == nil:
      commands.append("resume \(path) --outer-iterations \(2 * (run.status?.iterations ?? 1))")
    default: break
    }
    let which = hasBest ? " --iteration best" : ""
    commands.append("evaluate \(path)\(which)")
    if run.application?.family == ControlApplication.family {
      commands.append("replay \(path)\(which)")
    }
    commands.append("train \(shellWord(run.folder.configurationPath))")
    return commands
  }
}
