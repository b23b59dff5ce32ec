import Parameters
public import Unrolls
import Workers

extension LearnedOptimizerTask {
  public var valueCount: Int { problem.valueCount }

  /// Two: another number would change the last bits of every gradient.
  public static var summedParticles: Int { 2 }

  /// The network's tensors, then for each the optimizer's slots as its last axis where it has more
  /// than one.
  public var valueLeaves: [ValueLeaf] {
    let layout = problem.network.layout
    let slots = problem.optimizer.slotCount
    func leaves(first: Int, depth: Int) -> [ValueLeaf] {
      layout.leaves.indices.map {
        ValueLeaf(
          offset: first + layout.offsets[$0], count: layout.leaves[$0].count, depth: depth,
          stride: layout.count)
      }
    }
    let parameters = leaves(first: 0, depth: 1)
    if problem.optimizer.stacksSlots {
      return parameters + leaves(first: layout.count, depth: slots)
    }
    return parameters + (1..<1 + slots).flatMap { leaves(first: $0 * layout.count, depth: 1) }
  }

  public func pullBack(
    _ states: inout [State], theta: [Float], steps: Int, keys: StepKeys, particles: [Int],
    losses: inout [Float], gradients: inout [Float], in scratch: inout Scratch
  ) throws {
    let (training, history) = (scratch.training, scratch.history)
    for index in states.indices {
      let (first, updates) = (states[index].step, states[index].updates)
      try theta.withNumbers { thetaNumbers in
        try states[index].values.withMutableNumbers { values in
          try gradients.withMutableNumbers { gradients in
            try training.pullBack(
              values, updates: updates, theta: thetaNumbers, steps: steps,
              load: { step in
                try cancellation.check()
                let key = keys.key(step: step, particle: particles[index])
                load(self.keys.step(first + step, key), into: training)
              },
              history: history, into: gradients + index * theta.count,
              note: { step, loss in losses[step * Self.lossStride + index] = loss })
          }
        }
      }
      states[index].step += steps
      states[index].updates += steps
    }
  }

  public func pushForward(
    _ states: inout [State], tangents: inout [Float], theta: [Float], directions: [Float],
    steps: Int, keys: StepKeys, particles: [Int], losses: inout [Float],
    lossTangents: inout [Float], in scratch: inout Scratch
  ) throws {
    let training = scratch.training
    for index in states.indices {
      for step in 0..<steps {
        try cancellation.check()
        let key = keys.key(step: step, particle: particles[index])
        load(self.keys.step(states[index].step, key), into: training)
        let updates = states[index].updates
        let (loss, tangent) = theta.withNumbers { theta in
          directions.withNumbers { directions in
            states[index].values.withMutableNumbers { values in
              tangents.withMutableNumbers { tangents in
                let state = Signal(values, tangents: tangents + index * valueCount)
                training.pushForward(
                  state, updates: updates,
                  theta: Signal(theta, tangents: directions + index * layout.count))
                return training.outerLoss(of: state)
              }
            }
          }
        }
        losses[step * Self.lossStride + index] = loss
        lossTangents[step * Self.lossStride + index] = tangent
        states[index].step += 1
        states[index].updates += 1
      }
    }
  }

  public func transition(
    _ states: inout [State], tangents: inout [Float], adjoints: [Float], theta: [Float],
    keys: StepKeys, particles: [Int], products: inout [Float], in scratch: inout Scratch
  ) {
    let (training, history) = (scratch.training, scratch.history)
    for index in products.indices { products[index] = 0 }
    for index in states.indices {
      let key = keys.key(step: 0, particle: particles[index])
      load(self.keys.step(states[index].step, key), into: training)
      let updates = states[index].updates
      theta.withNumbers { theta in
        states[index].values.withMutableNumbers { values in
          tangents.withMutableNumbers { tangents in
            products.withMutableNumbers { products in
              adjoints.withNumbers { adjoints in
                history.adjoints.start.update(
                  from: adjoints + index * valueCount, count: valueCount)
                training.pushForward(
                  Signal(values, tangents: tangents + index * valueCount), updates: updates,
                  theta: Signal(theta),
                  beforehand: { step in
                    Float.pullBack(
                      step,
                      OptimizerAdjoints(
                        state: history.adjoints.start, gradient: history.gradientAdjoints.start,
                        theta: products + index * layout.count, reachesState: false),
                      with: problem.optimizer)
                  })
              }
            }
          }
        }
      }
      states[index].step += 1
      states[index].updates += 1
    }
  }

  public func losses(
    at states: [State], tangents: [Float], theta: [Float], keys: StepKeys, particles: [Int],
    losses: inout [Float], lossTangents: inout [Float], in scratch: inout Scratch
  ) {
    let training = scratch.training
    for index in states.indices {
      let key = keys.key(step: 0, particle: particles[index])
      load(self.keys.step(states[index].step - 1, key), into: training)
      (losses[index], lossTangents[index]) = states[index].values.withNumbers { values in
        tangents.withNumbers { tangents in
          training.outerLoss(of: Signal(values, tangents: tangents + index * valueCount))
        }
      }
    }
  }
}
