import Settings
import Statistics

/// Successive halving (Karnin, Koren and Somekh 2013; Jamieson and Talwalkar 2016): all combinations run for a
/// part of their length, the better half for twice as long, and so on until one is left, which runs to its end.
extension Sweep {
  /// How many iterations the runs have had when the next half is given up, and at the end; a nil alone where
  /// none is and each run has its own length.
  ///
  /// - Throws: `SettingsError` where there is nothing to judge by.
  package func rungs() throws -> [Int?] {
    guard isHalving else { return [nil] }
    if axes.contains(where: { $0.name == "outer-iterations" }) {
      throw SettingsError("--halving gives runs their lengths: give --outer-iterations one number")
    }
    let evaluations = Set(EvaluationSettings.declarations.map(\.name))
    if let axis = axes.first(where: { evaluations.contains($0.name) }) {
      throw SettingsError(
        "--halving judges all runs at the same time: give --\(axis.name) one value")
    }
    let preset = try Preset(named: experiment)
    let plan = try TrainingPlan(preset.settings(under: points[0].settings))
    guard plan.evaluation.time == .during else {
      throw SettingsError(
        "--halving judges runs by their evaluations: add --run-test-during-training true")
    }
    var rounds = 0
    var count = combinations.count
    while count > 1 { (count, rounds) = ((count + 1) / 2, rounds + 1) }
    var rungs: [Int] = []
    for round in 0...rounds {
      let part = max(1, plan.iterations >> (rounds - round))
      // A rung ends with an evaluation.
      let rung = (part...plan.iterations).first { plan.evaluation.includes($0) } ?? plan.iterations
      rungs.append(round == rounds ? plan.iterations : rung)
    }
    guard rungs.count == 1 || rungs[0] < plan.iterations else {
      throw SettingsError(
        "--halving needs evaluations on the way: give an --eval-freq below the \(plan.iterations) "
          + "iterations of --outer-iterations")
    }
    return rungs
  }

  /// The better half of `combinations`, in their order.
  ///
  /// - Parameter score: The median that a combination's runs have reached; nil where a run has none. Larger is
  ///   better.
  package func betterHalf(
    of combinations: [Int], score: (_ combination: Int) -> Double?
  ) -> [Int] {
    let scores = combinations.map { (combination: $0, score: score($0) ?? -.infinity) }
    let sorted = scores.sorted { one, other in
      one.score != other.score
        ? one.score > other.score : one.combination < other.combination
    }
    return sorted.prefix((combinations.count + 1) / 2).map(\.combination).sorted()
  }
}

extension RunSummary {
  /// What the run was judged by at iteration `limit`, be it longer by now, or at its last evaluation before
  /// where its own rule has ended it; nil where there is none, or it failed or diverged before.
  package func score(until limit: Int) -> Double? {
    guard let headline, let status, hasTable,
      status.iteration >= limit || state == .finished,
      let curve = try? RunCurve(of: self, tag: headline.tag, over: .iterations)
    else { return nil }
    let last = curve.points.last { $0.iteration <= limit }?.y
    return last.flatMap { $0.isFinite ? $0 : nil }
  }
}
