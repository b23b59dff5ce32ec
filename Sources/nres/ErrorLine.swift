import Records

/// An error's text as one line that a terminal can show: characters that move the cursor or hide
/// others are escaped, what is very long is cut in its middle.
func errorLine(_ text: String) -> String {
  // By scalars: of `\r\n`, one character, only the second would be a space.
  let lines = text.unicodeScalars.split(separator: "\n").map { String($0) }
  let words = lines.joined(separator: " ").split(separator: " ", omittingEmptySubsequences: false)
  let line = words.map { cut(printable(String($0)), to: 300) }.joined(separator: " ")
  return cut(line, to: 4000)
}

/// `text`, of at most about `limit` characters.
private func cut(_ text: String, to limit: Int) -> String {
  guard text.unicodeScalars.count > limit else { return text }
  let scalars = text.unicodeScalars
  return String(scalars.prefix(limit * 2 / 3)) + "…" + String(scalars.suffix(limit / 3))
}
