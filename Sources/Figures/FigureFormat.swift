/// What a figure is written as.
package enum FigureFormat: String, CaseIterable, Sendable {
  case png, svg, pdf

  /// The format that the end of a file's name says, in small letters or large; nil for another.
  package init?(path: String) {
    let name = path.split(separator: "/").last ?? ""
    guard let dot = name.lastIndex(of: ".") else { return nil }
    self.init(rawValue: name[name.index(after: dot)...].lowercased())
  }
}

/// A figure that could not be made, for want of memory.
package struct FigureError: Error, CustomStringConvertible, Hashable, Sendable {
  /// What cairo says about it.
  package let cause: String

  package var description: String { "the figure could not be drawn: \(cause)" }
}

/// What is drawn on one page: the same figure has the same bytes each time, on one machine.
package protocol Figure: Sendable {
  /// The content of a file.
  func bytes(as format: FigureFormat) throws(FigureError) -> [UInt8]
}
