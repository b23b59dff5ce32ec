import Foundation

/// How the program ended, for a shell or a queue; `nres help` shows the table.
///
/// A command that has said all there is to say throws one of these to end the program with it.
/// Between 64 and 78 the numbers are those of `sysexits.h`; a signal's is 128 and its number.
enum ExitStatus: Int32, CaseIterable, Error {
  case success = 0
  case failure = 1
  case diverged = 3
  case outOfTime = 4
  case usage = 64
  case dataError = 65
  case noInput = 66
  case unavailable = 69
  case software = 70
  case cannotCreate = 73
  case ioError = 74
  case hungUp = 129
  case interrupted = 130
  case userSignal = 138
  case closedPipe = 141
  case terminated = 143
  case processorTime = 152

  /// What it tells, in a few words.
  private var meaning: String {
    switch self {
    case .success: "all was done"
    case .failure: "another error"
    case .diverged: "a run or a simulation diverged, and no signal ended it"
    case .outOfTime: "stopped at --max-time; nres resume goes on"
    case .usage: "a flag, setting or name is wrong"
    case .dataError: "a file's content is wrong"
    case .noInput: "a file is missing or cannot be opened"
    case .unavailable: "OpenGL, a window, ffmpeg, MPI or another process is missing"
    case .software: "MuJoCo or a drawing failed"
    case .cannotCreate: "a file or folder cannot be made"
    case .ioError: "reading or writing failed, standard output included"
    case .hungUp: "ended by SIGHUP"
    case .interrupted: "stopped by Ctrl-C (SIGINT)"
    case .userSignal: "stopped by SIGUSR1"
    case .closedPipe: "nobody read the output; training goes on all the same"
    case .terminated: "stopped by SIGTERM"
    case .processorTime: "stopped by SIGXCPU"
    }
  }

  /// What has stopped a run that ended with it, in a word; nil where nothing did from outside.
  var cause: String? {
    switch self {
    case .outOfTime: "--max-time"
    case .hungUp: "SIGHUP"
    case .interrupted: "Ctrl-C"
    case .userSignal: "SIGUSR1"
    case .terminated: "SIGTERM"
    case .processorTime: "SIGXCPU"
    default: nil
    }
  }

  /// A line for each.
  static var table: String {
    allCases.map { status in
      let number = "\(status.rawValue)"
      return "  " + number + String(repeating: " ", count: 6 - number.count) + status.meaning
    }.joined(separator: "\n")
  }
}
