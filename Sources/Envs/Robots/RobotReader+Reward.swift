/// What is rewarded.
extension RobotReader {
  private static let termKinds = ["velocity", "approach", "alive", "control-cost", "contact-cost"]
  private static let mostTerms = 8

  mutating func terms() throws(EnvironmentError) -> [RobotTerm] {
    let entries = try root.entries("reward")
    guard 1...Self.mostTerms ~= entries.count else {
      throw root.invalid(
        entries.isEmpty
          ? "reward is empty: list its terms, such as `- alive: 1`"
          : "reward has \(entries.count) terms: it must have at most \(Self.mostTerms)")
    }
    var terms: [RobotTerm] = []
    for entry in entries {
      var term = try self.term(entry)
      let given = try entry.text("name")
      if let given {
        guard !given.isEmpty,
          given.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "-_".contains($0)) })
        else {
          throw entry.invalid("name is '\(given)': it must be letters, digits, - and _")
        }
      }
      let base = given ?? term.name
      term.name = base
      var number = 2
      while terms.contains(where: { $0.name == term.name }) {
        guard given == nil else { throw entry.invalid("name is '\(base)': another term has it") }
        term.name = "\(base)-\(number)"
        number += 1
      }
      terms.append(term)
    }
    for term in terms { note("reward", "\(term.name): \(shortest(term.weight)) · \(term.text)") }
    return terms
  }

  private mutating func term(_ entry: RobotEntry) throws(EnvironmentError) -> RobotTerm {
    let kinds = Self.termKinds + Self.readingKinds
    let kind = try kind(of: entry, among: kinds, beside: ["weight", "name"])
    let isPlain = ["alive", "control-cost", "contact-cost"].contains(kind)
    let weight = try entry.number(isPlain ? kind : "weight") ?? 1
    func term(_ value: RobotTerm.Value, _ text: String) -> RobotTerm {
      RobotTerm(name: kind, weight: weight, value: value, text: text)
    }
    switch kind {
    case "alive", "control-cost":
      try entry.check([kind, "name"])
      return kind == "alive" ? term(.alive, "1, at every step") : term(.controlCost, "−‖a‖²")
    case "contact-cost":
      try entry.check([kind, "name", "clip"])
      let count = model.count(of: .contactForces)
      let first = place(of: .contactForces)
      return try term(
        .contactCost(first: first, count: count, clip: entry.range("clip")),
        "−‖contact forces‖²")
    case "velocity":
      try entry.check([kind, "weight", "name", "along"])
      guard let name = try entry.text(kind, "a name") else {
        throw entry.invalid("\(kind) is empty")
      }
      guard let axis = try entry.text("along", "x, y or z") else {
        let joint = try joint(name, in: entry)
        guard joint.positions.count == 1 else {
          throw entry.invalid(
            "velocity is '\(name)', a joint of \(joint.velocities.count) directions: name a body, "
              + "and say along which axis")
        }
        return term(
          .rate(RobotNumber(source: .position, index: joint.positions.lowerBound)),
          "velocity of joint \(name)")
      }
      guard let number = ["x", "y", "z"].firstIndex(of: axis) else {
        throw entry.invalid("along is '\(axis)': it must be x, y or z")
      }
      let index = try point(name, in: entry) + number
      return term(
        .rate(RobotNumber(source: .computed, index: index)), "velocity of \(name) along \(axis)")
    case "approach":
      try entry.check([kind, "weight", "name", "to"])
      guard let name = try entry.text(kind, "a name"), let target = try entry.text("to", "a name")
      else { throw entry.invalid("to is missing: name the body or site to come near") }
      let (from, to) = (try point(name, in: entry), try point(target, in: entry))
      return term(.approach(from, to), "velocity of \(name) towards \(target)")
    default:
      let reading = try reading(entry, beside: ["weight", "name"])
      guard let number = reading.numbers.first, reading.numbers.count == 1 else {
        throw entry.invalid(
          "\(kind) has \(reading.numbers.count) numbers: say which with `index: 0`")
      }
      return term(.number(number), reading.text)
    }
  }
}
