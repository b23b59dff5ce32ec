/// The idx format of the MNIST family: a magic word that names the type of the values and the number
/// of axes, the axes' sizes, and the values; all big-endian.
struct IdxFormat: Equatable {
  enum Element: Int, CaseIterable {
    case byte = 0x08
    case float = 0x0D
  }

  var element: Element
  var axes: Int

  static let labels = IdxFormat(element: .byte, axes: 1)
  /// Gray images, then images of channels, rows and columns; bytes, then values as a network sees them.
  static let images = Element.allCases.flatMap { element in
    [3, 4].map { IdxFormat(element: element, axes: $0) }
  }

  /// Whether images have an axis of channels; those without are gray.
  var hasChannels: Bool { axes == 4 }

  /// The file's first word.
  var magic: Int { element.rawValue << 8 | axes }

  /// The file's name without `.gz`: `train-images-idx3-ubyte` and its like.
  var fileName: String {
    let type = element == .byte ? "ubyte" : "float"
    return "train-\(axes == 1 ? "labels" : "images")-idx\(axes)-\(type)"
  }

  var bytesPerElement: Int { element == .byte ? 1 : MemoryLayout<Float>.stride }

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
