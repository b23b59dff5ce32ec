/// What went wrong with a run's file: one line that names the file and the cause.
package struct RecordError: Error, CustomStringConvertible, Hashable, Sendable {
  /// The sort of trouble; its raw value is the exit status that `sysexits.h` gives it.
  package enum Kind: Int32, Sendable {
    /// The file's content is not what it should be.
    case dataError = 65
    /// The file is missing or cannot be opened for reading.
    case noInput = 66
    /// The file cannot be made: no such folder, no permission, no space.
    case cannotCreate = 73
    /// Reading or writing an open file failed.
    case ioError = 74
  }

  /// The sort of trouble.
  package var kind: Kind
  /// The file, as the caller named it.
  package var path: String
  /// What is wrong with it.
  package var cause: String

  /// An error about the file `path`.
  package init(_ kind: Kind, _ path: String, _ cause: String) {
    self.kind = kind
    self.path = path
    self.cause = cause
  }

  /// `path: cause`, on one line.
  package var description: String { printable(path) + ": " + cause }
}

/// `text` without control characters, so that a message stays on one line.
package func printable(_ text: String) -> String {
  text.unicodeScalars.reduce(into: "") { result, scalar in
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate:
      result += scalar.escaped(asASCII: true)
    default: result.unicodeScalars.append(scalar)
    }
  }
}

/// `text` in quotes for a message, cut where it is long.
package func quoted(_ text: String) -> String {
  let limit = 60
  let start = String(text.unicodeScalars.prefix(limit))
  return "'" + printable(start) + (start.utf8.count < text.utf8.count ? "…'" : "'")
}
