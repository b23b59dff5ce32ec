extension Collection {
  /// The entry called `name`, capital or small letters.
  ///
  /// - Parameters:
  ///   - kind: What the entries are, for the error: `environment`.
  ///   - id: An entry's name.
  /// - Throws: `UnknownName` with the nearest name and the list.
  public func named(
    _ name: String, kind: String, by id: (Element) -> String
  ) throws(UnknownName) -> Element {
    for entry in self where id(entry).lowercased() == name.lowercased() { return entry }
    throw UnknownName(kind: kind, name: name, choices: map(id))
  }
}

/// `a, b or c`.
public func alternatives(_ names: [String]) -> String {
  guard let last = names.last, names.count > 1 else { return names.joined() }
  return names.dropLast().joined(separator: ", ") + " or " + last
}
