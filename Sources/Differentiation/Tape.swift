/// Remembers the operations on ``Reverse`` values, to go through them backwards.
///
/// ```swift
/// let tape = Tape<Double>()
/// let x = tape.variable(3)
/// let y = x * x
/// tape.seed(y, with: 1)
/// tape.sweep()
/// tape.adjoint(of: x)   // 6
/// ```
///
/// A tape keeps its memory when it is cleared, so use one for many passes. Its values must not be
/// used after ``clear()`` or when the tape is gone. One thread at a time.
public final class Tape<Base: DifferentiableNumber> {
  /// What one operation did: its operands' places on the tape and its slopes along them.
  @usableFromInline
  struct Entry {
    @usableFromInline var left: Int32
    @usableFromInline var right: Int32
    @usableFromInline var leftSlope: Base
    @usableFromInline var rightSlope: Base

    @inlinable
    init(_ left: Int32, _ leftSlope: Base, _ right: Int32, _ rightSlope: Base) {
      self.left = left
      self.right = right
      self.leftSlope = leftSlope
      self.rightSlope = rightSlope
    }
  }

  /// A class's own properties are checked at each access; behind a pointer they are not.
  @usableFromInline
  struct Storage {
    @usableFromInline var entries: UnsafeMutablePointer<Entry>
    @usableFromInline var adjoints: UnsafeMutablePointer<Base>
    @usableFromInline var count = 0
    @usableFromInline var capacity: Int

    @inlinable
    init(capacity: Int) {
      entries = .allocate(capacity: capacity)
      adjoints = .allocate(capacity: capacity)
      self.capacity = capacity
    }
  }

  @usableFromInline let storage: UnsafeMutablePointer<Storage>

  public init() {
    storage = .allocate(capacity: 1)
    storage.initialize(to: Storage(capacity: 256))
    clear()
  }

  deinit {
    empty()
    storage.pointee.entries.deallocate()
    storage.pointee.adjoints.deallocate()
    storage.deallocate()
  }

  /// Forgets everything; the memory stays.
  public func clear() {
    empty()
    // Constants have place 0: what reaches them is lost without a question.
    _ = Self.append(Entry(0, Base(0), 0, Base(0)), to: storage)
  }

  private func empty() {
    storage.pointee.entries.deinitialize(count: storage.pointee.count)
    storage.pointee.adjoints.deinitialize(count: storage.pointee.count)
    storage.pointee.count = 0
  }

  /// A value to differentiate by.
  @inlinable
  public func variable(_ value: Base) -> Reverse<Base> {
    let place = Self.append(Entry(0, Base(0), 0, Base(0)), to: storage)
    return Reverse(value, place, storage)
  }

  /// Adds to the derivative of the result by a value, before ``sweep()``.
  @inlinable
  public func seed(_ value: Reverse<Base>, with adjoint: Base) {
    precondition(value.tape == nil || value.tape == storage, "a value of another tape")
    let adjoints = storage.pointee.adjoints
    adjoints[Int(value.place)] = adjoints[Int(value.place)] + adjoint
  }

  /// Goes backwards from what was seeded, once between two calls of ``clear()``.
  @inlinable
  public func sweep() {
    let adjoints = storage.pointee.adjoints
    let entries = storage.pointee.entries
    var place = storage.pointee.count - 1
    while place > 0 {
      let adjoint = adjoints[place]
      let left = Int(entries[place].left)
      let right = Int(entries[place].right)
      adjoints[left] = adjoints[left] + entries[place].leftSlope * adjoint
      adjoints[right] = adjoints[right] + entries[place].rightSlope * adjoint
      place -= 1
    }
  }

  /// The derivative of the results by a value, after ``sweep()``.
  @inlinable
  public func adjoint(of value: Reverse<Base>) -> Base {
    precondition(value.tape == nil || value.tape == storage, "a value of another tape")
    return value.place == 0 ? Base(0) : storage.pointee.adjoints[Int(value.place)]
  }

  @inlinable
  static func append(_ entry: Entry, to storage: UnsafeMutablePointer<Storage>) -> Int32 {
    let place = storage.pointee.count
    if place == storage.pointee.capacity { grow(storage) }
    (storage.pointee.entries + place).initialize(to: entry)
    (storage.pointee.adjoints + place).initialize(to: Base(0))
    storage.pointee.count = place + 1
    return Int32(truncatingIfNeeded: place)
  }

  @usableFromInline
  static func grow(_ storage: UnsafeMutablePointer<Storage>) {
    precondition(storage.pointee.capacity < Int(Int32.max) / 2, "a tape of 2³¹ operations")
    let old = storage.pointee
    storage.pointee = Storage(capacity: 2 * old.capacity)
    storage.pointee.entries.moveInitialize(from: old.entries, count: old.count)
    storage.pointee.adjoints.moveInitialize(from: old.adjoints, count: old.count)
    storage.pointee.count = old.count
    old.entries.deallocate()
    old.adjoints.deallocate()
  }
}
