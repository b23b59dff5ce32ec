import Foundation
import Records
import TestSupport
import Testing
import Trainer

/// Runs on the Lorenz system, and what can be done with them afterwards.
struct LorenzRunTests {
  static let smoothing = RunSettings.lorenz.with { $0["run-test-during-training"] = true }
  static let test = "test/unperturbed_meta_test_loss"
  static let smoothed = "test/smoothed_meta_train_loss"

  @Test("test and smoothed losses are evaluated, and logged under the reference's tags")
  func tags() throws {
    let folder = try TemporaryFolder()
    let run = try FinishedRun(
      Self.smoothing.with { $0["reference-tags"] = true }, at: folder("run"))
    let update: Set = [
      "Lorenz/mean_loss", "Lorenz/grad_norm", "Lorenz/grad_mean_abs", "Lorenz/time", "mean_loss",
      "best_of_mean_loss", "theta_grad_norm", "theta_grad_abs_mean",
    ]
    let always: Set = [
      "Lorenz/log(a)", "Lorenz/log(r)", "total_env_steps", Self.test,
      Self.test + "_ci",
      Self.smoothed, Self.smoothed + "_ci",
    ]
    #expect(try run.tags(at: 0) == always && run.tags(at: 1) == always.union(update))
    #expect(run.result.latest?.tag == Self.test)
    // The noise that one episode keeps takes the loss elsewhere, and each iteration has its own.
    for tag in [Self.test, Self.smoothed] {
      let (losses, widths) = (try run.scalars(tag), try run.scalars(tag + "_ci"))
      #expect(Set(losses.values).count == 4 && losses.values.allSatisfy { $0 > 0 })
      #expect(widths.values.allSatisfy { 0 < $0 && $0 < 20 })
    }
    #expect(try run.scalars(Self.test)[0] != run.scalars(Self.smoothed)[0])
  }

  @Test("the noise of an evaluation lasts for K steps, or for the episode")
  func noisePeriod() throws {
    let folder = try TemporaryFolder()
    func smoothed(_ period: Int?) throws -> Double {
      let settings = Self.smoothing.with {
        $0["gradient-estimator"] = "FullES"
        $0["K"] = period
        $0["outer-iterations"] = 1
      }
      return try #require(
        FinishedRun(settings, at: folder("\(period ?? 0)")).scalars(Self.smoothed)[0])
    }
    let whole = try smoothed(nil)
    #expect(try smoothed(40) == whole && smoothed(41) == whole)
    #expect(try smoothed(10) != whole)
  }

  @Test("the best iteration is the one of the lowest test loss")
  func best() throws {
    let folder = try TemporaryFolder()
    let during = try FinishedRun(Self.smoothing, at: folder("during"))
    let losses = try during.scalars(Self.test)
    let best = try #require(losses.min { $0.value < $1.value }).key
    let saved = try SavedRun(path: during.folder.path)
    #expect(best != 0 && losses.values.max() != losses[best])
    #expect(try saved.iterations(matching: .one("best")) == [best])
  }

  @Test("evaluations after training, and those of the saved run, give the same numbers")
  func evaluation() throws {
    let folder = try TemporaryFolder()
    let during = try FinishedRun(Self.smoothing, at: folder("during"))
    let after = try FinishedRun(
      RunSettings.lorenz.with { $0["run-test-after-training"] = true }, at: folder("after"))
    let saved = try SavedRun(
      path: during.folder.path, changes: RunSettings(["threads": "1"]))
    for tag in [Self.test, Self.test + "_ci", Self.smoothed, Self.smoothed + "_ci"] {
      let values = try during.scalars(tag)
      #expect(try after.scalars(tag) == values)
      let iterations = try saved.iterations(matching: .several("last,1"))
      for (iteration, keys) in zip(iterations, saved.keys(at: iterations)) {
        let scalar = try saved.evaluate(iteration, keys: keys).first { $0.tag == tag }
        #expect(scalar?.value == values[iteration])
      }
    }
  }

  @Test("config.json repeats the run, and threads change nothing but the clock")
  func repeats() throws {
    let folder = try TemporaryFolder()
    let settings = Self.smoothing.with {
      $0["lorenz-dt"] = 0.01 / 3
      $0["lorenz-init-loga"] = 1.0 / 3
      $0["lorenz-init-logr"] = 2
      $0["lorenz-single-init"] = nil
      $0["horizon-length"] = 20
    }
    let first = try FinishedRun(settings, at: folder("first"), threads: 1)
    let preset = try Preset(named: first.folder.configurationPath)
    #expect(
      preset.settings["lorenz-dt"] == 0.01 / 3 && preset.settings["lorenz-single-init"] == false)
    #expect(preset.settings["rl-init-type"] == nil)
    let second = try FinishedRun(preset.settings, at: folder("second"), threads: 3)
    #expect(second.thetaData == first.thetaData)
    #expect(try second.scalars(Self.test) == first.scalars(Self.test))
    #expect(try second.scalars(Self.smoothed) == first.scalars(Self.smoothed))
  }

  @Test("a run without policies is not replayed")
  func replay() throws {
    let folder = try TemporaryFolder()
    let run = try FinishedRun(.lorenz, at: folder("run"))
    for path in [run.folder.path, run.folder.thetaPath] {
      for model in [nil, "x.xml"] {
        let error = #expect(throws: RecordError.self) {
          try SavedPolicies(path: path, model: model)
        }
        #expect(
          error?.description == run.folder.configurationPath
            + ": is of a run of 'lorenz', which has no policies: give a run of rl")
      }
    }
  }
}
