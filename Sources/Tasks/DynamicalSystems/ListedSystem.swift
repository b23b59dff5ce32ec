import Parameters
public import Settings
import Unrolls

/// A dynamical system of the catalogue: `nres train` and `nres loss-surface` know it by its name.
public protocol ListedSystem: DynamicalSystem {
  /// Its own settings.
  associatedtype Settings: SettingsGroup = NoSettings

  /// Its name on the command line, and its folder of `runs/`: `lorenz`.
  static var id: String { get }
  /// T where nothing else is said.
  static var usualHorizon: Int { get }
  /// Seconds of a step.
  var timestep: Double { get }

  /// - Throws: `SettingsError` for what cannot be.
  init(_ settings: Settings, horizon: Int) throws(SettingsError)

  /// The system that θ is tested on; by default itself.
  var testSystem: Self { get }
  /// What tags call θ's numbers, one each; by default the names of θ's leaves.
  var parameterNames: [String] { get }
  /// What `nres loss-surface` draws of it; nil, as by default, for nothing.
  static var lossMap: LossMap? { get }
}

extension ListedSystem {
  public var testSystem: Self { self }

  public var parameterNames: [String] {
    layout.leaves.flatMap { leaf in
      leaf.count == 1 ? [leaf.name] : (0..<leaf.count).map { "\(leaf.name)[\($0)]" }
    }
  }

  public static var lossMap: LossMap? { nil }
}

/// Where the loss of a system with two parameters is worth looking at.
public struct LossMap: Sendable {
  /// The parameters' names, as those of θ's leaves.
  public var names: [String]
  /// The grid's range of each.
  public var ranges: [ClosedRange<Double>]
  /// What a parameter can be at all.
  public var limits: ClosedRange<Double>
  /// Where training starts.
  public var start: [Double]
  /// Where the loss is least.
  public var truth: [Double]
  /// The system's settings that can be given.
  public var settings: [String]
  /// Those that are always so.
  public var fixed: [String: String]

  /// All with two numbers, a parameter each.
  public init(
    names: [String], ranges: [ClosedRange<Double>], limits: ClosedRange<Double>, start: [Double],
    truth: [Double], settings: [String] = [], fixed: [String: String] = [:]
  ) {
    precondition(
      [names.count, ranges.count, start.count, truth.count].allSatisfy { $0 == 2 },
      "two parameters")
    self.names = names
    self.ranges = ranges
    self.limits = limits
    self.start = start
    self.truth = truth
    self.settings = settings
    self.fixed = fixed
  }
}

/// The dynamical systems there are.
public enum SystemCatalogue {
  /// All of them, in the order of listings.
  public static let all: [any ListedSystem.Type] = [Lorenz.self]
}
