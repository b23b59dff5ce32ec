/// How many vectors of numbers were met, and of each number the sum and the sum of squares, exactly: any
/// grouping and any order give the same.
///
/// A number counts as the nearest multiple of 2⁻²⁰ between ±2²⁰; one that is none counts as 0.
public struct Moments: Hashable, Sendable {
  /// How many vectors were met.
  public private(set) var count = 0
  /// Of each number, in units of 2⁻²⁰.
  private var sums: [Int128] = []
  /// Of each number, in units of 2⁻⁴⁰: with so few bits a number, 10¹⁴ vectors do not overflow.
  private var squares: [Int128] = []

  private static let unit = 0x1p-20
  private static let largest = 0x1p20

  /// Nothing yet, of vectors of any length.
  public init() {}

  /// Nothing yet, of vectors of `numberCount` numbers.
  public init(numberCount: Int) {
    sums = [Int128](repeating: 0, count: numberCount)
    squares = sums
  }

  /// Adds a vector, as long as the others.
  public mutating func add(_ numbers: [Float]) {
    precondition(numbers.count == sums.count, "vectors of one length")
    count += 1
    for index in numbers.indices {
      let number = Int128(Self.integer(numbers[index]))
      sums[index] &+= number
      squares[index] &+= number &* number
    }
  }

  /// Adds some of the vectors that are columns of rows.
  ///
  /// - Parameters:
  ///   - rows: A row a number, of `stride` columns.
  ///   - columns: Those to add.
  public mutating func add(rows: [Float], stride: Int, columns: [Int]) {
    precondition(rows.count == sums.count * stride, "vectors of one length")
    count += columns.count
    for index in sums.indices {
      let row = rows.span.extracting(index * stride..<(index + 1) * stride)
      // In 64 bits, which hold the sums of some columns of usual size.
      var (sum, squareSum, magnitudes) = (0, 0, UInt(0))
      for column in columns {
        let number = Self.integer(row[column])
        sum &+= number
        squareSum &+= number &* number
        magnitudes |= number.magnitude
      }
      if magnitudes < 1 << 28, columns.count <= 64 {
        sums[index] &+= Int128(sum)
        squares[index] &+= Int128(squareSum)
        continue
      }
      for column in columns {
        let number = Int128(Self.integer(row[column]))
        sums[index] &+= number
        squares[index] &+= number &* number
      }
    }
  }

  /// The number in units, which rounds where its last bit is worth one.
  private static func integer(_ number: Float) -> Int {
    let value = number.isNaN ? 0 : min(max(Double(number), -largest), largest)
    let whole = 0x1.8p52
    return Int(bitPattern: UInt((value / unit + whole).bitPattern))
      &- Int(bitPattern: UInt(whole.bitPattern))
  }

  /// Adds what `other` met.
  public mutating func merge(_ other: Moments) {
    if other.sums.isEmpty { return }
    if sums.isEmpty {
      self = other
      return
    }
    precondition(other.sums.count == sums.count, "vectors of one length")
    count &+= other.count
    for index in sums.indices {
      sums[index] &+= other.sums[index]
      squares[index] &+= other.squares[index]
    }
  }

  /// The mean of each number; 0 before any was met.
  public var means: [Double] {
    sums.map { count == 0 ? 0 : Double($0) / Double(count) * Self.unit }
  }

  /// The deviation of each number, √(mean square − squared mean); 1 where it is below 10⁻⁷, as that of a
  /// number that is always the same, and before any was met.
  public var deviations: [Double] {
    sums.indices.map { index in
      if count == 0 { return 1 }
      // Around the mean, rounded down, so that nothing is lost where it is far from 0.
      let count = Int128(count)
      let center = sums[index] / count
      let remainder = sums[index] - center &* count
      let around = squares[index] &- center &* (sums[index] &+ remainder)
      let share = Double(remainder) / Double(count)
      let variance = max(0, Double(around) / Double(count) - share * share)
      let deviation = variance.squareRoot() * Self.unit
      return deviation < 1e-7 ? 1 : deviation
    }
  }

  /// What `count` vectors may have been that had these means and deviations.
  ///
  /// - Parameter deviations: One of exactly 1 is that of a number that was always the same.
  public init(count: Int, means: [Double], deviations: [Double]) {
    precondition(means.count == deviations.count, "a mean and a deviation of each number")
    self.init(numberCount: means.count)
    self.count = min(max(count, 0), 1 << 46)
    if self.count == 0 { return }
    let count = Double(self.count)
    func number(_ value: Double) -> Double {
      (value.isNaN ? 0 : min(max(value, -Self.largest), Self.largest)) / Self.unit
    }
    for index in means.indices {
      let sum = Int128((number(means[index]) * count).rounded(.toNearestOrEven))
      let center = sum / Int128(self.count)
      let remainder = sum - center * Int128(self.count)
      let share = Double(remainder) / count
      let deviation = deviations[index] == 1 ? 0 : number(deviations[index])
      let around = Int128(((deviation * deviation + share * share) * count).rounded(.up))
      sums[index] = sum
      squares[index] = around + center * (sum + remainder)
    }
  }
}

extension Moments: Codable {
  private enum CodingKeys: CodingKey { case count, words }

  /// Each sum as its low and its high 64 bits.
  package var words: [Int] {
    (sums + squares).flatMap { [Int(truncatingIfNeeded: $0), Int(truncatingIfNeeded: $0 >> 64)] }
  }

  /// What ``count`` and ``words`` were written of; nil for what these cannot be.
  package init?(count: Int, words: [Int]) {
    guard count >= 0, words.count.isMultiple(of: 4) else { return nil }
    self.count = count
    let numbers = stride(from: 0, to: words.count, by: 2).map {
      Int128(words[$0 + 1]) << 64 | Int128(UInt(bitPattern: words[$0]))
    }
    sums = Array(numbers.prefix(numbers.count / 2))
    squares = Array(numbers.suffix(numbers.count / 2))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(count, forKey: .count)
    try container.encode(words, forKey: .words)
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let count = try container.decode(Int.self, forKey: .count)
    let words = try container.decode([Int].self, forKey: .words)
    guard let moments = Moments(count: count, words: words) else {
      throw DecodingError.dataCorruptedError(
        forKey: .words, in: container, debugDescription: "these are no sums")
    }
    self = moments
  }
}
