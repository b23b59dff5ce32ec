import Parameters

/// θ as CSV: a line an iteration, a column a value, under the header
/// `iteration,"linear/w[0,0]","linear/w[0,1]",…`.
enum ThetaTable {
  static let firstColumn = "iteration,"
  /// A table that is larger is not read, in bytes.
  private static let largest = 1 << 28
  /// More columns than this are not believed.
  private static let mostColumns = 1 << 20

  /// The bytes of a table whose numbers are the shortest that read back as the same values.
  static func encoded(
    _ rows: LeafRows, firstIteration: Int, for path: String
  ) throws(RecordError) -> [UInt8] {
    var text = "iteration"
    for leaf in rows.layout.leaves {
      guard !leaf.name.hasSuffix("]"), printable(leaf.name) == leaf.name else {
        throw RecordError(.cannotCreate, path, "\(quoted(leaf.name)) cannot be a column of CSV")
      }
      for element in 0..<leaf.count {
        text += "," + field(leaf.valueName(element))
      }
    }
    guard rows.layout.count < mostColumns else {
      throw RecordError(
        .cannotCreate, path,
        "\(rows.layout.count) values are too many columns of CSV: choose another format")
    }
    text += "\n"
    for (index, row) in rows.rows.enumerated() {
      text += "\(firstIteration + index)"
      for value in row { text += ",\(value)" }
      text += "\n"
    }
    return Array(text.utf8)
  }

  static func read(_ file: OpenFile) throws(RecordError) -> LoadedTheta {
    func invalid(_ cause: String) -> RecordError { RecordError(.dataError, file.path, cause) }

    let bytes = try file.contents(limit: largest)
    guard bytes.last == UInt8(ascii: "\n") else {
      throw invalid("is truncated: its last line does not end")
    }
    var reader = LineReader(bytes: bytes)
    let header = reader.next(limit: mostColumns) ?? []
    guard header.count <= mostColumns else { throw invalid("has more than \(mostColumns) columns") }
    let columns = Array(header.dropFirst())
    let arrays = try leaves(of: columns, invalid)
    guard !arrays.isEmpty else { throw invalid("has no column of a leaf") }

    var values: [Float] = []
    var first: Int?
    var rowCount = 0
    while true {
      let line = reader.line
      guard let fields = reader.next(limit: header.count) else { break }
      guard fields.count == header.count else {
        throw invalid("line \(line) has not the \(header.count) fields of the first line")
      }
      guard let iteration = Int(fields[0]), iteration >= 0 else {
        throw invalid("line \(line) begins with \(quoted(fields[0])), not with an iteration")
      }
      guard iteration - (first ?? iteration) == rowCount else {
        throw invalid("line \(line) is of iteration \(iteration), which does not come next")
      }
      first = first ?? iteration
      rowCount += 1
      for (field, column) in zip(fields.dropFirst(), columns) {
        guard let value = Float(field) else {
          throw invalid("line \(line): \(quoted(column)) is \(quoted(field)), not a number")
        }
        values.append(value)
      }
    }
    guard rowCount > 0 else { throw invalid("holds no rows") }
    let starts = Dictionary(uniqueKeysWithValues: arrays.map { ($0.name, $0.start) })
    let layout = ParameterLayout(arrays.map { ParameterLeaf(name: $0.name, shape: $0.shape) })
    return LoadedTheta(
      path: file.path, format: .csv, layout: layout, rowCount: rowCount,
      bytes: values.withUnsafeBytes { Array($0) },
      places: layout.leaves.map { (4 * starts[$0.name, default: 0], 4 * columns.count) })
  }

  /// The leaves whose values the columns name, and the column at which each starts.
  private static func leaves(
    of columns: [String], _ invalid: (String) -> RecordError
  ) throws(RecordError) -> [StoredArray] {
    var arrays: [StoredArray] = []
    var names = Set<String>()
    var start = 0
    while start < columns.count {
      let name = leafName(columns[start])
      let end = columns[start...].firstIndex { leafName($0) != name } ?? columns.count
      guard names.insert(name).inserted else { throw invalid("\(quoted(name)) occurs twice") }
      guard let shape = shape(endingAt: columns[end - 1]), let count = byteCount(of: shape),
        count == 4 * (end - start),
        case let leaf = ParameterLeaf(name: name, shape: shape),
        (start..<end).allSatisfy({ columns[$0] == leaf.valueName($0 - start) })
      else {
        throw invalid("the columns of leaf \(quoted(name)) are not all values of an array in order")
      }
      arrays.append(StoredArray(name: name, shape: shape, start: start))
      start = end
    }
    return arrays
  }

  private static func leafName(_ column: String) -> String {
    guard column.hasSuffix("]"), let bracket = column.lastIndex(of: "[") else { return column }
    return String(column[..<bracket])
  }

  /// The shape of a leaf whose last value is `column`; nil if that cannot be.
  private static func shape(endingAt column: String) -> [Int]? {
    let indices = column.dropFirst(leafName(column).count).dropFirst().dropLast()
    guard !indices.isEmpty else { return [] }
    let parts = indices.split(separator: ",", omittingEmptySubsequences: false)
    let axes = parts.compactMap { Int($0) }.filter { $0 >= 0 && $0 < mostColumns }.map { $0 + 1 }
    return axes.count == parts.count && axes.count <= ThetaFormat.mostAxes ? axes : nil
  }
}
