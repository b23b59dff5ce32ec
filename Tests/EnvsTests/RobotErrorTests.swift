import Envs
import Foundation
import TestSupport
import Testing

/// Files that describe no robot: one line with the file, the key and what would be right.
@Suite struct RobotErrorTests {
  static let good = "model: my.xml\nobserve: [{positions: all}]\nreward: [{alive: 1}]\n"

  /// A change of a good file, and what is said of it.
  struct Case: Sendable, CustomTestStringConvertible {
    var text: String
    var message: String
    var testDescription: String { message }

    init(_ text: String, _ message: String) { (self.text, self.message) = (text, message) }

    static func observe(_ entry: String, _ message: String) -> Case {
      Case("model: my.xml\nreward: [{alive: 1}]\nobserve: [\(entry)]", message)
    }
    static func reward(_ entry: String, _ message: String) -> Case {
      Case("model: my.xml\nobserve: [{positions: all}]\nreward: [\(entry)]", message)
    }
  }

  static let cases: [Case] = [
    Case("- a\n- b", "must be a mapping, such as `model: my.xml`"),
    Case("", "must be a mapping, such as `model: my.xml`"),
    Case("model: [", "is not YAML: "),
    Case("[1]: 2", "a key is no text"),
    Case(good + "model: other.xml", "is not YAML: "),
    Case(good + "rewrad: 1", "unknown key 'rewrad', did you mean 'reward'? choose from: model, "),
    Case("observe: []", "model is missing"),
    Case("model: no.xml", "model is 'no.xml': no such readable model file (MJCF)"),
    Case("model: .", "model is '.': no such readable model file (MJCF)"),
    Case("model: /my.xml", "model is '/my.xml': it must be a path seen from this file"),
    Case("model: [my.xml]", "model is a list: it must be an MJCF file's path"),
    Case("model: bad.xml", "model is 'bad.xml': XML Error"),
    Case("model: still.xml", "model is 'still.xml': it has no joint that could move"),
    Case("model: idle.xml", "model is 'idle.xml': it has no actuator"),
    Case(good + "frame-skip: 0", "frame-skip is '0': it must be a whole number from 1 to 10000"),
    Case(good + "frame-skip: 2.5", "frame-skip is '2.5': it must be a whole number"),
    Case(good + "time-limit: -1", "time-limit is '-1': it must be a whole number from 1"),
    Case(good + "reset: 3", "reset is '3': it must be a mapping"),
    Case(
      good + "reset: {keyframe: standin}",
      "reset: unknown keyframe 'standin', did you mean 'standing'?"),
    Case(
      good + "reset: {positions: 0.1}", "reset: positions is '0.1': it must be uniform or normal"),
    Case(good + "reset: {positions: uniform -1}", "reset: positions is 'uniform -1': it must be"),
    Case(
      good + "reset: {velocities: uniform nan}", "reset: velocities is 'uniform nan': it must be"),
    Case(
      good + "reset: {velocity: uniform 1}",
      "reset: unknown key 'velocity', did you mean 'velocities'?"),
    Case(
      "model: my.xml\nreward: [{alive: 1}]\nobserve: []",
      "observe is empty: list what the policy sees"),
    Case("model: my.xml\nreward: [{alive: 1}]", "observe is empty: list what the policy sees"),
    Case(
      "model: my.xml\nreward: [{alive: 1}]\nobserve: all", "observe is 'all': it must be a list"),
    .observe("positions", "observe 1 is 'positions': it must be a mapping"),
    .observe(
      "{positions: all}, {position: all}",
      "observe 2: unknown term 'position', did you mean 'positions'?"),
    .observe(
      "{positions: all, velocities: all}",
      "observe 1: has positions and velocities: give each a dash"),
    .observe("{positions: all, weight: 2}", "observe 1: unknown key 'weight'"),
    .observe(
      "{positions: }", "observe 1: positions is empty: it must be a name or a list of names"),
    .observe("{positions: []}", "observe 1: positions is an empty list: name at least one"),
    .observe("{positions: [[hip]]}", "observe 1: positions has a list: it must be a list of names"),
    .observe(
      "{positions: hipp}",
      "observe 1: unknown joint 'hipp', did you mean 'hip'? choose from: slide, "),
    .observe("{positions: from 11}", "observe 1: positions is 'from 11': it must be from 0 to 10"),
    .observe("{positions: from -1}", "observe 1: positions is 'from -1': it must be from 0 to 10"),
    .observe("{sine: slide}", "observe 1: sine is 'slide', which is no hinge"),
    .observe(
      "{upright: slide}", "observe 1: upright is 'slide', a slide: it must be a joint that turns"),
    .observe("{place: trnk}", "observe 1: unknown body or site 'trnk', did you mean 'trunk'?"),
    .observe(
      "{sensor: sped}",
      "observe 1: unknown sensor 'sped', did you mean 'speed'? choose from: speed, bend"),
    .observe("{contact-forces: toe}", "observe 1: unknown body 'toe'"),
    .observe(
      "{sensor: speed, index: 3}", "observe 1: index is '3': it must be a whole number from 0 to 2"),
    .observe(
      "{positions: all, clip: [1, -1]}",
      "observe 1: clip is [1, -1]: the first number must be below"),
    .observe("{positions: all, clip: 3}", "observe 1: clip is '3': it must be two numbers"),
    .reward("", "reward is empty: list its terms"),
    .reward(
      [String](repeating: "{alive: 1}", count: 9).joined(separator: ","),
      "reward has 9 terms: it must have at most 8"),
    .reward("{alive: much}", "reward 1: alive is 'much': it must be a finite number"),
    .reward("{alive: }", "reward 1: alive is empty: it must be a number"),
    .reward(
      "{height: trunk, weight: much}", "reward 1: weight is 'much': it must be a finite number"),
    .reward(
      "{height: trunk, weight: .nan}", "reward 1: weight is '.nan': it must be a finite number"),
    .reward(
      "{height: trunk, weight: inf}", "reward 1: weight is 'inf': it must be a finite number"),
    .reward(
      "{height: trunk, weight: 0x10}", "reward 1: weight is '0x10': it must be a finite number"),
    .reward("{height: trunk, weight: [1]}", "reward 1: weight is a list: it must be a number"),
    .reward(
      "{alive: 1}, {aproach: foot, to: ball}",
      "reward 2: unknown term 'aproach', did you mean 'approach'?"),
    .reward("{approach: foot}", "reward 1: to is missing"),
    .reward("{velocity: trunk}", "reward 1: unknown joint 'trunk'"),
    .reward("{velocity: roll}", "reward 1: velocity is 'roll', a joint of 6 directions"),
    .reward("{velocity: trunk, along: w}", "reward 1: along is 'w': it must be x, y or z"),
    .reward("{sensor: speed}", "reward 1: sensor has 3 numbers: say which with `index: 0`"),
    .reward("{alive: 1, name: a b}", "reward 1: name is 'a b': it must be letters"),
    .reward(
      "{alive: 1, name: a}, {alive: 1, name: a}", "reward 2: name is 'a': another term has it"),
    Case(good + "end: [{height: trunk}]", "end 1: range is missing"),
    Case(
      good + "end: [{height: trunk, range: [1, 1]}]",
      "end 1: range is [1, 1]: the first number must be below"),
    Case(
      good + "end: [{height: trunk, range: [nan, 1]}]",
      "end 1: range is [nan, 1]: it must be two numbers"),
    Case(
      good + "end: [{height: trunk, range: [1]}]", "end 1: range is [1]: it must be two numbers"),
    Case(
      "model: nameless.xml\nreward: [{alive: 1}]\nobserve: [{positions: roll}]",
      "observe 1: unknown joint 'roll'; choose from: hip; 1 have no name in the MJCF (nq 8, nv 7): name them"
    ),
    Case(
      "model: my.xml\nreward: [{alive: 1}]\nobserve: " + String(repeating: "[", count: 40_000),
      "is not YAML: "),
  ]

