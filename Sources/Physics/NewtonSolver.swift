/// The accelerations under constraints, by Newton's method on the primal problem (MuJoCo's
/// documentation, *Computation*, "Reduced primal problem"):
///
///     minimize ½ (q̈ − q̈₀)ᵀ M (q̈ − q̈₀) + Σ ½ D min(0, J q̈ − reference)²
struct NewtonSolver {
  let mass: MassMatrix<Double>
  let force, smoothAcceleration: [Double]
  /// Rows of J, dense, with D and reference of each.
  let jacobian: [[Double]]
  let stiffness, reference: [Double]
  let options: TreeModel.SolverOptions

  struct Solution {
    /// q̈, which is also the next evaluation's first guess, and the forces Jᵀf.
    var acceleration, constraintForce: [Double]
  }

  /// One guess with all that follows from it.
  private struct Point {
    var acceleration: [Double]
    /// M q̈ and J q̈ − reference
    var inertialForce, residual: [Double]
    var constraintForce: [Double] = []
    var isActive: [Bool] = []
    var gaussCost = 0.0
    var constraintCost = 0.0
    var cost: Double { constraintCost + gaussCost }
  }

  func solve(warmStart: [Double]) -> Solution {
    if jacobian.isEmpty {
      return Solution(
        acceleration: smoothAcceleration,
        constraintForce: [Double](repeating: 0, count: force.count))
    }
    var point = start(from: warmStart)
    var hessian = hessian(of: point)
    var direction = downhill(from: point, hessian)
    for _ in 0..<options.iterations {
      let search = LineSearch(
        direction: direction, pushes: mass.times(direction), changes: times(direction),
        residual: point.residual, stiffness: stiffness,
        gauss: point.gaussCost,
        slope: dot(direction, point.inertialForce) - dot(direction, force), options: options)
      let step = search.minimize()
      if step == 0 { break }
      let old = point
      for dof in force.indices {
        point.acceleration[dof] += direction[dof] * step
        point.inertialForce[dof] += search.pushes[dof] * step
      }
      for row in reference.indices { point.residual[row] += search.changes[row] * step }
      evaluate(&point)
      update(&hessian, from: old, to: point)
      let gradient = gradient(at: point)
      direction = hessian.solve(gradient).map { -$0 }
      let scale = options.meanInertia * Double(max(1, force.count))
      let improvement = (old.cost - point.cost) / scale
      if improvement < options.tolerance
        || dot(gradient, gradient).squareRoot() / scale < options.tolerance
      {
        break
      }
    }
    return Solution(acceleration: point.acceleration, constraintForce: point.constraintForce)
  }

  /// The better one of the last accelerations and those without constraints.
  private func start(from warmStart: [Double]) -> Point {
    let warm = point(at: warmStart)
    let smooth = point(at: smoothAcceleration)
    // The Gauss cost is added to the constraints' term by term here.
    var cost = warm.constraintCost
    for dof in force.indices { cost += gaussTerm(warm, dof) }
    return cost > smooth.constraintCost ? smooth : warm
  }

  private func point(at acceleration: [Double]) -> Point {
    var point = Point(
      acceleration: acceleration, inertialForce: mass.times(acceleration),
      residual: zip(times(acceleration), reference).map { $0 - $1 })
    evaluate(&point)
    return point
  }

  private func evaluate(_ point: inout Point) {
    point.isActive = point.residual.map { !($0 >= 0) }
    var (cost, forces) = (0.0, [Double](repeating: 0, count: force.count))
    for row in reference.indices where point.isActive[row] {
      cost += 0.5 * stiffness[row] * point.residual[row] * point.residual[row]
      let push = -stiffness[row] * point.residual[row]
      for dof in force.indices { forces[dof] += jacobian[row][dof] * push }
    }
    (point.constraintCost, point.constraintForce) = (cost, forces)
    point.gaussCost = force.indices.reduce(0) { $0 + gaussTerm(point, $1) }
  }

  private func gaussTerm(_ point: Point, _ dof: Int) -> Double {
    0.5 * (point.inertialForce[dof] - force[dof])
      * (point.acceleration[dof] - smoothAcceleration[dof])
  }

  private func gradient(at point: Point) -> [Double] {
    force.indices.map { point.inertialForce[$0] - force[$0] - point.constraintForce[$0] }
  }

  private func downhill(from point: Point, _ hessian: CholeskyFactor) -> [Double] {
    hessian.solve(gradient(at: point)).map { -$0 }
  }

  /// M + Σ D JᵀJ over the active rows, factorized.
  private func hessian(of point: Point) -> CholeskyFactor {
    var matrix = [[Double]](
      repeating: [Double](repeating: 0, count: force.count), count: force.count)
    for row in reference.indices where point.isActive[row] {
      for left in force.indices where jacobian[row][left] != 0 {
        let scaled = jacobian[row][left] * stiffness[row]
        for right in 0...left { matrix[left][right] += jacobian[row][right] * scaled }
      }
    }
    mass.add(to: &matrix)
    return CholeskyFactor(matrix)
  }

  /// Adds rows that have become active to the factor and takes out those that no longer are.
  private func update(_ hessian: inout CholeskyFactor, from old: Point, to new: Point) {
    for row in reference.indices where old.isActive[row] != new.isActive[row] {
      let scale = stiffness[row].squareRoot()
      guard hessian.update(jacobian[row].map { $0 * scale }, isAdded: new.isActive[row])
      else {
        hessian = self.hessian(of: new)
        return
      }
    }
  }

  private func times(_ vector: [Double]) -> [Double] { jacobian.map { dot($0, vector) } }
}
