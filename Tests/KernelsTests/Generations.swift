import CKernels
import Testing

/// All tests of kernels. They choose the generation of processors, which is the process's.
@Suite(.serialized) struct KernelTests {}

/// The generations that this machine has, the newest first.
let generations: [String] = {
  let before = String(cString: ckernels_generation())
  defer { ckernels_use_generation(before) }
  return ["x86-64-v4", "x86-64-v3", "baseline"].filter { ckernels_use_generation($0) == 1 }
}()

/// What `compute` gives, which must be the same bits on every generation.
func everywhere<Real: Precision>(
  _ compute: () throws -> [[Real]], _ location: SourceLocation = #_sourceLocation
) rethrows -> [[Real]] {
  let before = String(cString: ckernels_generation())
  defer { ckernels_use_generation(before) }
  var first: [[Real]]?
  for generation in generations {
    ckernels_use_generation(generation)
    let results = try compute()
    guard let first else {
      first = results
      continue
    }
    for (index, pair) in zip(first, results).enumerated() {
      let place = zip(pair.0, pair.1).enumerated().first { !same($1.0, $1.1) }?.offset
      #expect(place == nil, "\(generation): result \(index) differs", sourceLocation: location)
    }
  }
  return first ?? []
}

/// The same number with the same sign, or both no number.
private func same<Real: Precision>(_ a: Real, _ b: Real) -> Bool {
  a == b ? a.sign == b.sign : a.isNaN && b.isNaN
}
