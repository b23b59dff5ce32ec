public import Randomness
public import Settings

/// A robot of one's own: an MJCF, and in a YAML file beside it what is observed, what is rewarded and when an
/// episode ends. `Documentation/robots.md` has the file's words.
///
/// ```swift
/// let simulator = try Simulator(Robot(path: "models/robots/snake.yaml"))
/// ```
public struct Robot: Environment {
  /// Its YAML file, as it was named.
  public let file: String
  /// The MJCF that the file names; its folder has no links and no dots.
  public let modelFile: String
  public let spec: EnvironmentSpec
  public let model: [UInt8]
  let memory: ModelMemory
  let start: RobotStart
  let observed: [RobotNumber]
  var terms: [RobotTerm]
  let ends: [RobotEnd]
  /// What the file says, a line each, for people.
  package let facts: [(name: String, text: String)]

  /// Reads the file at `path` and compiles the model that it names.
  ///
  /// - Throws: ``EnvironmentError`` that names the file, the key and what would be right.
  public init(path: String) throws(EnvironmentError) {
    let document = try RobotDocument(path: path)
    let reader = try RobotReader(document)
    try self.init(reader)
  }

  init(_ reader: RobotReader) throws(EnvironmentError) {
    var reader = reader
    file = reader.document.file
    modelFile = reader.modelFile
    model = reader.modelText
    memory = reader.memory
    start = try reader.start()
    observed = try reader.observed()
    terms = try reader.terms()
    ends = try reader.ends()
    spec = try reader.spec(observationCount: observed.count, rewardNames: terms.map(\.name))
    facts = reader.facts
  }

  /// Whether `name` is a robot's file by its suffix.
  package static func isFile(_ name: String) -> Bool {
    [".yaml", ".yml"].contains { name.lowercased().hasSuffix($0) }
  }

  /// A robot file's name without its folders, as ``EnvironmentSpec/id`` has it.
  package static func name(of path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }

  /// The weights of the reward's terms by their names.
  public var settings: [Setting<Robot>] {
    terms.indices.map { index in
      Setting(
        terms[index].name, \Robot.terms[index].weight, help: "Weight of \(terms[index].text).",
        valueName: "x")
    }
  }

  public func sampleReset(qpos: inout [Double], qvel: inout [Double], generator: inout PCG64) {
    if let keyframe = start.keyframe {
      (qpos, qvel) = (keyframe.positions, keyframe.velocities)
    }
    for index in qpos.indices { qpos[index] += start.positions.draw(&generator) }
    for index in qvel.indices { qvel[index] += start.velocities.draw(&generator) }
  }

  public func observe<Number: LaneNumber>(
    _ state: StateView<Number>, into observation: inout MutableSpan<Number>
  ) {
    for index in observed.indices { observation[index] = observed[index].value(in: state) }
  }

  /// The terms' sum from first to last; terminated where a number is not inside its range.
  public func outcome<Number: LaneNumber>(of step: Transition<Number>) -> Outcome<Number> {
    var outcome = Outcome<Number>()
    for index in terms.indices {
      let term: Number = terms[index].value(of: step)
      outcome.rewardTerms[index] = term
      outcome.reward = index == 0 ? term : outcome.reward + term
    }
    var isInside = Number.Mask(true)
    for end in ends { isInside = isInside.and(end.isInside(step.after)) }
    outcome.isTerminated = isInside.inverted
    return outcome
  }
}
