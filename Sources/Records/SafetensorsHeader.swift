import Parameters

/// The start of a safetensors file that holds one θ a row: the header's length (8 bytes, little-
/// endian), then JSON, then the tensors' values.
struct SafetensorsHeader: Sendable {
  /// The leaves, without the axis of rows.
  var layout: ParameterLayout
  /// The leading axis of every tensor.
  var rowCapacity: Int
  /// Of the rows written so far.
  var iterations: KeptIterations
  /// The metadata without what says the rows and their iterations.
  var metadata: [String: String]
  /// Where each leaf's tensor starts in the file, in the layout's order.
  var tensorOffsets: [Int]

  /// The name that stands for the metadata among the tensors' names.
  static let metadataName = "__metadata__"
  /// Keys of the metadata: how many rows are written, and, where not every iteration has one, which
  /// iterations do.
  static let (rowsKey, finalKey, everyKey) = ("rows", "last-iteration", "theta-every")
  /// Tells that these keys are ours: `rows` may be a word of other programs too.
  static let (writerKey, writer) = ("written-by", "nres")
  static let ownKeys: Set = [rowsKey, finalKey, everyKey, writerKey]
  /// A header longer than this is not believed.
  static let longest = 100_000_000
}

// MARK: Writing

extension SafetensorsHeader {
  /// The bytes before the first value of `layout`'s tensors.
  ///
  /// - Parameter whole: What the file has room for.
  /// - Returns: The bytes, and the place in them that `progress` is written to.
  static func encoded(
    _ layout: ParameterLayout, keeping whole: KeptIterations, metadata: [String: String]
  ) -> (bytes: [UInt8], progressOffset: Int) {
    let rowCapacity = whole.count
    let start = #"{"__metadata__":{"#
    var json = start + progress(whole.first(0), of: whole)
    if whole.every > 1 { json += #","\#(everyKey)":"\#(whole.every)""# }
    json += #","\#(writerKey)":"\#(writer)""#
    for (key, value) in metadata.sorted(by: { $0.key < $1.key }) {
      json += ",\(jsonString(key)):\(jsonString(value))"
    }
    json += "}"
    for (index, leaf) in layout.leaves.enumerated() {
      let shape = ([rowCapacity] + leaf.shape).map(String.init).joined(separator: ",")
      let range = layout.range(ofLeaf: index)
      let offsets = [range.lowerBound, range.upperBound].map { String($0 * rowCapacity * 4) }
        .joined(separator: ",")
      json += ",\(jsonString(leaf.name)):"
      json += #"{"dtype":"F32","shape":[\#(shape)],"data_offsets":[\#(offsets)]}"#
    }
    json += "}"
    json += String(repeating: " ", count: (8 - json.utf8.count % 8) % 8)
    let length = withUnsafeBytes(of: UInt64(json.utf8.count).littleEndian, Array.init)
    return (length + Array(json.utf8), length.count + start.utf8.count)
  }

  /// The same with `rows` written.
  static func encoded(
    _ layout: ParameterLayout, keeping whole: KeptIterations, rows: KeptIterations,
    metadata: [String: String]
  ) -> [UInt8] {
    var (bytes, offset) = encoded(layout, keeping: whole, metadata: metadata)
    let progress = progress(rows, of: whole).utf8
    bytes.replaceSubrange(offset..<offset + progress.count, with: progress)
    return bytes
  }

  /// A whole file of `rows`.
  ///
  /// - Parameter isSingle: whether it is a file of one θ, which notes its iteration in its metadata.
  static func encoded(
    _ rows: LeafRows, isSingle: Bool, keeping iterations: KeptIterations,
    metadata: [String: String], for path: String
  ) throws(RecordError) -> [UInt8] {
    guard rows.layout.range(of: metadataName) == nil else {
      throw RecordError(.cannotCreate, path, "'\(metadataName)' cannot be a leaf's name")
    }
    var metadata = metadata
    metadata["iteration"] = isSingle ? "\(rows.iterations[0])" : nil
    let kept = isSingle ? .all(1) : iterations
    var bytes = encoded(rows.layout, keeping: kept, rows: kept, metadata: metadata)
    for index in rows.layout.leaves.indices { bytes += rows.bytes(ofLeaf: index) }
    return bytes
  }

  /// What of the metadata changes while rows are written, in a width that does not, so that it can
  /// be written again in place, with one write.
  static func progress(_ iterations: KeptIterations, of whole: KeptIterations) -> String {
    func field(_ key: String, _ number: Int, of most: Int) -> String {
      let (number, most) = ("\(number)", "\(most)")
      let spaces = String(repeating: " ", count: most.utf8.count - number.utf8.count)
      return "\"\(key)\":\"\(number)\"\(spaces)"
    }
    let rows = field(rowsKey, iterations.count, of: whole.count)
    guard whole.every > 1 else { return rows }
    return rows + "," + field(finalKey, iterations.final, of: whole.final)
  }
}

// MARK: Reading

extension SafetensorsHeader {
  /// Reads and checks everything before the values, and that the values fill the file.
  ///
  /// - Parameter isOwn: Whether the metadata's keys are this program's.
  init(of file: OpenFile, isOwn: Bool = true) throws(RecordError) {
    var header = try HeaderParser.parse(file)
    if !isOwn { header.parser.metadata = [:] }
    try self.init(
      header.parser, dataSize: header.dataSize, dataOffset: header.dataOffset
    ) { RecordError(.dataError, file.path, $0) }
  }

