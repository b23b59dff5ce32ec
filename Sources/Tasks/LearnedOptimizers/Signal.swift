/// Numbers and, where a derivative goes along, as many tangents.
public struct Signal<Real: KernelScalar> {
  /// The numbers.
  public var values: UnsafeMutablePointer<Real>
  /// As many, or nil where no derivative is asked for.
  public var tangents: UnsafeMutablePointer<Real>?

  /// Memory that somebody else owns.
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
