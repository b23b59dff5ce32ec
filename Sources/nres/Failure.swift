import ArgumentParser
import Datasets
import Distribution
import Envs
import Estimators
import Figures
import Foundation
import Optimizers
import Records
import Settings
import Trainer
import Viewer
import Workers

/// Ends the program: help on standard output, an error as one line on standard error.
func leave(with error: any Error) -> Never {
  let status = exitStatus(of: error)
  switch error {
  case is ExitStatus: break
  case let error as OutputError where error.isClosedPipe:
    // As programs end that do not ask for the error.
    signal(SIGPIPE, SIG_DFL)
    raise(SIGPIPE)
  default:
    if status == .success {
      do { try printLine(NRES.fullMessage(for: error)) } catch { leave(with: error) }
    } else {
      tellError(message(of: error))
    }
  }
  if error is CommunicationError { Communicator.abort(status.rawValue) }
  Together.end()
  exit(status.rawValue)
}

/// What is wrong and, for flags that cannot be parsed, which help explains them.
private func message(of error: any Error) -> String {
  let message = NRES.message(for: error)
  let last = NRES.fullMessage(for: error).split(separator: "\n").last ?? ""
  let hint = last.trimmingCharacters(in: .whitespaces)
  guard hint.hasPrefix("See '"), hint != message else { return message }
  return message + (message.hasSuffix("?") ? " " : ". ") + hint
}

/// The exit status that fits an error.
func exitStatus(of error: any Error) -> ExitStatus {
  switch error {
  case let status as ExitStatus: return status
  case let error as OutputError: return error.isClosedPipe ? .closedPipe : .ioError
  case is SettingsError, is UnknownName, is OptimizerSpecificationError, is EstimatorError:
    return .usage
  case let error as RecordError: return ExitStatus(rawValue: error.kind.rawValue) ?? .failure
  case let error as DatasetError: return ExitStatus(rawValue: error.kind.rawValue) ?? .failure
  case let error as Interrupt.Requested: return error.status
  case is CommunicationError, is DistantError: return .unavailable
  case let error as ViewerError:
    switch error {
    case .noHeadlessOpenGL, .noWindow, .noEncoder: return .unavailable
    case .drawingFailed: return .software
    case .encodingFailed: return .ioError
    case .noTemporaryFile: return .cannotCreate
    }
  case is FigureError: return .software
  case let error as ReplayError: return exitStatus(of: error.cause)
  case let error as EnvironmentError:
    switch error {
    case .missingModel, .missingRobot: return .noInput
    case .invalidModel, .invalidRobot, .mismatchedModel, .uncoveredModel: return .dataError
    case .diverged: return .diverged
    case .simulationFailed: return .software
    default: return .usage
    }
  default: return ExitStatus(rawValue: NRES.exitCode(for: error).rawValue) ?? .failure
  }
}