  private static let nameless = """
    <mujoco><worldbody><body><freejoint/><geom size="0.1"/>
    <body><joint name="hip"/><geom size="0.1"/></body></body></worldbody>
    <actuator><motor joint="hip"/></actuator></mujoco>
    """

  @Test(arguments: cases) func refused(_ refusal: Case) throws {
    let folder = try RobotFolder()
    _ = try folder.folder.file("bad.xml", "<mujoco><worldbdy/></mujoco>".utf8)
    _ = try folder.folder.file("still.xml", "<mujoco/>".utf8)
    _ = try folder.folder.file(
      "idle.xml", (Self.nameless.components(separatedBy: "<actuator>")[0] + "</mujoco>").utf8)
    _ = try folder.folder.file("nameless.xml", Self.nameless.utf8)
    let error = #expect(throws: EnvironmentError.self) { try folder.robot(refusal.text) }
    let (text, file) = (error?.description ?? "", folder.folder("my.yaml"))
    #expect(text.hasPrefix("\(file): \(refusal.message)"))
    #expect(!text.contains("\n"))
  }

  @Test func aGoodFileIsRead() throws {
    #expect(try RobotFolder().robot(Self.good).spec.observationCount == 11)
  }

  @Test("a folder, a file that is missing, no text or too large, links")
  func files() throws {
    let folder = try RobotFolder().folder
    func refusal(_ name: String) -> String? {
      #expect(throws: EnvironmentError.self) { try EnvironmentCatalogue.named(folder(name)) }?
        .description
    }
    let missing = "no such readable robot file (YAML)"
    try FileManager.default.createDirectory(
      atPath: folder("a.yaml"), withIntermediateDirectories: false)
    #expect(refusal("a.yaml") == "\(folder("a.yaml")): \(missing)")
    #expect(refusal("none.YML") == "\(folder("none.YML")): \(missing)")
    _ = try folder.file("bytes.yaml", [0xff, 0xfe, 0x41])
    #expect(refusal("bytes.yaml") == "\(folder("bytes.yaml")): is not UTF-8")
    _ = try folder.file(
      "large.yaml", Data(count: 1).map { _ in 0x23 } + Data(repeating: 0x23, count: 100_000))
    #expect(refusal("large.yaml")?.hasPrefix("\(folder("large.yaml")): is larger than") == true)
    try FileManager.default.createSymbolicLink(
      atPath: folder("link"), withDestinationPath: folder.path)
    _ = try folder.file("linked.yaml", Self.good.replacing("my.xml", with: "link/my.xml").utf8)
    #expect(refusal("linked.yaml")?.contains("its folder is a link") == true)
  }

  @Test("another model in place of its own is refused")
  func otherModel() throws {
    let folder = try RobotFolder()
    let robot = try folder.robot(Self.good)
    let error = #expect(throws: EnvironmentError.self) {
      try Simulator(robot, modelPath: folder.folder("my.xml"))
    }
    #expect(error?.description.hasPrefix("\(robot.file): names its own model") == true)
  }
}
