import Settings

/// An optimizer and its learning rates in one text: `SGD||CONSTANT1e-5`,
/// `ADAM||PIECEWISE_CONSTANT1e-5(150,0.3)(200,0.333)`, `SGDM(momentum=0.95)||CONSTANT1e-2`.
///
/// Names are the identifiers in ``OptimizerCatalogue`` and the schedules' names, in upper or lower
/// case. It is coded as this text.
package struct OptimizerSpecification: Sendable {
  /// The optimizer that ``makeOptimizer(count:)`` makes.
  package let type: any Optimizer.Type
  package let schedule: Schedule
  /// The optimizer's settings that are not the usual ones, as `momentum=0.95`.
  private let arguments: [String]
  private let make: @Sendable (Int) -> any Optimizer

  /// The optimizer with its usual settings.
  package init(_ type: any Optimizer.Type, schedule: Schedule) {
    func usual<Chosen: Optimizer>(_: Chosen.Type) -> Self {
      Self(Chosen.self, Chosen.Settings(), schedule)
    }
    self = usual(type)
  }

  private init<Chosen: Optimizer>(
    _: Chosen.Type, _ settings: Chosen.Settings, _ schedule: Schedule
  ) {
    type = Chosen.self
    self.schedule = schedule
    let usual = Chosen.Settings().texts
    let texts = settings.texts
    arguments = Chosen.Settings.declarations.map(\.name).filter { texts[$0] != usual[$0] }.map {
      "\($0)=\(texts[$0] ?? "")"
    }
    make = { Chosen(settings, schedule: schedule, count: $0) }
  }

  /// - Parameter arguments: What stands between the brackets.
  private static func read<Chosen: Optimizer>(
    _ type: Chosen.Type, _ arguments: Substring, _ schedule: Schedule
  ) throws(Flaw) -> Self {
    let names = Chosen.Settings.declarations.map(\.name)
    var texts: [String: String] = [:]
    for part in arguments.split(separator: ",", omittingEmptySubsequences: false) {
      let sides = part.split(separator: "=", omittingEmptySubsequences: false)
      guard sides.count == 2 else { throw Flaw("\(part.quoted) is not \"name=value\"") }
      let name = String(sides[0].trimmed)
      guard names.contains(name) else {
        throw Flaw(
          names.isEmpty
            ? "\(type.id) has no settings"
            : "\(name.quoted) is no setting of \(type.id), which has \(names.joined(separator: ", "))"
        )
      }
      guard texts.updateValue(String(sides[1].trimmed), forKey: name) == nil else {
        throw Flaw("\(name) is given twice")
      }
    }
    do throws(SettingsError) {
      let settings = try Chosen.Settings(reading: texts)
      try type.check(settings)
      return Self(type, settings, schedule)
    } catch {
      throw Flaw(error.withoutDashes)
    }
  }

  /// Reads a specification; what cannot be one is an error that says why.
  package init(_ text: String) throws(OptimizerSpecificationError) {
    do throws(Flaw) {
      guard let separator = text.firstRange(of: "||") else {
        throw Flaw("there is no \"||\" between the optimizer and its schedule")
      }
      let whole = text[..<separator.lowerBound]
      let bracket = whole.firstIndex(of: "(") ?? whole.endIndex
      let name = whole[..<bracket]
      guard let type = OptimizerCatalogue.type(named: String(name)) else {
        let names = OptimizerCatalogue.all.map { $0.id }.joined(separator: ", ")
        throw Flaw("the optimizer \(name.quoted) is none of \(names)")
      }
      let schedule = try Schedule(text: text[separator.upperBound...])
      if bracket == whole.endIndex {
        self.init(type, schedule: schedule)
      } else {
        guard whole.last == ")" else { throw Flaw("\(whole[bracket...].quoted) has no end") }
        self = try Self.read(type, whole[bracket...].dropFirst().dropLast(), schedule)
      }
    } catch {
      throw OptimizerSpecificationError(text: text, reason: error.reason)
    }
  }

  /// The optimizer before its first update, for `count` parameters.
  package func makeOptimizer(count: Int) -> any Optimizer {
    make(count)
  }
}

/// A text that is no ``OptimizerSpecification``.
package struct OptimizerSpecificationError: Error, Hashable, CustomStringConvertible {
  /// The text that was given.
  package let text: String
  /// What is wrong with it.
  package let reason: String

  package var description: String {
    "optimizer \(text.quoted): \(reason); write it like SGD||CONSTANT1e-5 or "
      + "ADAM||PIECEWISE_CONSTANT1e-5(150,0.3)(200,0.333)"
  }
}

extension OptimizerSpecification: CustomStringConvertible {
  /// A text that reads back as an equal specification.
  package var description: String {
    let brackets = arguments.isEmpty ? "" : "(\(arguments.joined(separator: ",")))"
    return "\(type.id)\(brackets)||\(schedule)"
  }
}

extension OptimizerSpecification: Hashable {
  package static func == (left: Self, right: Self) -> Bool {
    left.type == right.type && left.schedule == right.schedule
      && left.arguments == right.arguments
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(ObjectIdentifier(type))
    hasher.combine(schedule)
    hasher.combine(arguments)
  }
}

extension OptimizerSpecification: Codable {
  package init(from decoder: any Decoder) throws {
    try self.init(decoder.singleValueContainer().decode(String.self))
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
