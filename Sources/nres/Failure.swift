import ArgumentParser
import Datasets
import Envs
import Estimators
import Foundation
import Optimizers
import Records
import Settings
import Trainer
import Viewer

/// Ends the program: help on standard output, an error as one line on standard error.
func leave(with error: any Error) -> Never {
  let code = exitStatus(of: error)
  if error is ExitStatus {
    exit(code)
  } else if code == 0 {
    print(NRES.fullMessage(for: error))
  } else {
    let message = errorLine(message(of: error))
    FileHandle.standardError.write(Data("nres: \(message)\n".utf8))
  }
  exit(code)
}

/// What is wrong and, for flags that cannot be parsed, which help explains them.
private func message(of error: any Error) -> String {
  let message = NRES.message(for: error)
  let last = NRES.fullMessage(for: error).split(separator: "\n").last ?? ""
  let hint = last.trimmingCharacters(in: .whitespaces)
  guard hint.hasPrefix("See '"), hint != message else { return message }
  return message + (message.hasSuffix("?") ? " " : ". ") + hint
}

/// The exit status of `sysexits.h` that fits an error.
func exitStatus(of error: any Error) -> Int32 {
  switch error {
  case let status as ExitStatus: return status.rawValue
  case is SettingsError, is UnknownName, is OptimizerSpecificationError, is EstimatorError:
    return EX_USAGE
  case let error as RecordError: return error.kind.rawValue
  case let error as DatasetError: return error.kind.rawValue
  case let error as Interrupt.Requested: return error.status
  case let error as ViewerError:
    switch error {
    case .noHeadlessOpenGL, .noWindow, .noEncoder: return EX_UNAVAILABLE
    case .drawingFailed: return EX_SOFTWARE
    case .encodingFailed: return EX_IOERR
    case .noTemporaryFile: return EX_CANTCREAT
    }
  case let error as ReplayError: return exitStatus(of: error.cause)
  case let error as EnvironmentError:
    switch error {
    case .missingModel: return EX_NOINPUT
    case .invalidModel, .mismatchedModel: return EX_DATAERR
    case .diverged, .simulationFailed: return EX_SOFTWARE
    default: return EX_USAGE
    }
  default: return NRES.exitCode(for: error).rawValue
  }
}
