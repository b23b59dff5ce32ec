/// Something of a model that only MuJoCo computes.
package struct UncoveredFeature: Error, Equatable, Sendable, CustomStringConvertible {
  /// What it is, as in "a tendon".
  package let description: String

  init(_ description: String) { self.description = description }

  /// Throws the first such thing among those that can be told from single fields.
  static func check(_ fields: some CompiledFields) throws(UncoveredFeature) {
    func refuse(_ isThere: Bool, _ name: String) throws(UncoveredFeature) {
      if isThere { throw UncoveredFeature(name) }
    }
    func any(_ name: String, _ isThere: (Double) -> Bool) -> Bool {
      fields.values(name).contains(where: isThere)
    }
    let types = fields.integers("jnt_type").map { TreeModel.Joint.Kind(rawValue: $0) }
    func turnsFreely(_ joint: Int) -> Bool { types[joint] == .free || types[joint] == .ball }
    try refuse(
      types.indices.contains { turnsFreely($0) && fields.values("jnt_stiffness")[$0] != 0 },
      "a spring in a free or ball joint")
    try refuse(
      types.indices.contains { types[$0] == .ball && fields.flags("jnt_limited")[$0] },
      "a limit of a ball joint")
    try refuse(fields.count("nv") == 0, "no joint at all")
    try refuse(fields.count("nv") >= 60, "60 or more degrees of freedom")
    try refuse(fields.count("neq") > 0, "an equality constraint")
    try refuse(fields.count("ntendon") > 0, "a tendon")
    try refuse(fields.count("nmocap") > 0, "a mocap body")
    try refuse(any("dof_frictionloss") { $0 > 0 }, "friction loss in a joint")
    try refuse(fields.count("na") > 0, "an actuator with a state")
    try refuse(any("actuator_trntype") { $0 > 1 }, "an actuator that does not drive a joint")
    let driven = (0..<fields.count("nu")).map { fields.row("actuator_trnid", $0, 2)[0] }
    try refuse(
      driven.contains { turnsFreely(Int($0)) }, "an actuator of a free or ball joint")
    try refuse(
      any("actuator_gaintype") { $0 != 0 } || any("actuator_biastype") { $0 != 0 }
        || any("actuator_dyntype") { $0 != 0 }, "an actuator that is no motor")
    try refuse(any("geom_fluid") { $0 > 0 }, "the ellipsoid fluid model")
    try refuse(any("geom_margin") { $0 < 0 }, "a negative contact margin")
    try refuse(
      fields.value("opt_density") < 0 || fields.value("opt_viscosity") < 0,
      "a fluid of negative density or viscosity")
    let integrator = fields.count("opt_integrator")
    try refuse(integrator > 1, "the implicit integrator")
    try refuse(fields.count("opt_solver") != 2, "a solver other than Newton's")
    try refuse(fields.count("opt_noslip_iterations") > 0, "the no-slip solver")
    try refuse(fields.count("opt_cone") != 0, "elliptic friction cones")
    try refuse(fields.count("opt_jacobian") == 1, "sparse Jacobians")
    try refuse(
      fields.count("opt_disableflags") != 0 || fields.count("opt_enableflags") != 0,
      "an option that switches a part of MuJoCo on or off")
  }
}
