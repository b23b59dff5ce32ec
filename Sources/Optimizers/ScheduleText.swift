/// A schedule's text: `CONSTANT1e-5`, or `PIECEWISE_CONSTANT1e-5(150,0.3)(200,0.333)` for a rate
/// that is multiplied by 0.3 from update 150 on, and by 0.333 more from update 200 on.
extension Schedule: CustomStringConvertible {
  private static let constantName = "CONSTANT"
  private static let piecewiseName = "PIECEWISE_CONSTANT"

  package var description: String {
    let steps = steps.map { "(\($0.boundary),\($0.ratio.shortest))" }.joined()
    let name = steps.isEmpty ? Schedule.constantName : Schedule.piecewiseName
    return name + initialRate.shortest + steps
  }

  /// Reads a schedule's text; upper and lower case are the same.
  init(text: Substring) throws(Flaw) {
    if let rest = text.dropping(prefix: Schedule.constantName) {
      try self.init(rate: Schedule.number(rest, "rate"), steps: [])
    } else if let rest = text.dropping(prefix: Schedule.piecewiseName) {
      let opening = rest.firstIndex(of: "(") ?? rest.endIndex
      let rate = try Schedule.number(rest[..<opening], "rate")
      try self.init(rate: rate, steps: Schedule.steps(in: rest[opening...]))
    } else {
      throw Flaw(
        "the schedule \(text.quoted) begins with neither \(Schedule.constantName) nor "
          + Schedule.piecewiseName)
    }
  }

  private static func steps(in text: Substring) throws(Flaw) -> [Step] {
    guard !text.isEmpty else {
      throw Flaw("\(piecewiseName) has no \"(boundary,ratio)\" after its rate")
    }
    var steps: [Step] = []
    var rest = text
    while !rest.isEmpty {
      guard rest.first == "(", let closing = rest.firstIndex(of: ")") else {
        throw Flaw("\(rest.quoted) is not \"(boundary,ratio)\"")
      }
      let parts = rest[..<closing].dropFirst().split(
        separator: ",", omittingEmptySubsequences: false)
      guard parts.count == 2 else {
        throw Flaw("\(rest[...closing].quoted) is not \"(boundary,ratio)\"")
      }
      guard let boundary = Int(parts[0].trimmed) else {
        throw Flaw("the boundary \(parts[0].quoted) is not a whole number")
      }
      steps.append(Step(at: boundary, scalingBy: try number(parts[1], "ratio")))
      rest = rest[closing...].dropFirst()
    }
    return steps
  }

  /// A decimal number; `Double.init` alone would also take hexadecimal ones, `inf` and `nan`.
  private static func number(_ text: Substring, _ role: String) throws(Flaw) -> Double {
    guard text.trimmed.allSatisfy({ "0123456789.eE+-".contains($0) }),
      let value = Double(text.trimmed)
    else { throw Flaw("the \(role) \(text.quoted) is not a number") }
    return value
  }
}

extension Substring {
  /// What follows `prefix`, in upper or lower case; nil for a text that begins otherwise.
  fileprivate func dropping(prefix: String) -> Substring? {
    self.prefix(prefix.count).uppercased() == prefix ? dropFirst(prefix.count) : nil
  }

  var trimmed: Substring {
    let start = drop { $0.isWhitespace }
    return start.lastIndex { !$0.isWhitespace }.map { start[...$0] } ?? ""
  }
}

extension StringProtocol {
  /// In quotation marks and on one line, whatever it holds.
  var quoted: String { String(self).debugDescription }
}

extension Double {
  /// The fewest digits that read back as the same number: `1e-5`, where Swift prints `1e-05`.
  var shortest: String {
    let text = description.hasSuffix(".0") ? String(description.dropLast(2)) : description
    return text.replacing("e-0", with: "e-").replacing("e+0", with: "e+")
  }
}
