/// A compiled model's arrays and sizes by MuJoCo's names ("body_mass", "opt_timestep", "nv").
package protocol CompiledFields {
  /// Empty where there is no such field.
  func values(_ name: String) -> [Double]
}

extension CompiledFields {
  func value(_ name: String) -> Double { values(name).first ?? 0 }
  func count(_ name: String) -> Int { Int(value(name)) }
  func integers(_ name: String) -> [Int] { values(name).map { Int($0) } }
  func flags(_ name: String) -> [Bool] { values(name).map { $0 != 0 } }

  /// Row `index` of an array with `width` columns.
  func row(_ name: String, _ index: Int, _ width: Int) -> [Double] {
    Array(values(name)[index * width..<(index + 1) * width])
  }
}

extension TreeModel {
  /// Reads a model.
  ///
  /// - Throws: ``UncoveredFeature`` that names the first thing of it that this room does not compute.
  package init(_ fields: some CompiledFields) throws(UncoveredFeature) {
    try UncoveredFeature.check(fields)
    timestep = fields.value("opt_timestep")
    gravity = fields.values("opt_gravity")
    wind = fields.values("opt_wind")
    density = fields.value("opt_density")
    viscosity = fields.value("opt_viscosity")
    impedanceRatio = fields.value("opt_impratio")
    integrator = fields.value("opt_integrator") == 0 ? .euler : .rungeKutta
    solver = SolverOptions(
      iterations: fields.count("opt_iterations"), tolerance: fields.value("opt_tolerance"),
      meanInertia: fields.value("stat_meaninertia"))
    massCount = fields.count("nM")
    positionCount = fields.count("nq")
    controlCount = fields.count("nu")
    bodies = Self.bodies(fields)
    joints = Self.joints(fields, timestep)
    dofs = Self.dofs(fields)
    geoms = Self.geoms(fields)
    sites = (0..<fields.count("nsite")).map { index in
      Site(
        body: fields.integers("site_bodyid")[index], position: fields.row("site_pos", index, 3),
        frame: SharedFrame(fields.values("site_sameframe")[index]))
    }
    motors = Self.motors(fields)
    contacts = []
    contacts = try ContactCandidate.all(of: self, fields)
  }

  private static func bodies(_ fields: some CompiledFields) -> [Body] {
    func range(_ start: String, _ count: String, _ index: Int) -> Range<Int> {
      let first = fields.integers(start)[index]
      return first < 0 ? 0..<0 : first..<first + fields.integers(count)[index]
    }
    return (0..<fields.count("nbody")).map { index in
      Body(
        parent: fields.integers("body_parentid")[index],
        root: fields.integers("body_rootid")[index],
        position: fields.row("body_pos", index, 3), orientation: fields.row("body_quat", index, 4),
        mass: fields.values("body_mass")[index], inertia: fields.row("body_inertia", index, 3),
        inertialPosition: fields.row("body_ipos", index, 3),
        inertialOrientation: fields.row("body_iquat", index, 4),
        inertialFrame: SharedFrame(fields.values("body_sameframe")[index]),
        joints: range("body_jntadr", "body_jntnum", index),
        dofs: range("body_dofadr", "body_dofnum", index),
        geoms: range("body_geomadr", "body_geomnum", index),
        weld: fields.integers("body_weldid")[index],
        inverseWeight: fields.row("body_invweight0", index, 2)[0])
    }
  }

  private static func joints(_ fields: some CompiledFields, _ timestep: Double) -> [Joint] {
    (0..<fields.count("njnt")).map { index in
      let position = fields.integers("jnt_qposadr")[index]
      let range = fields.row("jnt_range", index, 2)
      let limit = Limit(
        range: range[0]...max(range[0], range[1]), margin: fields.values("jnt_margin")[index],
        softness: Softness(
          reference: fields.row("jnt_solref", index, 2),
          impedance: fields.row("jnt_solimp", index, 5), timestep: timestep))
      let kind = Joint.Kind(rawValue: fields.integers("jnt_type")[index]) ?? .hinge
      return Joint(
        kind: kind, position: position,
        velocity: fields.integers("jnt_dofadr")[index], axis: fields.row("jnt_axis", index, 3),
        anchor: fields.row("jnt_pos", index, 3), reference: fields.values("qpos0")[position],
        springReference: fields.values("qpos_spring")[position],
        stiffness: fields.values("jnt_stiffness")[index],
        limit: fields.flags("jnt_limited")[index] && kind != .free ? limit : nil)
    }
  }

  private static func dofs(_ fields: some CompiledFields) -> [Dof] {
    (0..<fields.count("nv")).map { index in
      Dof(
        body: fields.integers("dof_bodyid")[index], parent: fields.integers("dof_parentid")[index],
        row: fields.integers("dof_Madr")[index], armature: fields.values("dof_armature")[index],
        damping: fields.values("dof_damping")[index],
        inverseWeight: fields.values("dof_invweight0")[index],
        constantInertia: fields.flags("dof_simplenum")[index]
          ? fields.values("dof_M0")[index] : nil)
    }
  }

  private static func geoms(_ fields: some CompiledFields) -> [Geom] {
    (0..<fields.count("ngeom")).map { index in
      Geom(
        kind: Geom.Kind(rawValue: fields.integers("geom_type")[index]),
        body: fields.integers("geom_bodyid")[index], position: fields.row("geom_pos", index, 3),
        orientation: fields.row("geom_quat", index, 4),
        frame: SharedFrame(fields.values("geom_sameframe")[index]),
        size: fields.row("geom_size", index, 3),
        boundingRadius: fields.values("geom_rbound")[index])
    }
  }

  private static func motors(_ fields: some CompiledFields) -> [Motor] {
    (0..<fields.count("nu")).map { index in
      func range(_ name: String) -> ClosedRange<Double>? {
        guard fields.flags("actuator_\(name)limited")[index] else { return nil }
        let ends = fields.row("actuator_\(name)range", index, 2)
        return ends[0]...max(ends[0], ends[1])
      }
      let joint = fields.row("actuator_trnid", index, 2)[0]
      let gains = fields.values("actuator_gainprm").count / max(1, fields.count("nu"))
      return Motor(
        dof: fields.integers("jnt_dofadr")[Int(joint)],
        gear: fields.row("actuator_gear", index, 6)[0],
        gain: fields.row("actuator_gainprm", index, gains)[0],
        controlRange: range("ctrl"), forceRange: range("force"))
    }
  }
}

extension TreeModel.SharedFrame {
  fileprivate init(_ value: Double) { self = value == 0 ? .none : value == 1 ? .body : .inertial }
}
