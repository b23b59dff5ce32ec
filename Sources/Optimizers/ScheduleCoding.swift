extension Schedule: Codable {
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    do throws(Flaw) {
      try self.init(text: text[...])
    } catch {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: error.reason)
    }
  }

  /// Coded as its text, so that what is read back has been checked.
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
