/// Where ``EnvironmentState/physics`` keeps what.
struct PhysicsLayout: Sendable {
  let nq, nv, na: Int

  var qpos: Int { 1 }
  var qvel: Int { 1 + nq }
  var act: Int { 1 + nq + nv }
  var warmStart: Int { 1 + nq + nv + na }
  var count: Int { 1 + nq + nv + na + nv }
}
