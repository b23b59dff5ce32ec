import Envs
import Foundation
import Glibc
import Testing

/// Runs `body` with the path of a file that holds `text`.
func withModel<Value>(_ text: String, _ body: (String) throws -> Value) throws -> Value {
  let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).xml")
  try text.write(to: file, atomically: true, encoding: .utf8)
  defer { try? FileManager.default.removeItem(at: file) }
  return try body(file.path)
}

@Suite struct ModelErrorTests {
  @Test("a missing file or a folder is named")
  func missing() throws {
    for path in ["/no/such/model.xml", FileManager.default.temporaryDirectory.path] {
      let error = try #require(throws: EnvironmentError.self) {
        try Simulator(Locomotion.swimmer, modelPath: path)
      }
      #expect(error == .missingModel(file: path))
      #expect(error.description.hasPrefix(path))
    }
  }

  @Test(
    "bad MJCF is one line that names the file",
    arguments: [
      "<mujoco><worldbody><bdy/></worldbody></mujoco>", "<mujoco>", "", "no XML",
      "<mujoco><worldbody><body><joint/></body></worldbody></mujoco>",
    ])
  func invalid(text: String) throws {
    #expect(try Self.refusal(of: text).count > 10)
  }

  /// Why a model is refused, in one line that names the file.
  private static func refusal(of text: String) throws -> String {
    try withModel(text) { path in
      let error = try #require(throws: EnvironmentError.self) {
        try Simulator(Locomotion.swimmer, modelPath: path)
      }
      #expect(!error.description.contains("\n"))
      guard case .invalidModel(path, let message) = error else {
        Issue.record("\(error)")
        return ""
      }
      #expect(error.description == "\(path): \(message)")
      return message
    }
  }

  private static let body = #"<body><joint type="slide"/><geom size="1"/></body>"#

  @Test(
    "what ends MuJoCo's compiler, or takes all memory, is refused with the reason",
    arguments: [
      (#"<asset><mesh file="a"/></asset>"#, "extension"),
      (#"<asset><texture name="a" type="2d" file="nobodys"/></asset>"#, "could not open"),
      (#"<asset><hfield name="a" size="1 1 1 1" file="nobodys"/></asset>"#, "could not open"),
      (#"<asset><skin name="a" file="a"/></asset>"#, "extension"),
      (#"<size nstack="1000000000"/>"#, "2048 MB of memory"),
    ])
  func hostile(part: String, reason: String) throws {
    let text = "<mujoco>\(part)<worldbody>\(Self.body)</worldbody></mujoco>"
    #expect(try Self.refusal(of: text).contains(reason))
  }

  @Test("a pipe is no model: nobody waits for its writer")
  func pipe() throws {
    let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).xml").path
    try #require(mkfifo(path, 0o600) == 0)
    defer { unlink(path) }
    #expect(throws: EnvironmentError.missingModel(file: path)) {
      try Simulator(Locomotion.swimmer, modelPath: path)
    }
  }

  @Test("a model of other dimensions is refused")
  func mismatched() throws {
    try withModel(String(decoding: Locomotion.halfCheetah.model, as: UTF8.self)) { path in
      let error = try #require(throws: EnvironmentError.self) {
        try Simulator(Locomotion.swimmer, modelPath: path)
      }
      #expect(
        error
          == .mismatchedModel(
            file: path, environment: "Swimmer-v4", found: "nq 9, nv 9, nu 6",
            expected: "nq 5, nv 5, nu 2"))
    }
  }

  @Test("bodies are counted where numbers of theirs are observed")
  func bodies() throws {
    let text = String(decoding: HumanoidStandup().model, as: UTF8.self)
    let root = #"<freejoint name="root"/>"#
    let halo = #"<body><geom type="sphere" size="0.1"/></body>"#
    try withModel(text.replacing(root, with: root + halo)) { path in
      let error = try #require(throws: EnvironmentError.self) {
        try Simulator(HumanoidStandup(), modelPath: path)
      }
      #expect(
        error
          == .mismatchedModel(
            file: path, environment: "HumanoidStandup-v4", found: "nbody 15", expected: "nbody 14"))
    }
    let arm = String(decoding: Reacher().model, as: UTF8.self)
    // What it reads of the bodies is three numbers each, wherever they are.
    try withModel(arm.replacing("</worldbody>", with: "\(halo)</worldbody>")) { path in
      _ = try Simulator(Reacher(), modelPath: path)
    }
  }

  @Test("a model file takes the place of the environment's own")
  func replaced() throws {
    let text = String(decoding: Locomotion.halfCheetah.model, as: UTF8.self)
    let slow = text.replacing(#"timestep="0.01""#, with: #"timestep="0.005""#)
    let action = [Float](repeating: 0.5, count: 6)
    var rewards: [Double] = []
    for text in [text, slow] {
      try withModel(text) { path in
        let simulator = try Simulator(Locomotion.halfCheetah, modelPath: path)
        #expect(simulator.spec.timestep == (text == slow ? 0.005 : 0.01))
        let scratch = try simulator.makeScratch()
        var state = try simulator.reset(seed: 0, in: scratch)
        rewards.append(try simulator.step(&state, action: action, in: scratch).reward)
        #expect(state.physics[0] == (0..<5).reduce(0.0) { t, _ in t + simulator.spec.timestep })
      }
    }
    let simulator = try Simulator(Locomotion.halfCheetah)
    let scratch = try simulator.makeScratch()
    var state = try simulator.reset(seed: 0, in: scratch)
    #expect(try simulator.step(&state, action: action, in: scratch).reward == rewards[0])
    #expect(rewards[0] != rewards[1])
  }

  @Test("a time limit below 1 is refused", arguments: [0, -5])
  func timeLimit(limit: Int) {
    #expect(throws: EnvironmentError.invalidTimeLimit(limit)) {
      try Simulator(Locomotion.swimmer, timeLimit: limit)
    }
  }
}
