import Foundation
import Records
import TestSupport
import Testing

@Suite struct ScalarLogTests {
  let scratch: TemporaryFolder
  let tags = [
    "loss/train", "", "a,b", "say \"hi\"", "\"", "two\nlines", "carriage\r\nreturn", "a\rb", "é",
  ]

  init() throws { scratch = try TemporaryFolder() }

  @Test func printsShortLinesAndQuotesOnlyWhereNeeded() throws {
    let path = scratch("scalars.csv")
    let log = try ScalarLog(path: path)
    try log.append(iteration: 0, tag: "loss", value: Float(0.1), wallSeconds: 1.5)
    try log.append(iteration: 1, tag: "a,\"b\"", value: 0.1 + 0.2, wallSeconds: 0)
    try log.append(iteration: -2, tag: "x", value: Float.nan, wallSeconds: 1e300)
    let text = try String(contentsOfFile: path, encoding: .utf8)
    #expect(
      text == """
        iteration,tag,value,wall_seconds
        0,loss,0.1,1.5
        1,"a,""b""\",0.30000000000000004,0.0
        -2,x,nan,1e+300

        """)
    #expect(try readScalars(path).map(\.tag) == ["loss", "a,\"b\"", "x"])
  }

  @Test func readsBackByUsAndByPython() throws {
    let path = scratch("scalars.csv")
    let log = try ScalarLog(path: path)
    var expected: [ScalarRow] = []
    for (index, tag) in tags.enumerated() {
      for value in [1.0 / 3, -.infinity, .leastNonzeroMagnitude, .greatestFiniteMagnitude, -0.0] {
        let row = ScalarRow(
          iteration: index * 1_000_000_007, tag: tag, value: value,
          wallSeconds: Double(index) / 7)
        try log.append(
          iteration: row.iteration, tag: tag, value: value, wallSeconds: row.wallSeconds)
        expected.append(row)
      }
    }
    try log.synchronize()
    #expect(try readScalars(path) == expected)

    struct Row: Decodable {
      var iteration: Int
      var tag: String
      var value: UInt64
      var wallSeconds: Double
    }
    let rows: [Row] = try Python.run(
      """
      import csv, json, struct, sys
      with open(sys.argv[1], newline="", encoding="utf-8") as file:
          print(json.dumps([{"iteration": int(row["iteration"]), "tag": row["tag"],
              "value": struct.unpack("<Q", struct.pack("<d", float(row["value"])))[0],
              "wallSeconds": float(row["wall_seconds"])} for row in csv.DictReader(file)]))
      """, path)
    let bits = rows.map { Double(bitPattern: $0.value) }
    #expect(
      zip(rows, bits).map {
        ScalarRow(
          iteration: $0.iteration, tag: $0.tag, value: $1, wallSeconds: $0.wallSeconds)
      } == expected)
  }

  /// Cut at any byte, the table holds the lines that are whole.
  @Test func aTornLastLineIsDropped() throws {
    let path = scratch("scalars.csv")
    let log = try ScalarLog(path: path)
    for (index, tag) in tags.enumerated() {
      try log.append(iteration: index, tag: tag, value: Float(index), wallSeconds: 12.25)
    }
    let whole = [UInt8](try Data(contentsOf: URL(filePath: path)))
    let rows = try readScalars(path)
    #expect(rows.count == tags.count)
    let header = ScalarLog.header.utf8.count + 1
    var counts = Set<Int>()
    for end in header...whole.count {
      let torn = try readScalars(try scratch.file("torn.csv", whole[..<end]))
      #expect(torn == Array(rows.prefix(torn.count)))
      counts.insert(torn.count)
      if end < whole.count { #expect(torn.count < rows.count) }
    }
    #expect(counts == Set(0...tags.count))
  }

  /// A piece ends anywhere in a line, in quotes too, and a line may be longer than a piece.
  @Test func longTablesAreReadInPieces() throws {
    let path = scratch("scalars.csv")
    let log = try ScalarLog(path: path)
    let long = String(repeating: "é,\"\n", count: 100_000)
    let expected = (0..<8_000).map { index in
      let tag = index == 4_000 ? long : tags[index % tags.count]
      return ScalarRow(
        iteration: index, tag: tag, value: Double(index) / 3, wallSeconds: Double(index))
    }
    try log.append(expected)
    #expect(try readScalars(path) == expected)
    #expect(
      try readScalars(path) { $0 == "a,b" || $0 == long }
        == expected.filter { $0.tag == "a,b" || $0.tag == long })
    try log.append(iteration: 0, tag: "x\ny", value: 1.0, wallSeconds: 1)
    let torn = try scratch.file(
      "torn.csv", Data(contentsOf: URL(filePath: path)) + Data("1,a,".utf8))
    #expect(try readScalars(torn).count == 8_001)
    let bad = try scratch.file(
      "bad.csv", Data(contentsOf: URL(filePath: path)) + Data("1,a,\n".utf8))
    let error = #expect(throws: RecordError.self) { try readScalars(bad) }
    let lines = try Data(contentsOf: URL(filePath: bad)).count { $0 == UInt8(ascii: "\n") }
    #expect(error?.cause.hasPrefix("line \(lines) is not") == true)
  }

  @Test func readsQuotesFromTheFirstLineOn() throws {
    let path = try scratch.file("x.csv", "\(ScalarLog.header)\n1,\"\"\"a\",1,1\n2,\"\",1,1\n".utf8)
    #expect(try readScalars(path).map(\.tag) == ["\"a", ""])
  }

  @Test func acceptsCarriageReturns() throws {
    let path = try scratch.file("x.csv", "\(ScalarLog.header)\r\n3,a,0.5,2\r\n".utf8)
    #expect(
      try readScalars(path) == [ScalarRow(iteration: 3, tag: "a", value: 0.5, wallSeconds: 2)])
  }

  @Test(arguments: [
    ("", "is empty"),
    ("a,b\n", "does not start with the line 'iteration,tag,value,wall_seconds'"),
    ("iteration,tag", "does not start with the line 'iteration,tag,value,wall_seconds'"),
    ("\(ScalarLog.header)\n1,\"a\nb\",1,1\nx,a,1,1\n", "line 4 is not"),
    ("\(ScalarLog.header)\n1,a,1\n", "line 2 is not"),
    ("\(ScalarLog.header)\n1,a,1,1,1\n", "line 2 is not"),
    ("\(ScalarLog.header)\n1,a,one,1\n", "'1,a,one,1'"),
    ("\(ScalarLog.header)\n1,a,1,\u{0}\n", #"'1,a,1,\0'"#),
  ]) func saysWhichLineIsBad(text: String, cause: String) throws {
    let path = try scratch.file("x.csv", text.utf8)
    let error = #expect(throws: RecordError.self) { try readScalars(path) }
    #expect(error?.kind == .dataError)
    #expect(error?.description.hasPrefix(path + ": ") == true)
    #expect(error?.cause.contains(cause) == true)
  }

  @Test func filesThatCannotBeOpenedAreErrors() throws {
    let below = try scratch.file("regular", [1]) + "/x"
    let reading = #expect(throws: RecordError.self) { try readScalars(scratch("missing")) }
    #expect(reading?.kind == .noInput)
    let writing = #expect(throws: RecordError.self) { try ScalarLog(path: below) }
    #expect(writing == RecordError(.cannotCreate, below, "not a directory"))
    let full = #expect(throws: RecordError.self) { try ScalarLog(path: "/dev/full") }
    #expect(
      full?.description
        == "/dev/full: no space left on device: free space or choose another folder")
    #expect(full?.kind == .ioError)
  }
}