  /// Whether this program wrote the file. Where it does not say so, as those of version 0.1 do not, it
  /// counts rows as they do.
  static func isOwn(_ parser: HeaderParser, hasIterations: Bool) -> Bool {
    if parser.metadata[writerKey] == writer { return true }
    guard let rows = parser.metadata[rowsKey].flatMap({ Int($0) }),
      let capacity = parser.tensors.first?.shape.first
    else { return false }
    return hasIterations && (0...capacity).contains(rows)
  }

  private init(
    _ parser: HeaderParser, dataSize: Int, dataOffset: Int, _ invalid: (String) -> RecordError
  ) throws(RecordError) {
    guard let first = parser.tensors.first else { throw invalid("holds no tensor") }
    guard let capacity = first.shape.first else {
      throw invalid("tensor \(quoted(first.name)) has no axis of iterations")
    }
    guard capacity > 0 else { throw invalid("tensor \(quoted(first.name)) has no rows") }
    for tensor in parser.tensors {
      try Self.check(tensor, rowCapacity: capacity, dataSize: dataSize, invalid)
    }
    try Self.checkCoverage(parser.tensors, dataSize: dataSize, invalid)

    iterations = try Self.iterations(parser.metadata, capacity: capacity, invalid)
    let begins = Dictionary(uniqueKeysWithValues: parser.tensors.map { ($0.name, $0.begin) })
    layout = ParameterLayout(
      parser.tensors.map { ParameterLeaf(name: $0.name, shape: Array($0.shape.dropFirst())) })
    rowCapacity = capacity
    metadata = parser.metadata.filter { !Self.ownKeys.contains($0.key) }
    tensorOffsets = layout.leaves.map { dataOffset + begins[$0.name, default: 0] }
  }

  /// Which iterations the rows are of that are there.
  private static func iterations(
    _ metadata: [String: String], capacity: Int, _ invalid: (String) -> RecordError
  ) throws(RecordError) -> KeptIterations {
    /// The number of `key` in the range, nil if there is none.
    func number(
      _ key: String, _ range: ClosedRange<Int>, _ what: String
    ) throws(RecordError) -> Int? {
      guard let text = metadata[key] else { return nil }
      guard let number = Int(text), String(number) == text, range.contains(number) else {
        throw invalid("its metadata says \(quoted(text)) \(what)")
      }
      return number
    }
    let rows =
      try number(rowsKey, 0...capacity, "rows; 0 to \(capacity) are possible") ?? capacity
    let every = try number(everyKey, 1...(.max), "for \(everyKey); a positive number was expected")
    let final = try number(finalKey, 0...(.max - 1), "for \(finalKey); a number was expected")
    switch (every, final) {
    case (nil, nil): return .all(rows)
    case (let every?, let final?):
      let whole = KeptIterations(every: every, final: final)
      guard rows <= whole.count else {
        throw invalid(
          "its metadata says \(rows) rows; every \(every) of \(final) iterations makes \(whole.count)"
        )
      }
      return whole.first(rows)
    case (_?, nil): throw invalid("its metadata says \(everyKey), but not \(finalKey)")
    case (nil, _?): throw invalid("its metadata says \(finalKey), but not \(everyKey)")
    }
  }

  /// Checks one tensor's type, axes and place.
  private static func check(
    _ tensor: TensorEntry, rowCapacity: Int, dataSize: Int, _ invalid: (String) -> RecordError
  ) throws(RecordError) {
    func bad(_ cause: String) -> RecordError { invalid("tensor \(quoted(tensor.name)) \(cause)") }

    guard tensor.type == "F32" else { throw bad("has type \(quoted(tensor.type)), not 'F32'") }
    guard tensor.shape.first == rowCapacity else {
      let axis = tensor.shape.first.map(String.init) ?? "none"
      throw bad("has a leading axis of \(axis), the first tensor one of \(rowCapacity)")
    }
    guard !tensor.shape.contains(0) else {
      throw bad("has an empty axis: its shape is \(tensor.shape)")
    }
    try checkPlace(of: tensor, elementSize: 4, dataSize: dataSize, invalid)
  }

  /// Checks that one tensor has as many bytes as its shape asks for, within the file.
  static func checkPlace(
    of tensor: TensorEntry, elementSize: Int, dataSize: Int, _ invalid: (String) -> RecordError
  ) throws(RecordError) {
    func bad(_ cause: String) -> RecordError { invalid("tensor \(quoted(tensor.name)) \(cause)") }

    guard tensor.begin <= tensor.end else { throw bad("ends before it begins") }
    guard tensor.end <= dataSize else {
      throw invalid(
        "is truncated: tensor \(quoted(tensor.name)) ends at byte \(tensor.end) of the values, "
          + "which are \(dataSize)")
    }
    guard let bytes = byteCount(of: tensor.shape, size: elementSize) else {
      throw bad("has too large a shape")
    }
    guard bytes == tensor.end - tensor.begin else {
      throw bad("has \(tensor.end - tensor.begin) bytes where its shape asks for \(bytes)")
    }
  }

  /// Checks that the tensors follow each other and fill the file.
  static func checkCoverage(
    _ tensors: [TensorEntry], dataSize: Int, _ invalid: (String) -> RecordError
  ) throws(RecordError) {
    var end = 0
    // One without values may lie where another begins.
    for tensor in tensors.sorted(by: { ($0.begin, $0.end) < ($1.begin, $1.end) }) {
      guard tensor.begin == end else {
        throw invalid(
          "tensor \(quoted(tensor.name)) begins at byte \(tensor.begin) of the values; "
            + "\(end) was expected"
        )
      }
      end = tensor.end
    }
    guard end == dataSize else {
      throw invalid("its last tensor ends at byte \(end) of the values, which are \(dataSize)")
    }
  }
}
