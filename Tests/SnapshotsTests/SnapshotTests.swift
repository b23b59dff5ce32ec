import Snapshots
import Testing

/// A value comes back as it was, and lies in arrays that a person can name.
struct SnapshotTests {
  private struct Pair: Codable, Hashable {
    var weights: [Float]
    var clock: Int
    var seed: UInt32
    var isOver: Bool
  }

  private struct Whole: Codable, Hashable {
    var name: String
    var pairs: [Pair]
    var rows: [[Double]]
    var words: [UInt64]
    var bytes: [UInt8]
    var spare: Pair?
    var limit: Double?
    var missing: [Float]?
    var nothing: [Int]
  }

  private let whole = Whole(
    name: "Ωmega",
    pairs: (0..<3).map {
      Pair(
        weights: [Float($0), -0.0, .infinity], clock: -7 * $0, seed: .max - UInt32($0),
        isOver: $0 == 1)
    }, rows: [[1, 2], [], [.pi]], words: [.max, 0], bytes: [0, 255],
    spare: Pair(weights: [], clock: .min, seed: 0, isOver: true), limit: .leastNonzeroMagnitude,
    missing: nil,
    nothing: [])

  @Test func aValueComesBack() throws {
    let snapshot = try Snapshot(of: whole)
    #expect(try snapshot.decode() == whole)
    #expect(try Snapshot(of: snapshot.decode(Whole.self)) == snapshot)
    let negativeZero = try snapshot.decode(Whole.self).pairs[0].weights[1]
    #expect(negativeZero.sign == .minus)
  }

  @Test func nothingButItsBitsSurvivesOfANaN() throws {
    let values = [Float(bitPattern: 0x7FC0_1234), .nan, -.nan, .signalingNaN]
    let found: [Float] = try Snapshot(of: values).decode()
    #expect(found.map(\.bitPattern) == values.map(\.bitPattern))
  }

  /// Many structs of one kind make one array a property, with a row a struct.
  @Test func structsLieByProperty() throws {
    let snapshot = try Snapshot(of: whole)
    let weights = try #require(snapshot.leaf("pairs/*/weights"))
    #expect(weights.type == .float32)
    #expect(snapshot.shape(of: weights) == [3, 3])
    let clocks = try #require(snapshot.leaf("pairs/*/clock"))
    #expect(clocks.type == .int64)
    #expect(snapshot.shape(of: clocks) == [3])
    // Rows of different lengths have no shape.
    #expect(snapshot.leaf("rows/*").map { snapshot.shape(of: $0) } == [3])
    #expect(snapshot.counts["rows/*"]?.map(\.value) == [2, 0, 1])
    #expect(snapshot.texts == ["name": ["Ωmega"]])
    #expect(snapshot.leaves.map(\.name) == snapshot.leaves.map(\.name).sorted())
  }

  @Test func anotherValuesSnapshotIsRefused() throws {
    let snapshot = try Snapshot(of: whole)
    struct Longer: Codable {
      var pairs: [Pair]
      var more: Int
    }
    struct Other: Codable { var name: Int }
    #expect(throws: DecodingError.self) { try snapshot.decode(Longer.self) }
    #expect(throws: DecodingError.self) { try snapshot.decode(Other.self) }
    #expect(throws: DecodingError.self) { try snapshot.decode([Float].self) }
  }

  /// Elements that hold no numbers cannot tell that there are too many.
  @Test func tooManyElementsAreRefused() throws {
    struct Empty: Codable {}
    let lie = Snapshot(leaves: [], counts: ["": [.init(value: 1 << 40, times: 1)]], texts: [:])
    #expect(throws: DecodingError.self) { try lie.decode([Empty].self) }
    #expect(try Snapshot(of: [Empty(), Empty()]).decode([Empty].self).count == 2)
  }

  /// A file may say what it likes: lengths beyond the numbers there are, numbers of another type.
  @Test func hostileLengthsAreRefused() throws {
    let snapshot = try Snapshot(of: [1, 2, 3] as [Float])
    for value in [4, 1 << 61, .max, -1] {
      let lie = Snapshot(
        leaves: snapshot.leaves, counts: ["": [.init(value: value, times: 1)]], texts: [:])
      #expect(throws: DecodingError.self) { try lie.decode([Float].self) }
    }
    #expect(throws: DecodingError.self) { try snapshot.decode([Double].self) }
  }

  @Test func aDictionaryHasNoPlace() throws {
    struct Named: Codable { var numbers: [String: Float] }
    #expect(throws: EncodingError.self) { try Snapshot(of: Named(numbers: ["a": 1])) }
    #expect(throws: EncodingError.self) { try Snapshot(of: [Named(numbers: [:])]) }
  }

  /// A byte of a truth that is neither 0 nor 1, two leaves of one name, a length without end.
  @Test func hostileNumbersAreRefused() throws {
    let snapshot = try Snapshot(of: [true, false])
    let leaf = Snapshot.Leaf(name: "*", type: .bool, bytes: [1, 2])
    let lie = Snapshot(leaves: [leaf], counts: snapshot.counts, texts: [:])
    #expect(throws: DecodingError.self) { try lie.decode([Bool].self) }
    let twice = Snapshot(leaves: [leaf, leaf], counts: snapshot.counts, texts: [:])
    #expect(throws: DecodingError.self) { try twice.decode([Bool].self) }
    let endless = Snapshot(
      leaves: [leaf], counts: ["*": [.init(value: .max, times: .max)]], texts: [:])
    #expect(endless.shape(of: leaf) == [2])
  }

  /// As many numbers as a large estimator has, by copying and not one by one.
  @Test func largeArraysAreExact() throws {
    let values = (0..<300_000).map { Float($0) * 1.1 }
    #expect(try Snapshot(of: [values, values]).decode([[Float]].self) == [values, values])
  }
}
