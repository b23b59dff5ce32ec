import CMuJoCo

/// Text in a corner of a picture: lines of a name and a value.
public struct Caption: Sendable, Hashable {
  public enum Corner: Sendable {
    case topLeft, topRight, bottomLeft, bottomRight

    var kind: MuJoCoCorner {
      switch self {
      case .topLeft: .topLeft
      case .topRight: .topRight
      case .bottomLeft: .bottomLeft
      case .bottomRight: .bottomRight
      }
    }
  }

  public struct Line: Sendable, Hashable {
    public var name: String
    public var value: String

    public init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  public var corner: Corner
  public var lines: [Line]

  public init(_ corner: Corner, _ lines: [Line]) {
    self.corner = corner
    self.lines = lines
  }
}
