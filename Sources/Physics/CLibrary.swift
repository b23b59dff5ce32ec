import CPhysics

/// The machine's C library, whose sines and cosines lanes have.
package enum CLibrary {
  /// Whether lanes agree with it in a sample. Another library may round otherwise.
  package static let isReproduced = withUnsafePointer(to: Generation.chosen.code) {
    cphysics_sine_agrees($0) == 1
  }
}
