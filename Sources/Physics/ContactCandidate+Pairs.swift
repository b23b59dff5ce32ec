extension ContactCandidate {
  /// All pairs of geoms that may touch, in MuJoCo's order.
  static func all(
    of model: TreeModel, _ fields: some CompiledFields
  ) throws(UncoveredFeature) -> [ContactCandidate] {
    let settings = PairSettings(model, fields)
    var candidates: [ContactCandidate] = []
    if settings.collision == .predefined {
      for pair in 0..<settings.pairCount { candidates += try settings.candidates(pair: pair) }
      return try bounded(candidates, fields)
    }
    let bodies = model.bodies.indices
    for (index, body) in model.bodies.enumerated().dropFirst() where body.weld == 0 {
      for geom in body.geoms where fields.integers("geom_type")[geom] < 2 {
        throw UncoveredFeature("a plane or height field in body \(index), which is not the world")
      }
    }
    var listed = 0
    for first in bodies {
      for second in bodies.dropFirst(first + 1) {
        let signature = (first + 1) << 16 + (second + 1)
        if settings.excluded.contains(signature) { continue }
        var isListed: Set<[Int]> = []
        if settings.collision == .all {
          while listed < settings.pairCount, settings.signatures[listed] <= signature {
            candidates += try settings.candidates(pair: listed)
            isListed.insert(settings.geoms(pair: listed).sorted())
            listed += 1
          }
        }
        for geom in model.bodies[first].geoms {
          for other in model.bodies[second].geoms where !isListed.contains([geom, other].sorted()) {
            candidates += try settings.candidates(geom, other)
          }
        }
      }
    }
    if settings.collision == .all {
      for pair in listed..<max(listed, settings.pairCount) {
        candidates += try settings.candidates(pair: pair)
      }
    }
    return try bounded(candidates, fields)
  }

  /// The candidates, where MuJoCo has room for all of them at once.
  private static func bounded(
    _ candidates: [ContactCandidate], _ fields: some CompiledFields
  ) throws(UncoveredFeature) -> [ContactCandidate] {
    let limits = fields.flags("jnt_limited").count { $0 } * 2
    // Capsules are parallel or are not.
    let possible = candidates.filter {
      if case .capsuleCapsule = $0.shape { false } else { true }
    }
    let rows = possible.reduce(limits) { $0 + ($1.dimensions == 1 ? 1 : 4) }
    guard possible.count <= fields.count("nconmax"), rows <= fields.count("njmax") else {
      throw UncoveredFeature("fewer contacts or constraints than could act at once")
    }
    return candidates
  }
}

/// What MuJoCo makes of two geoms' contact settings.
private struct PairSettings<Fields: CompiledFields> {
  enum Collision: Int { case all, predefined, dynamic }

  let model: TreeModel
  let fields: Fields
  let collision: Collision
  let pairCount: Int
  let signatures: [Int]
  let excluded: Set<Int>

  init(_ model: TreeModel, _ fields: Fields) {
    self.model = model
    self.fields = fields
    collision = Collision(rawValue: fields.count("opt_collision")) ?? .all
    pairCount = fields.count("npair")
    signatures = fields.integers("pair_signature")
    excluded = Set(fields.integers("exclude_signature"))
  }

  func geoms(pair: Int) -> [Int] {
    [fields.integers("pair_geom1")[pair], fields.integers("pair_geom2")[pair]]
  }

  func candidates(pair: Int) throws(UncoveredFeature) -> [ContactCandidate] {
    let geoms = geoms(pair: pair)
    let friction = fields.row("pair_friction", pair, 5)
    return try candidates(
      geoms[0], geoms[1], dimensions: fields.integers("pair_dim")[pair],
      friction: (friction[0], friction[1]), reference: fields.row("pair_solref", pair, 2),
      impedance: fields.row("pair_solimp", pair, 5), margin: fields.values("pair_margin")[pair],
      reachGap: fields.values("pair_gap")[pair], isPruned: false)
  }

