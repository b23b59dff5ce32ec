import Envs
import Foundation
import Settings
import Testing

@Suite struct CatalogueTests {
  @Test("every environment in the sources is listed")
  func complete() throws {
    let sources = URL(filePath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Sources/Envs")
    let files = try #require(
      FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil))
    var written: Set<String> = []
    for case let file as URL in files where file.pathExtension == "swift" {
      let text = try String(contentsOf: file, encoding: .utf8)
      for match in text.matches(of: /(?:enum|struct|class|extension) +(\w+) *:[^{]*\bEnvironment\b/)
      {
        written.insert(String(match.1))
      }
    }
    #expect(written.count >= 2)
    #expect(written == Set(EnvironmentCatalogue.all.map { String(describing: $0) }))
  }

  @Test("ids are distinct, and each finds its environment")
  func ids() throws {
    let ids = EnvironmentCatalogue.all.map { $0.spec.id }
    #expect(Set(ids).count == ids.count)
    for environment in EnvironmentCatalogue.all {
      #expect(try EnvironmentCatalogue.named(environment.spec.id) == environment)
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
        + "choose from: Swimmer-v4, HalfCheetah-v4")
  }

  @Test("every environment starts, steps and observes", arguments: EnvironmentCatalogue.all.indices)
  func runs(index: Int) throws {
    let manager = try EnvironmentManager(EnvironmentCatalogue.all[index], count: 2, seed: 0)
    let spec = manager.spec
    let before = manager.observations
    #expect(before.count == 2 * spec.observationCount)
    #expect(!before.contains(0), "an entry was not written")
    let results = try manager.step([Float](repeating: 0.5, count: 2 * spec.actionCount))
    #expect(manager.observations != before)
    for result in results {
      #expect(result.reward == result.forwardReward + result.controlReward)
      #expect(result.controlReward < 0)
      for name in spec.infoNames { #expect(result.info(name) != nil) }
      #expect(result.info("reward_of_virtue") == nil)
    }
  }
}
