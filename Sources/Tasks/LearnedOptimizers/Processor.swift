import CKernels

/// The generation of processors whose kernels run.
public enum Processor {
  /// `x86-64-v4`, `x86-64-v3` or `baseline`.
  public static var generation: String { String(cString: ckernels_generation()) }

  /// Whether the environment's `NRES_PROCESSOR` is not set or names a generation that this machine has.
  public static var isChoiceValid: Bool { ckernels_environment_is_valid() != 0 }
}
