extension HeaderParser {
  /// What lies before a safetensors file's values, and where they are.
  struct Header {
    var parser: HeaderParser
    /// Bytes before the values.
    var dataOffset: Int
    /// Bytes of the values.
    var dataSize: Int
  }

  /// Reads the header of a file; what tensors it may have is the caller's to check.
  static func parse(_ file: OpenFile) throws(RecordError) -> Header {
    func invalid(_ cause: String) -> RecordError { RecordError(.dataError, file.path, cause) }

    let size = try file.size()
    guard size > 0 else { throw invalid("is empty; a safetensors file was expected") }
    guard size > 8 else { throw invalid("is no safetensors file: it has only \(size) bytes") }
    let start = try file.bytes(at: 0, count: 9)
    guard start[8] == UInt8(ascii: "{") else {
      throw invalid("is no safetensors file: its header does not start with '{'")
    }
    let announced = start[..<8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard announced <= UInt64(SafetensorsHeader.longest) else {
      throw invalid("is no safetensors file: it announces a header of \(announced) bytes")
    }
    let length = Int(announced)
    guard length <= size - 8 else {
      throw invalid("is truncated: its header ends at byte \(8 + length), the file at \(size)")
    }
    let json = try file.bytes(at: 8, count: length)
    let parser: HeaderParser
    do throws(HeaderParser.Failure) {
      parser = try HeaderParser(json)
    } catch {
      throw invalid("has a bad header: \(error.cause), at byte \(8 + error.position)")
    }
    return Header(parser: parser, dataOffset: 8 + length, dataSize: size - 8 - length)
  }
}

/// `text` as JSON has it.
func jsonString(_ text: String) -> String {
  let body = text.unicodeScalars.reduce(into: "") { result, scalar in
    switch scalar {
    case "\"": result += "\\\""
    case "\\": result += "\\\\"
    case "\0"..<" ":
      let digits = String(scalar.value, radix: 16)
      result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    default: result.unicodeScalars.append(scalar)
    }
  }
  return "\"\(body)\""
}
