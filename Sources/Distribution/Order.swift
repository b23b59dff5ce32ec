package import Randomness
package import Snapshots

/// What the first process tells the others to do; each of these answers by what it gathers.
package enum Order: Sendable {
  /// Nothing is left to do.
  case end
  /// Make the run's task; the text is its settings.
  case open(String)
  /// Begin a microbatch's particles, or take up those of a saved state; the first `shares` processes do.
  case begin(microbatch: Int, shares: Int, theta: [Float], key: PRNGKey, state: Snapshot?)
  /// Run a window of a microbatch.
  case window(microbatch: Int, keepsState: Bool, theta: [Float], key: PRNGKey)
  /// Take back the last window.
  case goBack(microbatch: Int)
  /// Tell the state.
  case snapshot(microbatch: Int)
  /// Evaluate θ with the three keys of an iteration.
  case evaluate(theta: [Float], keys: [PRNGKey])
  /// Start programs and wait for their ends; the text says which.
  case launch(String)

  package var bytes: [UInt8] {
    var writer = ByteWriter()
    switch self {
    case .end: writer.write(UInt8(0))
    case .open(let settings):
      writer.write(UInt8(1))
      writer.write(settings)
    case .begin(let microbatch, let shares, let theta, let key, let state):
      writer.write(UInt8(2))
      writer.write(microbatch)
      writer.write(shares)
      writer.write(theta)
      writer.write(key)
      writer.write(state?.bytes ?? [])
    case .window(let microbatch, let keepsState, let theta, let key):
      writer.write(UInt8(3))
      writer.write(microbatch)
      writer.write(keepsState ? UInt8(1) : 0)
      writer.write(theta)
      writer.write(key)
    case .goBack(let microbatch):
      writer.write(UInt8(4))
      writer.write(microbatch)
    case .snapshot(let microbatch):
      writer.write(UInt8(5))
      writer.write(microbatch)
    case .evaluate(let theta, let keys):
      writer.write(UInt8(6))
      writer.write(theta)
      writer.write(keys.count)
      for key in keys { writer.write(key) }
    case .launch(let programs):
      writer.write(UInt8(7))
      writer.write(programs)
    }
    return writer.bytes
  }

  /// - Throws: `ByteReader.TooShort` for bytes that are no order.
  package init(_ bytes: [UInt8]) throws {
    var reader = ByteReader(bytes)
    switch try reader.read(UInt8.self) {
    case 0: self = .end
    case 1: self = .open(try reader.readText())
    case 2:
      let microbatch = try reader.readInt()
      let shares = try reader.readInt()
      let theta = try reader.readFloats()
      let key = try reader.readKey()
      let state = try reader.readBytes()
      self = .begin(
        microbatch: microbatch, shares: shares, theta: theta, key: key,
        state: state.isEmpty ? nil : try Snapshot(bytes: state))
    case 3:
      self = .window(
        microbatch: try reader.readInt(), keepsState: try reader.read(UInt8.self) == 1,
        theta: try reader.readFloats(), key: try reader.readKey())
    case 4: self = .goBack(microbatch: try reader.readInt())
    case 5: self = .snapshot(microbatch: try reader.readInt())
    case 6:
      let theta = try reader.readFloats()
      var keys: [PRNGKey] = []
      for _ in 0..<(try reader.readInt()) { keys.append(try reader.readKey()) }
      self = .evaluate(theta: theta, keys: keys)
    case 7: self = .launch(try reader.readText())
    default: throw ByteReader.TooShort()
    }
  }
}

extension ByteWriter {
  fileprivate mutating func write(_ key: PRNGKey) {
    write(key.word0)
    write(key.word1)
  }
}

extension ByteReader {
  fileprivate mutating func readKey() throws -> PRNGKey {
    PRNGKey(word0: try read(UInt32.self), word1: try read(UInt32.self))
  }
}
