/// Where ``EnvironmentState/physics`` keeps what.
struct PhysicsLayout: Sendable {
  let nq, nv, na: Int
  /// Numbers of the declared quantities.
  let computedCount: Int

  var qpos: Int { 1 }
  var qvel: Int { 1 + nq }
  var act: Int { 1 + nq + nv }
  var warmStart: Int { 1 + nq + nv + na }
  var computed: Int { 1 + nq + nv + na + nv }
  var count: Int { computed + computedCount }
  /// How many numbers a view has.
  var viewCount: Int { nq + nv + computedCount }

  /// The state that begins at `physics`.
  func view(_ physics: UnsafePointer<Double>) -> StateView<Double> {
    StateView(
      qpos: StateRow(physics + qpos, count: nq), qvel: StateRow(physics + qvel, count: nv),
      computed: StateRow(physics + computed, count: computedCount))
  }
}
