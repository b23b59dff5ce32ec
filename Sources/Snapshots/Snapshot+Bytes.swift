extension Snapshot {
  /// The snapshot in bytes, to be sent; in files it is a safetensors file.
  public var bytes: [UInt8] {
    var writer = ByteWriter()
    writer.write(leaves.count)
    for leaf in leaves {
      writer.write(leaf.name)
      writer.write(leaf.type.rawValue)
      writer.write(leaf.bytes)
    }
    writer.write(counts.count)
    for (name, runs) in counts.sorted(by: { $0.key < $1.key }) {
      writer.write(name)
      writer.write(runs.flatMap { [$0.value, $0.times] })
    }
    writer.write(texts.count)
    for (name, texts) in texts.sorted(by: { $0.key < $1.key }) {
      writer.write(name)
      writer.write(texts.count)
      for text in texts { writer.write(text) }
    }
    return writer.bytes
  }

  /// Reads what ``bytes`` gave.
  ///
  /// - Throws: ``ByteReader/TooShort`` for other bytes.
  public init(bytes: [UInt8]) throws {
    var reader = ByteReader(bytes)
    var leaves: [Leaf] = []
    for _ in 0..<(try reader.readInt()) {
      let name = try reader.readText()
      guard let type = NumberType(rawValue: try reader.readText()) else {
        throw ByteReader.TooShort()
      }
      leaves.append(Leaf(name: name, type: type, bytes: try reader.readBytes()))
    }
    var counts: [String: [Run]] = [:]
    for _ in 0..<(try reader.readInt()) {
      let name = try reader.readText()
      let numbers = try reader.readInts()
      guard numbers.count.isMultiple(of: 2) else { throw ByteReader.TooShort() }
      counts[name] = stride(from: 0, to: numbers.count, by: 2).map {
        Run(value: numbers[$0], times: numbers[$0 + 1])
      }
    }
    var texts: [String: [String]] = [:]
    for _ in 0..<(try reader.readInt()) {
      let name = try reader.readText()
      var found: [String] = []
      for _ in 0..<(try reader.readInt()) { found.append(try reader.readText()) }
      texts[name] = found
    }
    self.init(leaves: leaves, counts: counts, texts: texts)
  }
}
