import Parameters

/// θ as CSV: a line an iteration, a column a value, under the header
/// `iteration,"linear/w[0,0]","linear/w[0,1]",…`.
enum ThetaTable {
  static let firstColumn = "iteration,"
  /// What spreadsheets begin a text in UTF-8 with.
  static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
  /// A table that is larger is not read, in bytes.
  private static let largest = 1 << 28
  /// More columns than this are not believed.
  private static let mostColumns = 1 << 20

  /// The bytes of a table whose numbers are the shortest that read back as the same values.
  static func encoded(
    _ rows: LeafRows, for path: String
  ) throws(RecordError) -> [UInt8] {
    var text = "iteration"
    for leaf in rows.layout.leaves {
      guard !leaf.name.hasSuffix("]"), printable(leaf.name) == leaf.name else {
        throw RecordError(.cannotCreate, path, "\(quoted(leaf.name)) cannot be a column of CSV")
      }
      for element in 0..<leaf.count {
        text += "," + csvField(leaf.valueName(element))
      }
    }
    guard rows.layout.count < mostColumns else {
      throw RecordError(
        .cannotCreate, path,
        "\(rows.layout.count) values are too many columns of CSV: choose another format")
    }
    text += "\n"
    for (iteration, row) in zip(rows.iterations, rows.rows) {
      text += "\(iteration)"
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
    var progression = Progression()
    while true {
      let line = reader.line
      guard let fields = reader.next(limit: header.count) else { break }
      guard fields.count == header.count else {
        throw invalid("line \(line) has not the \(header.count) fields of the first line")
      }
      guard let iteration = Int(fields[0]), (0..<Int.max).contains(iteration) else {
        throw invalid("line \(line) begins with \(quoted(fields[0])), not with an iteration")
      }
      guard progression.append(iteration) else {
        throw invalid("line \(line) is of iteration \(iteration), which does not come next")
      }
      for (field, column) in zip(fields.dropFirst(), columns) {
        guard let value = Float(field) else {
          throw invalid("line \(line): \(quoted(column)) is \(quoted(field)), not a number")
        }
        values.append(value)
      }
    }
    guard let iterations = progression.iterations else { throw invalid("holds no rows") }
    let starts = Dictionary(uniqueKeysWithValues: arrays.map { ($0.name, $0.start) })
    let layout = ParameterLayout(arrays.map { ParameterLeaf(name: $0.name, shape: $0.shape) })
    return LoadedTheta(
      path: file.path, format: .csv, layout: layout, iterations: iterations,
      values: values,
      places: layout.leaves.map { (starts[$0.name, default: 0], columns.count) })
  }

  /// Iterations of lines that follow each other at one distance, the last perhaps at a shorter one.
  private struct Progression {
    private var (first, previous, count) = (0, 0, 0)
    private var every: Int?
    private var isOver = false

    /// Takes the next line's iteration; false if it cannot be.
    mutating func append(_ iteration: Int) -> Bool {
      let distance = iteration - previous
      if count == 0 {
        first = iteration
      } else {
        every = every ?? distance
        guard let every, every > 0, (1...every).contains(distance), !isOver else { return false }
        isOver = distance < every
      }
      previous = iteration
      count += 1
      return true
    }

    /// What they are, counted from the first line's; nil without lines.
    var iterations: KeptIterations? {
      count == 0 ? nil : KeptIterations(every: every ?? 1, final: previous - first)
    }
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
