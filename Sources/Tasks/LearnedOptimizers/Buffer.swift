import Foundation

/// Memory for numbers that lies as kernels like it, at a multiple of 64 bytes; 0 at first.
final class Buffer<Real: KernelScalar> {
  let start: UnsafeMutablePointer<Real>
  let count: Int

  init(count: Int) {
    self.count = count
    let bytes = max(count, 1) * MemoryLayout<Real>.stride
    start = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
      .bindMemory(to: Real.self, capacity: max(count, 1))
    clear()
  }

  deinit { UnsafeMutableRawPointer(start).deallocate() }

  func clear() { start.update(repeating: 0, count: count) }
}

/// Numbers and, where a derivative goes along, as many tangents.
public struct Signal<Real: KernelScalar> {
  public var values: UnsafeMutablePointer<Real>
  public var tangents: UnsafeMutablePointer<Real>?

  public init(_ values: UnsafeMutablePointer<Real>, tangents: UnsafeMutablePointer<Real>? = nil) {
    self.values = values
    self.tangents = tangents
  }

  /// The numbers from `offset` on.
  public func dropping(_ offset: Int) -> Signal {
    Signal(values + offset, tangents: tangents.map { $0 + offset })
  }

  /// The numbers alone.
  public var withoutTangents: Signal { Signal(values) }
}
