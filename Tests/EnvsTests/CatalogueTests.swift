import Envs
import Foundation
import Settings
import Testing

@Suite struct CatalogueTests {
  /// The environments that the sources name: types, or values of ``Locomotion``.
  @Test("every environment in the sources is listed")
  func complete() throws {
    let sources = URL(filePath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Sources/Envs/Environments")
    let files = try FileManager.default.contentsOfDirectory(
      at: sources, includingPropertiesForKeys: nil)
    let written = try files.flatMap { file in
      let text = try String(contentsOf: file, encoding: .utf8)
      return text.matches(of: /= Locomotion\(\s*id: "(.+?)"/)
        .map { String($0.1) }
        + text.matches(of: /(?:enum|struct|class) +(\w+) *:[^{]*\bEnvironment\b/)
        .map { String($0.1) }
    }
    let listed = EnvironmentCatalogue.all.map { environment in
      environment is Locomotion ? environment.spec.id : "\(type(of: environment))"
    }
    #expect(written.count >= 3)
    #expect(Set(written) == Set(listed + ["Locomotion"]))
  }

  @Test("ids are distinct, and each finds its environment")
  func ids() throws {
    let ids = EnvironmentCatalogue.all.map { $0.spec.id }
    #expect(Set(ids).count == ids.count)
    for environment in EnvironmentCatalogue.all {
      #expect(try EnvironmentCatalogue.named(environment.spec.id).spec == environment.spec)
    }
  }

  @Test(
    "an unknown name is answered with the nearest and with all",
    arguments: [
      ("swimer", "Swimmer-v4"), ("HalfCheetah", "HalfCheetah-v4"), ("cheetah", "HalfCheetah-v4"),
    ])
  func unknown(name: String, nearest: String) throws {
    let error = try #require(throws: UnknownName.self) {
      try EnvironmentCatalogue.named(name)
    }
    #expect(
      error.description
        == "unknown environment '\(name)', did you mean '\(nearest)'? "
        + "choose from: \(EnvironmentCatalogue.all.map { $0.spec.id }.joined(separator: ", "))")
  }

  @Test("every environment starts, steps and observes", arguments: EnvironmentCatalogue.all.indices)
  func runs(index: Int) throws {
    let manager = try EnvironmentManager(EnvironmentCatalogue.all[index], count: 2, seed: 0)
    let spec = manager.spec
    let before = manager.observations
    #expect(before.count == 2 * spec.observationCount)
    var observation = [Double](repeating: .nan, count: spec.observationCount)
    manager.simulator.observe(manager.states[0], into: &observation)
    #expect(observation.allSatisfy { !$0.isNaN }, "an entry was not written")
    let results = try manager.step([Float](repeating: 0.5, count: 2 * spec.actionCount))
    #expect(manager.observations != before)
    for result in results {
      #expect(result.rewardTerms.map(\.name) == spec.rewardNames)
      #expect(result.reward == result.rewardTerms.reduce(0) { $0 + $1.value })
      for term in result.rewardTerms { #expect(result.rewardTerm(term.name) == term.value) }
      #expect(result.rewardTerm("control") ?? -1 < 0)
      for name in spec.infoNames { #expect(result.info(name) != nil) }
      #expect(result.info("reward_of_virtue") == nil && result.rewardTerm("virtue") == nil)
    }
  }
}