  func candidates(_ one: Int, _ other: Int) throws(UncoveredFeature) -> [ContactCandidate] {
    let kinds = (fields.integers("geom_type")[one], fields.integers("geom_type")[other])
    let (a, b) = kinds.0 > kinds.1 ? (other, one) : (one, other)
    guard mayTouch(a, b) else { return [] }
    func larger(_ name: String) -> Double { max(fields.values(name)[a], fields.values(name)[b]) }
    let margin = larger("geom_margin")
    let gap = larger("geom_gap")
    let priorities = (fields.values("geom_priority")[a], fields.values("geom_priority")[b])
    let isPruned = model.geoms[a].body != 0 && model.geoms[b].body != 0
    if priorities.0 != priorities.1 {
      let first = priorities.0 > priorities.1 ? a : b
      let slip = fields.row("geom_friction", first, 3)[0]
      return try candidates(
        a, b, dimensions: fields.integers("geom_condim")[first], friction: (slip, slip),
        reference: fields.row("geom_solref", first, 2),
        impedance: fields.row("geom_solimp", first, 5), margin: margin, reachGap: gap,
        isPruned: isPruned)
    }
    let slip = max(fields.row("geom_friction", a, 3)[0], fields.row("geom_friction", b, 3)[0])
    let references = (fields.row("geom_solref", a, 2), fields.row("geom_solref", b, 2))
    let mix = mixture(fields.values("geom_solmix")[a], fields.values("geom_solmix")[b])
    func mixed(_ left: [Double], _ right: [Double]) -> [Double] {
      zip(left, right).map { mix * $0 + (1 - mix) * $1 }
    }
    let isStandard = references.0[0] > 0 && references.1[0] > 0
    return try candidates(
      a, b, dimensions: max(fields.integers("geom_condim")[a], fields.integers("geom_condim")[b]),
      friction: (slip, slip),
      reference: isStandard
        ? mixed(references.0, references.1) : zip(references.0, references.1).map { min($0, $1) },
      impedance: mixed(fields.row("geom_solimp", a, 5), fields.row("geom_solimp", b, 5)),
      margin: margin, reachGap: gap, isPruned: isPruned)
  }

  private func mixture(_ a: Double, _ b: Double) -> Double {
    switch (a >= smallest, b >= smallest) {
    case (true, true): a / (a + b)
    case (false, false): 0.5
    case (false, true): 0
    case (true, false): 1
    }
  }

  /// Whether types and kinship let two geoms touch.
  private func mayTouch(_ a: Int, _ b: Int) -> Bool {
    func bits(_ name: String, _ geom: Int) -> Int { fields.integers(name)[geom] }
    guard
      bits("geom_contype", a) & bits("geom_conaffinity", b) != 0
        || bits("geom_contype", b) & bits("geom_conaffinity", a) != 0
    else { return false }
    let welds = (
      model.bodies[model.geoms[a].body].weld, model.bodies[model.geoms[b].body].weld
    )
    if welds.0 == welds.1 { return false }
    func parent(_ weld: Int) -> Int { model.bodies[model.bodies[weld].parent].weld }
    let areRelated = welds.0 == parent(welds.1) || welds.1 == parent(welds.0)
    return !(welds.0 != 0 && welds.1 != 0 && areRelated)
  }

  private func candidates(
    _ one: Int, _ other: Int, dimensions: Int, friction: (Double, Double), reference: [Double],
    impedance: [Double], margin: Double, reachGap: Double, isPruned: Bool
  ) throws(UncoveredFeature) -> [ContactCandidate] {
    let types = fields.integers("geom_type")
    let (a, b) = types[one] > types[other] ? (other, one) : (one, other)
    // MuJoCo has no collision of two planes.
    if types[a] == 0, types[b] == 0 { return [] }
    let shapes: [ContactCandidate.Shape]
    switch (model.geoms[a].kind, model.geoms[b].kind) {
    case (.plane, .sphere): shapes = [.planeSphere]
    case (.plane, .capsule): shapes = [.planeCapsule(end: 1), .planeCapsule(end: -1)]
    case (.sphere, .sphere): shapes = [.sphereSphere]
    case (.sphere, .capsule): shapes = [.sphereCapsule]
    case (.capsule, .capsule):
      shapes = [.capsuleCapsule, .parallelCapsules(.first), .parallelCapsules(.second)]
    default: throw UncoveredFeature("a contact of shapes other than planes, spheres and capsules")
    }
    guard dimensions == 1 || dimensions == 3 else {
      throw UncoveredFeature("a contact with torsional or rolling friction")
    }
    guard model.bodies[model.geoms[a].body].weld != 0 || model.bodies[model.geoms[b].body].weld != 0
    else { throw UncoveredFeature("a pair of geoms that both stand still") }
    let softness = Softness(
      reference: reference, impedance: impedance, timestep: model.timestep)
    return shapes.map {
      ContactCandidate(
        shape: $0, geoms: (a, b), dimensions: dimensions,
        friction: (max(1e-5, friction.0), max(1e-5, friction.1)), softness: softness,
        margin: margin, reach: margin - reachGap, isPruned: isPruned)
    }
  }
}
