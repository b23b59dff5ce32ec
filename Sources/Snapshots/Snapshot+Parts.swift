extension Snapshot {
  /// Takes in another value's snapshot, under a name that nothing has yet.
  public mutating func add(_ part: Snapshot, as name: String) {
    func inside(_ path: String) -> String { path.isEmpty ? name : "\(name)/\(path)" }
    let added = part.leaves.map { Leaf(name: inside($0.name), type: $0.type, bytes: $0.bytes) }
    self = Snapshot(
      leaves: leaves + added,
      counts: counts.merging(part.counts.map { (inside($0.key), $0.value) }) { $1 },
      texts: texts.merging(part.texts.map { (inside($0.key), $0.value) }) { $1 })
  }

  /// What was added under a name; empty where nothing was.
  public func part(_ name: String) -> Snapshot {
    func outside(_ path: String) -> String? {
      if path == name { return "" }
      return path.hasPrefix(name + "/") ? String(path.dropFirst(name.utf8.count + 1)) : nil
    }
    func chosen<Value>(_ values: [String: Value]) -> [String: Value] {
      Dictionary(
        values.compactMap { path, value in outside(path).map { ($0, value) } }
      ) { first, _ in first }
    }
    return Snapshot(
      leaves: leaves.compactMap { leaf in
        outside(leaf.name).map { Leaf(name: $0, type: leaf.type, bytes: leaf.bytes) }
      }, counts: chosen(counts), texts: chosen(texts))
  }
}
