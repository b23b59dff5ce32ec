/// What is wrong with a dataset or with what was asked of it: one line that names the file and what
/// would be right.
public struct DatasetError: Error, CustomStringConvertible, Hashable, Sendable {
  /// The sort of trouble; its raw value is the exit status that `sysexits.h` gives it.
  public enum Kind: Int32, Sendable {
    /// Something was asked for that cannot be.
    case usage = 64
    /// A file's content is not what it should be.
    case dataError = 65
    /// A file is missing or cannot be opened.
    case noInput = 66
    /// Reading an open file failed.
    case ioError = 74
  }

  /// The sort of trouble.
  public var kind: Kind
  /// The file or folder, as the caller named it, or the flag.
  public var subject: String
  /// What is wrong with it.
  public var cause: String

  init(_ kind: Kind, _ subject: String, _ cause: String) {
    self.kind = kind
    self.subject = subject
    self.cause = cause
  }

  /// `file: cause` or `--flag cause`, on one line.
  public var description: String {
    let name = subject.unicodeScalars.map {
      $0.value < 32 || $0.value == 127 ? $0.escaped(asASCII: true) : String($0)
    }
    return name.joined() + (kind == .usage ? " " : ": ") + cause
  }
}
