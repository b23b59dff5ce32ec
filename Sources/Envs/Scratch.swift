import CMuJoCo

/// A thread's room to simulate in (one mjData): states are loaded into it, stepped and saved.
///
/// Nothing in it outlives a call. One a thread, never shared.
public final class Scratch {
  let model: CompiledModel
  let simulation: UnsafeMutablePointer<MuJoCoScratch>
  /// The names that this thread's results hold on to.
  let names: StepNames
  /// The declared quantities, one after the other.
  private let computed: UnsafeMutablePointer<Double>
  /// Where they are to be collected from, and how many numbers each has.
  private let places: [(start: UnsafePointer<Double>?, count: Int)]

  init(_ model: CompiledModel, of spec: EnvironmentSpec) throws(EnvironmentError) {
    guard let simulation = mujoco_make_scratch(model.pointer) else {
      throw .simulationFailed(environment: spec.id, message: MuJoCo.lastError)
    }
    self.model = model
    self.simulation = simulation
    names = StepNames(of: spec)
    computed = .allocate(capacity: model.layout.computedCount)
    places = model.quantities.map {
      ($0.place(in: simulation.pointee), $0.count(in: model.pointer))
    }
  }

  deinit {
    computed.deallocate()
    mujoco_free_scratch(simulation)
  }

  /// The positions as they stand.
  var qpos: UnsafeMutableBufferPointer<Double> {
    UnsafeMutableBufferPointer(start: simulation.pointee.qpos, count: model.layout.nq)
  }

  /// The velocities as they stand.
  var qvel: UnsafeMutableBufferPointer<Double> {
    UnsafeMutableBufferPointer(start: simulation.pointee.qvel, count: model.layout.nv)
  }

  /// The state as it stands. The declared quantities are those last collected.
  var view: StateView<Double> {
    StateView(
      qpos: StateRow(simulation.pointee.qpos, count: model.layout.nq),
      qvel: StateRow(simulation.pointee.qvel, count: model.layout.nv),
      computed: StateRow(computed, count: model.layout.computedCount))
  }

  /// The controls as they stand.
  var controls: StateRow<Double> {
    StateRow(simulation.pointee.ctrl, count: Int(model.sizes.nu))
  }

  /// Copies the declared quantities from where MuJoCo left them.
  func collect() {
    var target = computed
    for place in places {
      if let start = place.start {
        target.update(from: start, count: place.count)
      } else {
        for axis in 0..<place.count { target[axis] = massCentre(along: axis) }
      }
      target += place.count
    }
  }

  /// Copies a state's values in.
  func load(_ physics: [Double]) {
    let layout = model.layout
    precondition(physics.count == layout.count, "a state of another model")
    let target = simulation.pointee
    physics.withUnsafeBufferPointer { values in
      guard let start = values.baseAddress else { return }
      target.time.pointee = start[0]
      target.qpos.update(from: start + layout.qpos, count: layout.nq)
      target.qvel.update(from: start + layout.qvel, count: layout.nv)
      target.act.update(from: start + layout.act, count: layout.na)
      target.qacc_warmstart.update(from: start + layout.warmStart, count: layout.nv)
    }
  }

  /// Copies the values out to a state.
  func save(to physics: inout [Double]) {
    let layout = model.layout
    let source = simulation.pointee
    physics.withUnsafeMutableBufferPointer { values in
      guard let start = values.baseAddress else { return }
      start[0] = source.time.pointee
      (start + layout.qpos).update(from: source.qpos, count: layout.nq)
      (start + layout.qvel).update(from: source.qvel, count: layout.nv)
      (start + layout.act).update(from: source.act, count: layout.na)
      (start + layout.warmStart).update(from: source.qacc_warmstart, count: layout.nv)
      (start + layout.computed).update(from: computed, count: layout.computedCount)
    }
  }

  /// Whether all values that would be saved are numbers.
  var isFinite: Bool {
    let layout = model.layout
    let values = simulation.pointee
    // 0 · x is 0 unless x is infinite or not a number.
    var zero = 0 * values.time.pointee
    for index in 0..<layout.nq { zero += 0 * values.qpos[index] }
    for index in 0..<layout.nv { zero += 0 * (values.qvel[index] + values.qacc_warmstart[index]) }
    for index in 0..<layout.na { zero += 0 * values.act[index] }
    return zero == 0
  }
}
