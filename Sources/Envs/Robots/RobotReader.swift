import Foundation
import Settings

/// Makes a robot of its file and of the model that the file names.
struct RobotReader {
  let document: RobotDocument
  let modelFile: String
  let modelText: [UInt8]
  let memory: ModelMemory
  let model: RobotModel
  /// What the robot reads beside positions and velocities, one after the other among computed numbers.
  private(set) var quantities: [ModelQuantity] = []
  private(set) var facts: [(name: String, text: String)] = []

  private static let keys = [
    "model", "frame-skip", "time-limit", "reset", "observe", "reward", "end",
  ]
  var root: RobotEntry { document.root }

  init(_ document: RobotDocument) throws(EnvironmentError) {
    self.document = document
    let root = document.root
    try root.check(Self.keys)
    guard let name = try root.text("model", "an MJCF file's path, seen from this file") else {
      throw root.invalid("model is missing: name an MJCF file, seen from this one")
    }
    func invalid(_ message: String) -> EnvironmentError {
      root.invalid("model is '\(name)': \(message)")
    }
    guard !name.hasPrefix("/") else {
      throw invalid("it must be a path seen from this file, without a slash before it")
    }
    modelFile = URL(filePath: "\(document.folder)/\(name)").standardizedFileURL.path
    let folder = URL(filePath: modelFile).deletingLastPathComponent()
    guard isReadableFile(modelFile), let data = FileManager.default.contents(atPath: modelFile)
    else { throw invalid("no such readable model file (MJCF)") }
    guard folder.resolvingSymlinksInPath().path == folder.path else {
      throw invalid("its folder is a link: name the folder that it is a link to")
    }
    modelText = Array(data)
    do {
      memory = try ModelMemory(path: modelFile)
    } catch {
      guard case .invalidModel(_, let message) = error else { throw error }
      throw invalid(message)
    }
    model = RobotModel(memory.pointer)
    guard !model.joints.isEmpty else { throw invalid("it has no joint that could move") }
    guard model.controlCount > 0 else {
      throw invalid("it has no actuator, so there is nothing to learn")
    }
  }

  func spec(
    observationCount: Int, rewardNames: [String]
  ) throws(EnvironmentError) -> EnvironmentSpec {
    EnvironmentSpec(
      id: Robot.name(of: document.file), observationCount: observationCount,
      actionCount: model.controlCount, frameSkip: try root.count("frame-skip", 1...10_000) ?? 1,
      timestep: model.timestep,
      timeLimit: try root.count("time-limit", 1...Int(Int32.max)) ?? 1000,
      rewardNames: rewardNames, infoNames: [], quantities: quantities)
  }

  func start() throws(EnvironmentError) -> RobotStart {
    var start = RobotStart()
    guard let reset = try root.entry("reset") else { return start }
    try reset.check(["keyframe", "positions", "velocities"])
    if let name = try reset.text("keyframe", "a keyframe's name") {
      start.keyframe = model.keyframe(
        try index(of: name, among: model.keyframes, "keyframe", in: reset))
    }
    start.positions = try noise("positions", in: reset)
    start.velocities = try noise("velocities", in: reset)
    return start
  }

  private func noise(
    _ key: String, in entry: RobotEntry
  ) throws(EnvironmentError) -> RobotStart.Noise {
    let right = "uniform or normal and a number, as in uniform 0.1"
    guard let text = try entry.text(key, right) else { return .none }
    let words = text.split(separator: " ")
    guard words.count == 2, let scale = RobotEntry.number(String(words[1])), scale >= 0,
      scale.isFinite, ["uniform", "normal"].contains(words[0])
    else { throw entry.invalid("\(key) is '\(text)': it must be \(right)") }
    return words[0] == "normal" ? .normal(scale) : .uniform(scale)
  }

  // MARK: Names and places

  mutating func note(_ name: String, _ text: String) { facts.append((name, text)) }

  /// Where a quantity begins among the computed numbers; it is declared where it was not yet.
  mutating func place(of quantity: ModelQuantity) -> Int {
    var place = 0
    for known in quantities {
      if known == quantity { return place }
      place += model.count(of: known)
    }
    quantities.append(quantity)
    return place
  }

  /// Where the coordinates of a body or site begin.
  mutating func point(_ name: String, in entry: RobotEntry) throws(EnvironmentError) -> Int {
    switch (model.bodies.contains(name), model.sites.contains(name)) {
    case (true, true):
      throw entry.invalid("'\(name)' is a body and a site: give one of them another name")
    case (true, false): return place(of: .bodyPosition(name))
    case (false, true): return place(of: .sitePosition(name))
    case (false, false):
      _ = try index(of: name, among: model.bodies + model.sites, "body or site", in: entry)
      return 0
    }
  }

  func joint(_ name: String, in entry: RobotEntry) throws(EnvironmentError) -> RobotModel.Joint {
    model.joints[try index(of: name, among: model.joints.map(\.name), "joint", in: entry)]
  }

  /// The place of a name among those of the model.
  func index(
    of name: String, among names: [String], _ kind: String, in entry: RobotEntry
  ) throws(EnvironmentError) -> Int {
    if !name.isEmpty, let index = names.firstIndex(of: name) { return index }
    let named = names.filter { !$0.isEmpty }
    let nameless = names.count - named.count
    let sizes = "nq \(model.positionCount), nv \(model.velocityCount)"
    let hint = nameless == 0 ? "" : "; \(nameless) have no name in the MJCF (\(sizes)): name them"
    throw entry.invalid(
      named.isEmpty
        ? "unknown \(kind) '\(name)': the model has none with a name\(hint)"
        : UnknownName(kind: kind, name: name, choices: named).description + hint)
  }

  /// The one key that says what an entry is.
  func kind(
    of entry: RobotEntry, among kinds: [String], beside others: [String]
  ) throws(EnvironmentError) -> String {
    let found = entry.keys.filter { kinds.contains($0) }
    guard let kind = found.first, found.count == 1 else {
      if found.count > 1 {
        throw entry.invalid("has \(found[0]) and \(found[1]): give each a dash of its own")
      }
      let unknown = entry.keys.first { !others.contains($0) && !Self.options.contains($0) }
      throw entry.invalid(
        UnknownName(kind: "term", name: unknown ?? entry.keys.first ?? "", choices: kinds)
          .description)
    }
    return kind
  }

  static let options = ["clip", "index", "range", "along", "to"]
}

/// `2` instead of `2.0`.
func shortest(_ number: Double) -> String { Int(exactly: number).map { "\($0)" } ?? "\(number)" }
