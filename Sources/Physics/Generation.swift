import CKernels
package import CPhysics

/// The C code for one generation of processors. All have the same bits.
///
/// Unchecked, as C's pointers are: these are to functions and to a name, which nobody writes.
package struct Generation: @unchecked Sendable, CustomStringConvertible {
  /// Functions and a name that last as long as the process.
  package let code: cphysics_generation

  /// `x86-64-v4`, `x86-64-v3` or `baseline`.
  package var description: String { String(cString: code.name) }

  /// Those that this machine has, from the newest to the oldest.
  package static let all: [Generation] =
    (0...).lazy.map { cphysics_generation_at($0) }.prefix { $0 != nil }
    .compactMap { $0.map { Generation(code: $0.pointee) } }
    .filter { ckernels_has_generation($0.code.name) == 1 }

  /// The one that the kernels of learned optimizers have: the newest, or what `NRES_PROCESSOR` names.
  package static var chosen: Generation {
    let name = String(cString: ckernels_generation())
    guard let chosen = all.first(where: { $0.description == name }) else {
      preconditionFailure("physics has the generations that kernels have")
    }
    return chosen
  }
}
