/// A symmetric matrix over the dofs in which only a dof and its ancestors are coupled, and its
/// factors LᵀDL (Featherstone, ch. 8: branch-induced sparsity).
struct MassMatrix<Number: DynamicsNumber> {
  private let model: TreeModel
  /// Row by row: a dof with itself, with its parent, and so on to the root.
  private(set) var values: [Number]

  /// The joint-space inertia by composite rigid bodies (Featherstone, ch. 6).
  init(_ model: TreeModel, _ kinematics: Kinematics<Number>) {
    self.model = model
    var composites = kinematics.inertias
    for (index, body) in model.bodies.enumerated().reversed() where body.parent > 0 {
      guard let child = composites[index], let parent = composites[body.parent] else { continue }
      composites[body.parent] = parent + child
    }
    values = [Number](repeating: Number(0), count: model.massCount)
    for (index, dof) in model.dofs.enumerated() {
      if let constant = dof.constantInertia {
        values[dof.row] = Number(constant)
        continue
      }
      guard let inertia = composites[dof.body] else { continue }
      let force = inertia * kinematics.motions[index]
      values[dof.row] = Number(dof.armature)
      for (offset, ancestor) in model.chain(from: index).enumerated() {
        let address = dof.row + offset
        values[address] = values[address] + kinematics.motions[ancestor].dot(force)
      }
    }
  }

  /// This matrix with the time step's damping on its diagonal: M + h·B.
  func damped() -> MassMatrix {
    var result = self
    for dof in model.dofs {
      result.values[dof.row] = result.values[dof.row] + Number(model.timestep * dof.damping)
    }
    return result
  }

  /// The factors, and the diagonal numbers that must not come near 0.
  func factorized() -> (factors: Factors, pivots: [Number]) {
    var factors = values
    var pivots: [Number] = []
    for (index, dof) in model.dofs.enumerated().reversed() {
      pivots.append(factors[dof.row])
      if dof.constantInertia != nil { continue }
      let count = Array(model.chain(from: index)).count
      for (offset, ancestor) in model.chain(from: index).enumerated().dropFirst() {
        let address = dof.row + offset
        let ratio = factors[address] / factors[dof.row]
        let row = model.dofs[ancestor].row
        for step in 0..<(count - offset) {
          factors[row + step] = factors[row + step] - factors[address + step] * ratio
        }
        factors[address] = ratio
      }
    }
    let inverses = model.dofs.map { Number(1) / factors[$0.row] }
    return (Factors(model: model, values: factors, inverses: inverses), pivots)
  }

  struct Factors {
    fileprivate let model: TreeModel
    fileprivate let values, inverses: [Number]

    /// M⁻¹ · vector
    func solve(_ vector: [Number]) -> [Number] {
      var x = vector
      for index in x.indices.reversed() where model.dofs[index].constantInertia == nil {
        for (offset, ancestor) in model.chain(from: index).enumerated().dropFirst() {
          x[ancestor] = x[ancestor] - values[model.dofs[index].row + offset] * x[index]
        }
      }
      for index in x.indices { x[index] = x[index] * inverses[index] }
      for index in x.indices where model.dofs[index].constantInertia == nil {
        for (offset, ancestor) in model.chain(from: index).enumerated().dropFirst() {
          x[index] = x[index] - values[model.dofs[index].row + offset] * x[ancestor]
        }
      }
      return x
    }
  }
}

extension MassMatrix {
  /// M · vector
  func times(_ vector: [Number]) -> [Number] {
    var result = [Number](repeating: Number(0), count: vector.count)
    for (index, dof) in model.dofs.enumerated() {
      result[index] = result[index] + values[dof.row] * vector[index]
      if dof.constantInertia != nil { continue }
      for (offset, ancestor) in model.chain(from: index).enumerated().dropFirst() {
        let value = values[dof.row + offset]
        result[index] = result[index] + value * vector[ancestor]
        result[ancestor] = result[ancestor] + value * vector[index]
      }
    }
    return result
  }

  /// Adds the lower triangle to a dense matrix, a row a dof.
  func add(to matrix: inout [[Number]]) {
    for (index, dof) in model.dofs.enumerated() {
      let row = dof.constantInertia == nil ? Array(model.chain(from: index)) : [index]
      for (offset, ancestor) in row.enumerated() {
        matrix[index][ancestor] = matrix[index][ancestor] + values[dof.row + offset]
      }
    }
  }
}
