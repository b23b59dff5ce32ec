import Envs
import Foundation
import TestSupport
import Testing
import Trainer

/// Whole runs in which robots fall, against θ of the reference, whose environments were made
/// absorbing until the horizon.
struct AbsorbedTrainingTests {
  @Test(.enabled(if: MuJoCo.version == "2.2.2"), arguments: GoldenRun.absorbed)
  func movesThetaAsTheReference(_ name: String) throws {
    let run = try GoldenRun(name, in: "absorb")
    let folder = try TemporaryFolder()
    // The reference's own numbers move by up to 5e-5 when θ₀ moves by 1e-8.
    var thetas: [Data?] = []
    for engine in ["mujoco", "lanes"] {
      let settings = RunSettings(run.flags).with { $0["physics"] = engine }
      let finished = try FinishedRun(settings, at: folder(engine))
      for distance in try finished.distances(from: run) { #expect(distance <= 2e-6, "\(engine)") }
      // Logged from the first iteration that has an absorbed step; all have some.
      let taken = try run.golden.integers("real_env_steps")
      let simulated = try finished.scalars("simulated_env_steps")
      #expect(simulated.keys.sorted() == [1, 2, 3])
      for (iteration, count) in simulated {
        #expect(Int(count) == taken[...iteration].reduce(0, +), "\(engine)")
      }
      thetas.append(finished.thetaData)
    }
    #expect(thetas[0] != nil && thetas[0] == thetas[1], "the engines agree to the last bit")
  }
}
