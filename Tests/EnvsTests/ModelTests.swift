import CMuJoCo
import TestSupport
import Testing

@testable import Envs

@Suite struct ModelTests {
  @Test(
    "compiles to the reference's model, array by array",
    arguments: Recorded.all)
  func arrays(_ recorded: Recorded) throws {
    let golden = try recorded.modelGolden
    let model = try CompiledModel(of: recorded.environment)
    let listsPairs = ["halfcheetah", "hopper", "walker2d", "ant"].contains(recorded.file)
    #expect(golden.names.count > 100)
    for name in golden.names where Recorded.isExact || name == "body_mass" {
      // Some models list their pairs: PhysicsTests hold them to those that MuJoCo finds.
      if listsPairs, Self.ofPairs.contains(name) { continue }
      var field = MuJoCoField()
      guard mujoco_field(model.pointer, name, &field), let type = field.type else {
        Issue.record("no field \(name)")
        continue
      }
      let bytes = UnsafeRawBufferPointer(start: field.values, count: field.count * 8)
      switch String(cString: type) {
      case "mjtNum":
        let values = (0..<field.count).map { bytes.load(fromByteOffset: $0 * 8, as: Double.self) }
        #expect(
          try values.map { $0.bitPattern } == golden.doubles(name).map { $0.bitPattern }, "\(name)")
      case "int":
        let values = (0..<field.count).map { bytes.load(fromByteOffset: $0 * 4, as: Int32.self) }
        #expect(try values.map { Int($0) } == golden.integers(name), "\(name)")
      case "mjtByte":
        let values = (0..<field.count).map { bytes.load(fromByteOffset: $0, as: UInt8.self) }
        #expect(try values.map { Int($0) } == golden.integers(name), "\(name)")
      case let type:
        Issue.record("\(name) has type \(type)")
      }
    }
  }

  private static let ofPairs: Set = ["npair", "opt_collision", "pair_geom1", "pair_geom2"]

  @Test(
    "the environment's facts are the model's",
    arguments: Recorded.all)
  func facts(_ recorded: Recorded) throws {
    let model = try CompiledModel(of: recorded.environment)
    let spec = recorded.environment.spec
    #expect(model.sizes.timestep == spec.timestep)
    #expect(Int(model.sizes.nu) == spec.actionCount)
    #expect(spec.stepDuration == recorded.duration)
    #expect(spec.timeLimit == recorded.timeLimit)
  }

  @Test("an unknown field is not found")
  func unknownField() throws {
    let model = try CompiledModel(of: Locomotion.swimmer)
    var field = MuJoCoField()
    #expect(!mujoco_field(model.pointer, "body_colour", &field))
    #expect(!mujoco_field(model.pointer, "opt_colour", &field))
  }
}
