/// An endless sequence of keys derived from one, haiku's `PRNGSequence` with reserve size 1.
public struct PRNGSequence: Hashable, Sendable {
  private var key: PRNGKey

  /// Makes the sequence that starts from `key`.
  public init(_ key: PRNGKey) {
    self.key = key
  }

  /// Returns the next key.
  public mutating func next() -> PRNGKey {
    let (remaining, subkey) = key.split()
    key = remaining
    return subkey
  }
}

extension PRNGSequence: Codable {
  /// Reads the key of what remains.
  public init(from decoder: any Decoder) throws {
    try self.init(PRNGKey(from: decoder))
  }

  /// Writes the key of what remains.
  public func encode(to encoder: any Encoder) throws {
    try key.encode(to: encoder)
  }
}
