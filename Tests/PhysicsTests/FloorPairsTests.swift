import Foundation
import Models
import Testing

/// The pairs of models that list what may touch, held to what MuJoCo finds by itself.
@Suite struct FloorPairsTests {
  @Test(arguments: [
    ("half_cheetah", EmbeddedModels.half_cheetah, 8), ("hopper", EmbeddedModels.hopper, 7),
    ("walker2d", EmbeddedModels.walker2d, 7), ("ant", EmbeddedModels.ant, 13),
  ]) func areWhatMuJoCoWouldFind(_ name: String, _ model: [UInt8], _ count: Double) throws {
    let listed = String(decoding: model, as: UTF8.self)
    let found = listed.replacing(" collision=\"predefined\"", with: "")
      .replacing(/<contact>.*<\/contact>/.dotMatchesNewlines(), with: "")
    let worlds = (try World(listed), try World(found))
    #expect(worlds.0.values("npair") == [count] && worlds.1.values("npair") == [0])
    var touching = 0
    for seed in stride(from: 0, to: Excitement.kinds, by: 5) {
      for world in [worlds.0, worlds.1] { world.reset() }
      var excitement = Excitement(seed: seed)
      excitement.start(worlds.0)
      (worlds.1.positions, worlds.1.velocities) = (worlds.0.positions, worlds.0.velocities)
      for step in 0..<100 {
        excitement.control(worlds.0)
        worlds.1.controls = worlds.0.controls
        worlds.0.step()
        worlds.1.step()
        touching += worlds.0.constraintForces.contains { $0 != 0 } ? 1 : 0
        try #require(
          bits(worlds.0.positions) == bits(worlds.1.positions)
            && bits(worlds.0.velocities) == bits(worlds.1.velocities)
            && bits(worlds.0.warmStart) == bits(worlds.1.warmStart), "seed \(seed), step \(step)")
      }
    }
    #expect(touching > 1000, "\(touching) steps with constraints")
  }
}
