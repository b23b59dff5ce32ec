import Settings

/// What is observed and what ends an episode: numbers of a state.
extension RobotReader {
  mutating func observed() throws(EnvironmentError) -> [RobotNumber] {
    var numbers: [RobotNumber] = []
    for entry in try root.entries("observe") {
      let reading = try reading(entry, beside: [])
      note("observes", "\(reading.text) (\(reading.numbers.count))")
      numbers += reading.numbers
    }
    guard !numbers.isEmpty else {
      throw root.invalid("observe is empty: list what the policy sees, such as `- positions: all`")
    }
    return numbers
  }

  mutating func ends() throws(EnvironmentError) -> [RobotEnd] {
    var ends: [RobotEnd] = []
    for entry in try root.entries("end") {
      let reading = try reading(entry, beside: ["range"])
      guard let range = try entry.range("range") else {
        throw entry.invalid("range is missing: say where it has to stay, as in [0.7, inf]")
      }
      note("ends", "\(reading.text) not in \(range.lower) … \(range.upper)")
      ends += reading.numbers.map { RobotEnd(number: $0, range: range) }
    }
    return ends
  }

  static let readingKinds = [
    "positions", "velocities", "sine", "cosine", "upright", "place", "height", "sensor",
    "contact-forces", "constraint-forces",
  ]

  /// The numbers that an entry names, and what it says in one line.
  ///
  /// - Parameter others: Keys that are read elsewhere.
  mutating func reading(
    _ entry: RobotEntry, beside others: [String]
  ) throws(EnvironmentError) -> (numbers: [RobotNumber], text: String) {
    let kind = try kind(of: entry, among: Self.readingKinds, beside: others)
    try entry.check([kind, "clip", "index"] + others)
    let names = try entry.texts(kind)
    guard !names.isEmpty else { throw entry.invalid("\(kind) is empty") }
    var numbers: [RobotNumber] = []
    switch kind {
    case "positions":
      numbers = try row(kind, names, model.positionCount, \.positions, of: entry)
        .map { RobotNumber(source: .position, index: $0) }
    case "velocities":
      numbers = try row(kind, names, model.velocityCount, \.velocities, of: entry)
        .map { RobotNumber(source: .velocity, index: $0) }
    case "constraint-forces":
      let indices = try row(kind, names, model.velocityCount, \.velocities, of: entry)
      numbers = computed(.constraintForces, indices)
    case "sine", "cosine":
      for name in names {
        let joint = try joint(name, in: entry)
        guard joint.kind == .hinge else {
          throw entry.invalid("\(kind) is '\(name)', which is no hinge: it must be one")
        }
        numbers.append(
          RobotNumber(
            source: kind == "sine" ? .sine : .cosine, index: joint.positions.lowerBound))
      }
    case "upright":
      for name in names { try numbers.append(upright(joint(name, in: entry), in: entry)) }
    case "place", "height":
      for name in names {
        let first = try point(name, in: entry)
        numbers += (kind == "height" ? 2..<3 : 0..<3).map {
          RobotNumber(source: .computed, index: first + $0)
        }
      }
    case "sensor":
      for name in names {
        _ = try index(of: name, among: model.sensors, "sensor", in: entry)
        let quantity = ModelQuantity.sensor(name)
        numbers += computed(quantity, Array(0..<model.count(of: quantity)))
      }
    default:
      var indices: [Int] = []
      if names == ["all"], !entry.isList(kind) {
        indices = Array(0..<model.count(of: .contactForces))
      } else {
        for name in names {
          let body = try index(of: name, among: model.bodies, "body", in: entry)
          indices += 6 * body..<6 * body + 6
        }
      }
      numbers = computed(.contactForces, indices)
    }
    var text = "\(kind) \(names.joined(separator: ", "))"
    if let index = try entry.count("index", 0...max(0, numbers.count - 1)) {
      numbers = [numbers[index]]
      text += " [\(index)]"
    }
    if let clip = try entry.range("clip") {
      for index in numbers.indices { numbers[index].clip = clip }
      text += " within \(shortest(clip.lower)) … \(shortest(clip.upper))"
    }
    return (numbers, text)
  }

  private mutating func computed(_ quantity: ModelQuantity, _ indices: [Int]) -> [RobotNumber] {
    let first = place(of: quantity)
    return indices.map { RobotNumber(source: .computed, index: first + $0) }
  }

  /// `all`, `from 2`, or those of joints by name.
  private func row(
    _ key: String, _ names: [String], _ count: Int, _ part: (RobotModel.Joint) -> Range<Int>,
    of entry: RobotEntry
  ) throws(EnvironmentError) -> [Int] {
    if !entry.isList(key), let text = names.first {
      if text == "all" { return Array(0..<count) }
      let words = text.split(separator: " ")
      if words.count == 2, words[0] == "from" {
        guard let first = Int(words[1]), 0..<count ~= first else {
          throw entry.invalid(
            "\(key) is '\(text)': it must be from 0 to \(count - 1), of which there are \(count)")
        }
        return Array(first..<count)
      }
    }
    var indices: [Int] = []
    for name in names { indices += part(try joint(name, in: entry)) }
    return indices
  }

  private func upright(
    _ joint: RobotModel.Joint, in entry: RobotEntry
  ) throws(EnvironmentError) -> RobotNumber {
    let first = joint.positions.lowerBound
    switch joint.kind {
    case .hinge: return RobotNumber(source: .cosine, index: first)
    case .ball: return RobotNumber(source: .upright, index: first)
    case .free: return RobotNumber(source: .upright, index: first + 3)
    case .slide:
      throw entry.invalid("upright is '\(joint.name)', a slide: it must be a joint that turns")
    }
  }
}
