/// An optimizer and its learning rates in one text: `SGD||CONSTANT1e-5`,
/// `ADAM||PIECEWISE_CONSTANT1e-5(150,0.3)(200,0.333)`.
///
/// Names are the identifiers in ``OptimizerCatalogue`` and the schedules' names, in upper or lower
/// case. It is coded as this text.
public struct OptimizerSpecification: Sendable {
  /// The optimizer that ``makeOptimizer(count:)`` makes.
  public let type: any Optimizer.Type
  public let schedule: Schedule

  public init(_ type: any Optimizer.Type, schedule: Schedule) {
    self.type = type
    self.schedule = schedule
  }

  /// Reads a specification; what cannot be one is an error that says why.
  public init(_ text: String) throws(OptimizerSpecificationError) {
    do throws(Flaw) {
      guard let separator = text.firstRange(of: "||") else {
        throw Flaw("there is no \"||\" between the optimizer and its schedule")
      }
      let name = text[..<separator.lowerBound]
      guard let type = OptimizerCatalogue.type(named: String(name)) else {
        let names = OptimizerCatalogue.all.map { $0.id }.joined(separator: ", ")
        throw Flaw("the optimizer \(name.quoted) is none of \(names)")
      }
      self.init(type, schedule: try Schedule(text: text[separator.upperBound...]))
    } catch {
      throw OptimizerSpecificationError(text: text, reason: error.reason)
    }
  }

  /// The optimizer before its first update, for `count` parameters.
  public func makeOptimizer(count: Int) -> any Optimizer {
    type.init(schedule: schedule, count: count)
  }
}

/// A text that is no ``OptimizerSpecification``.
public struct OptimizerSpecificationError: Error, Hashable, CustomStringConvertible {
  /// The text that was given.
  public let text: String
  /// What is wrong with it.
  public let reason: String

  public var description: String {
    "optimizer \(text.quoted): \(reason); write it like SGD||CONSTANT1e-5 or "
      + "ADAM||PIECEWISE_CONSTANT1e-5(150,0.3)(200,0.333)"
  }
}

extension OptimizerSpecification: CustomStringConvertible {
  /// A text that reads back as an equal specification.
  public var description: String { "\(type.id)||\(schedule)" }
}

extension OptimizerSpecification: Hashable {
  public static func == (left: Self, right: Self) -> Bool {
    left.type == right.type && left.schedule == right.schedule
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(ObjectIdentifier(type))
    hasher.combine(schedule)
  }
}

extension OptimizerSpecification: Codable {
  public init(from decoder: any Decoder) throws {
    try self.init(decoder.singleValueContainer().decode(String.self))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
