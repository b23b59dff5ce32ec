/// What θ's numbers are in files of other programs. All are read as float32, rounded to the nearest.
enum ElementType: String, CaseIterable {
  case float16, bfloat16, float32, float64

  /// What a message about another type ends with.
  static let choices = "float16, bfloat16, float32 and float64 are read"

  /// The type that safetensors calls `name`.
  init?(safetensors name: String) {
    switch name {
    case "F16": self = .float16
    case "BF16": self = .bfloat16
    case "F32": self = .float32
    case "F64": self = .float64
    default: return nil
    }
  }

  /// Bytes of a number.
  var size: Int {
    switch self {
    case .float16, .bfloat16: 2
    case .float32: 4
    case .float64: 8
    }
  }

  /// The numbers that `bytes` are, as many as fit.
  func floats(_ bytes: UnsafeRawBufferPointer, isBigEndian: Bool = false) -> [Float] {
    func word<Word: FixedWidthInteger>(_ index: Int) -> Word {
      let word = bytes.loadUnaligned(fromByteOffset: index * size, as: Word.self)
      return isBigEndian ? Word(bigEndian: word) : Word(littleEndian: word)
    }
    return (0..<bytes.count / size).map { index in
      switch self {
      case .float16: Float(Float16(bitPattern: word(index)))
      case .bfloat16: Float(bitPattern: UInt32(word(index) as UInt16) << 16)
      case .float32: Float(bitPattern: word(index))
      case .float64: Float(Double(bitPattern: word(index)))
      }
    }
  }
}

/// `values` of an array whose first axis runs fastest, as Fortran has it, in C's order, where the
/// last one does.
func rowMajor(_ values: [Float], shape: [Int]) -> [Float] {
  let strides = shape.indices.map { shape[..<$0].reduce(1, *) }
  var indices = [Int](repeating: 0, count: shape.count)
  var place = 0
  return values.indices.map { _ in
    defer {
      for axis in shape.indices.reversed() {
        indices[axis] += 1
        place += strides[axis]
        if indices[axis] < shape[axis] { break }
        place -= strides[axis] * shape[axis]
        indices[axis] = 0
      }
    }
    return values[place]
  }
}
