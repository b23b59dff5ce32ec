/// The best step along a direction: the cost along it is a parabola of each active constraint and of
/// the Gauss cost, and its slope is followed to 0 by Newton's method, then between brackets.
struct LineSearch {
  let direction: [Double]
  /// M · direction and J · direction
  let pushes, changes: [Double]
  let residual: [Double]
  private let tolerance: Double
  private let isFlat: Bool
  /// Coefficients of 1, step and step².
  private let gauss: SIMD3<Double>
  private let parabolas: [SIMD3<Double>]

  /// A step with cost, slope and curvature there.
  private struct Trial {
    var step, cost, slope, curvature: Double
    var newtonStep: Double { step - slope / curvature }
  }

  init(
    direction: [Double], pushes: [Double], changes: [Double], residual: [Double],
    stiffness: [Double], gauss: Double, slope: Double, options: TreeModel.SolverOptions
  ) {
    (self.direction, self.pushes, self.changes) = (direction, pushes, changes)
    self.residual = residual
    let length = dot(direction, direction).squareRoot()
    isFlat = length < smallest
    tolerance =
      options.tolerance * 0.01 * length * options.meanInertia * Double(max(1, direction.count))
    self.gauss = SIMD3(gauss, slope, 0.5 * dot(direction, pushes))
    parabolas = residual.indices.map { row in
      let force = stiffness[row] * residual[row]
      return SIMD3(
        residual[row] * force * 0.5, changes[row] * force,
        changes[row] * stiffness[row] * changes[row] * 0.5)
    }
  }

  private func trial(_ step: Double) -> Trial {
    var total = gauss
    for row in parabolas.indices where residual[row] + step * changes[row] < 0 {
      total += parabolas[row]
    }
    let curvature = 2 * total[2]
    return Trial(
      step: step, cost: step * step * total[2] + step * total[1] + total[0],
      slope: 2 * step * total[2] + total[1], curvature: curvature > 0 ? curvature : smallest)
  }

  /// The step; 0 where there is no way down.
  func minimize() -> Double {
    if isFlat { return 0 }
    var evaluations = 2
    let mostEvaluations = 50
    func evaluate(_ step: Double) -> Trial {
      evaluations += 1
      return trial(step)
    }
    func isDone(_ trial: Trial) -> Bool { trial.slope.magnitude < tolerance }

    let start = trial(0)
    var near = trial(start.newtonStep)
    if start.cost < near.cost { near = start }
    if isDone(near) { return near.step }

    // On along the slope until it has changed its sign …
    let sign: Double = near.slope < 0 ? 1 : -1
    var far: Trial?
    while near.slope * sign <= -tolerance, evaluations < mostEvaluations {
      far = near
      near = evaluate(near.newtonStep)
      if isDone(near) { return near.step }
    }
    guard var far, evaluations < mostEvaluations else { return near.step }

    // … then between the two last steps.
    var nextFar = near
    var nextNear = evaluate(near.newtonStep)
    while evaluations < mostEvaluations {
      let middle = evaluate(0.5 * (near.step + far.step))
      let candidates = [nextNear, nextFar, middle]
      var best: Trial?
      for candidate in candidates where isDone(candidate) {
        if best.map({ candidate.cost < $0.cost }) ?? true { best = candidate }
      }
      if let best { return best.step }
      let nearMoved = Self.tighten(&near, with: candidates)
      if nearMoved { nextNear = evaluate(near.newtonStep) }
      let farMoved = Self.tighten(&far, with: candidates)
      if farMoved { nextFar = evaluate(far.newtonStep) }
      if !nearMoved, !farMoved { return middle.step }
    }
    if near.cost <= far.cost, near.cost < start.cost { return near.step }
    if far.cost <= near.cost, far.cost < start.cost { return far.step }
    return 0
  }

  /// Moves a bracket's end to any candidate on its side with a lesser slope.
  private static func tighten(_ end: inout Trial, with candidates: [Trial]) -> Bool {
    var hasMoved = false
    for candidate in candidates {
      let isNearer =
        end.slope < 0
        ? candidate.slope < 0 && end.slope < candidate.slope
        : end.slope > 0 && candidate.slope > 0 && end.slope > candidate.slope
      if isNearer {
        end = candidate
        hasMoved = true
      }
    }
    return hasMoved
  }
}
