import Foundation

/// Whether `scripts/sanitize` runs the tests.
public let isSanitized = !(ProcessInfo.processInfo.environment["NRES_SANITIZER"] ?? "").isEmpty
