/// The idx format of the MNIST family: a magic word that names the type of the values and the number
/// of axes, the axes' sizes, and the values; all big-endian.
struct IdxFormat: Equatable {
  enum Element: Int {
    case byte = 0x08
    case signedByte = 0x09
    case short = 0x0B
    case int = 0x0C
    case float = 0x0D

    var size: Int {
      switch self {
      case .byte, .signedByte: 1
      case .short: 2
      case .int, .float: 4
      }
    }

    /// How the names of files end.
    fileprivate var name: String {
      switch self {
      case .byte: "ubyte"
      case .signedByte: "byte"
      case .short: "short"
      case .int: "int"
      case .float: "float"
      }
    }
  }

  var element: Element
  var axes: Int

  static let labels = IdxFormat(element: .byte, axes: 1)
  /// What labels are read of besides, whatever the file's name says.
  static let otherLabels = [Element.signedByte, .short, .int].map {
    IdxFormat(element: $0, axes: 1)
  }
  /// Gray images, then images of channels, rows and columns; bytes, then values as a network sees them.
  static let images = [Element.byte, .float].flatMap { element in
    [3, 4].map { IdxFormat(element: element, axes: $0) }
  }

  /// Whether images have an axis of channels; those without are gray.
  var hasChannels: Bool { axes == 4 }

  /// The file's first word.
  var magic: Int { element.rawValue << 8 | axes }

  /// The file's name without `.gz`: `train-images-idx3-ubyte` and its like.
  var fileName: String { "train-\(content)-idx\(axes)-\(element.name)" }

  /// The names that it is looked for under: that, and `train-images.idx3-ubyte`, packed or not.
  var fileNames: [String] {
    [fileName, "train-\(content).idx\(axes)-\(element.name)"].flatMap { [$0, $0 + ".gz"] }
  }

  private var content: String { axes == 1 ? "labels" : "images" }

  /// A file's content.
  func file(sizes: [Int], _ values: Pixels) -> [UInt8] {
    precondition(sizes.count == axes, "\(sizes.count) sizes of \(axes) axes")
    var file = ([magic] + sizes).flatMap { word in
      withUnsafeBytes(of: UInt32(word).bigEndian) { [UInt8]($0) }
    }
    switch values {
    case .bytes(let bytes): file += bytes
    case .floats(let floats):
      let words = floats.map(\.bitPattern.bigEndian)
      words.withUnsafeBytes { file += $0 }
    }
    return file
  }
}
