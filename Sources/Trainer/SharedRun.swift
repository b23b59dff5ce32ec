import Datasets
package import Distribution
import Envs
import Foundation
import Parameters
import Randomness
import Records
package import Workers

/// What of a process decides a run's numbers, besides the settings: the same in all that share one.
package struct Introduction: Codable, Hashable, Sendable {
  /// The machine's name.
  package var host: String
  package var nres: String
  package var mujoco: String
  /// Bits of the C library's functions, which depend on its version and on the processor.
  package var mathematics: String
  /// The processors that it may run on.
  package var processors: String

  package init(host: String) {
    self.host = host
    nres = programVersion
    mujoco = mujocoVersion
    mathematics = mathematicsChecksum()
    processors = ProcessorCount.allowed
  }

  /// What the first process says of another that would not have its numbers; nil where it would.
  ///
  /// - Parameter rank: The other's.
  func difference(from first: Introduction, rank: Int) -> String? {
    let name = "process \(rank) on \(host)"
    if nres != first.nres {
      return
        "\(name) is nres \(nres), the first one \(first.nres): start the same version everywhere"
    }
    if mujoco != first.mujoco {
      return
        "\(name) has MuJoCo \(mujoco), the first one \(first.mujoco): install the same everywhere"
    }
    if mathematics != first.mathematics {
      return
        "\(name) computes other bits than the first one (its processor or C library is another): "
        + "use machines of one kind"
    }
    return nil
  }
}

/// CRC-32 of what functions of the C library give for some numbers.
private func mathematicsChecksum() -> String {
  var checksum = Checksum()
  for index in 1...500 {
    let x = Double(index) * 0.037
    let doubles = [sin(x), cos(x), exp(-x), log(x), pow(x, 1.7), tanh(x), atan2(x, 3), sqrt(x)]
    let y = Float(x)
    let floats = [exp(-y), tanh(y), pow(y, 0.3), log(y), sin(y), cos(y)]
    doubles.withUnsafeBytes { checksum.add($0) }
    floats.withUnsafeBytes { checksum.add($0) }
  }
  return checksum.text
}

extension Exchange {
  /// Has all processes tell what they are.
  ///
  /// - Returns: What each is, in all processes.
  /// - Throws: `DistantError` in the first process where one would not have its numbers.
  package func introduce(_ own: Introduction) throws -> [Introduction] {
    let answers = try gather(JSONEncoder().encode(own).map(\.self))
    var all: [Introduction] = []
    if rank == 0 {
      all = try answers.map { try JSONDecoder().decode(Introduction.self, from: Data($0)) }
    }
    let text = try broadcast(rank == 0 ? Array(JSONEncoder().encode(all)) : [])
    all = try JSONDecoder().decode([Introduction].self, from: Data(text))
    let differences = all.enumerated().lazy.compactMap { $1.difference(from: all[0], rank: $0) }
    if rank == 0, let difference = differences.first { throw DistantError(difference) }
    ProcessorCount.share(with: all.count { $0.host == own.host && $0.processors == own.processors })
    return all
  }
}

extension TrainingPlan {
  /// Has the other processes make the run's task, where there are any.
  ///
  /// - Parameter application: This process's.
  /// - Throws: What keeps another from it, or says what it has read that is not what this one has.
  package func open(_ application: any Application) throws {
    guard let exchange = pool.exchange else { return }
    let text = try JSONEncoder().encode(settings.withAbsolutePaths.withoutOrigin.texts)
    try exchange.order(.open(String(decoding: text, as: UTF8.self)))
    var own: [String: String] = [:]
    let answers = try exchange.gather {
      own = try facts(of: application)
      return []
    }
    for (rank, answer) in answers.enumerated().dropFirst() {
      let facts = try JSONDecoder().decode([String: String].self, from: Data(answer))
      if let name = own.keys.sorted().first(where: { facts[$0] != own[$0] }) {
        throw DistantError(
          "process \(rank) has another \(name) than the first one: put the same files on all machines"
        )
      }
    }
  }

  /// What has been read, by names for people.
  fileprivate func facts(of application: any Application) throws -> [String: String] {
    var facts = application.inputs.mapValues(\.crc32)
    if let model = settings["model"] { facts["model"] = RunInput(of: ModelFiles(model)).crc32 }
    if let robot = settings.robotFile {
      facts["robot"] = RunInput(of: ModelFiles(of: try Robot(path: robot))).crc32
    }
    facts["θ"] = application.layout.leaves.map { "\($0.name)\($0.shape)" }.joined(separator: " ")
    return facts
  }
}

extension Companion {
  /// One that works on whatever run the first process opens.
  ///
  /// - Parameters:
  ///   - program: This one.
  ///   - cancellation: Asked while it works.
  package init(_ exchange: any Exchange, program: String, cancellation: Cancellation) {
    self.init(exchange) { text in
      let texts = try JSONDecoder().decode([String: String].self, from: Data(text.utf8))
      let plan = try TrainingPlan(
        RunSettings(texts), cancellation: cancellation, exchange: exchange)
      let application = try plan.makeApplication()
      let work = Work(
        makeEstimator: { theta, key, state, share in
          try application.makeEstimator(
            plan, theta: theta, key: key, pool: plan.pool, state: state, share: share)
        },
        evaluate: { theta, keys in
          let keys = IterationKeys(test: keys[0], smoothed: keys[1], update: keys[2])
          _ = try application.evaluate(plan, theta: theta, keys: keys, pool: plan.pool)
        })
      return (work, Array(try JSONEncoder().encode(plan.facts(of: application))))
    } launch: { programs in
      try ChildRuns.obey(
        programs, program: program, exchange: exchange,
        isCancelled: { (try? cancellation.check()) == nil })
    }
  }
}
