import Foundation
import Testing
import Trainer

struct RunSettingsTests {
  @Test("what is given wins, what is not comes from below")
  func over() throws {
    var base = RunSettings()
    base.sigma = 0.5
    base.numParticles = 3
    base.lossNormalize = true
    base.gymEnvName = "a"
    var top = RunSettings()
    top.sigma = 0.1
    top.lossNormalize = false
    top.noisePeriod = 7
    var expected = base
    expected.sigma = 0.1
    expected.lossNormalize = false
    expected.noisePeriod = 7
    #expect(try top.over(base) == expected)
    #expect(try RunSettings().over(base) == base)
    #expect(try base.over(RunSettings()) == base)
  }

  @Test(
    "doubles come through exactly",
    arguments: [
      0.1, 0.3, 3e-5, 0.004, 1.0 / 3, .leastNonzeroMagnitude, .greatestFiniteMagnitude, 0.1 + 0.2,
      123456.789e-30,
    ])
  func doubles(value: Double) throws {
    var settings = RunSettings()
    settings.sigma = value
    #expect(try settings.over(.defaults).sigma == value)
    #expect(try RunSettings().over(settings).sigma == value)
  }

  @Test("each setting has a name, and names differ")
  func names() {
    #expect(RunSettings.names.count == Mirror(reflecting: RunSettings()).children.count)
    #expect(Set(RunSettings.names).count == RunSettings.names.count)
    #expect(RunSettings.names.contains("K") && RunSettings.names.contains("gym-env-name"))
  }
}
