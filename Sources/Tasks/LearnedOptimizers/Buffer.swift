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
