/// All environments. A new one is a line here.
public enum EnvironmentCatalogue {
  public static let all: [any Environment.Type] = [
    HalfCheetah.self,
    Swimmer.self,
  ]

  /// Finds an environment by its id.
  ///
  /// - Throws: ``EnvironmentError/unknownEnvironment(name:nearest:known:)``.
  public static func named(_ name: String) throws(EnvironmentError) -> any Environment.Type {
    if let environment = all.first(where: { $0.spec.id == name }) { return environment }
    let known = all.map { $0.spec.id }
    let nearest = known.min { distance($0, name) < distance($1, name) } ?? ""
    throw .unknownEnvironment(name: name, nearest: nearest, known: known)
  }

  /// Letters to insert, delete or replace between two words (Levenshtein's distance).
  private static func distance(_ first: String, _ second: String) -> Int {
    let first = Array(first.lowercased())
    let second = Array(second.lowercased())
    var row = Array(0...second.count)
    for (i, letter) in first.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, other) in second.enumerated() {
        let replaced = diagonal + (letter == other ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = min(replaced, diagonal + 1, row[j] + 1)
      }
    }
    return row[second.count]
  }
}
