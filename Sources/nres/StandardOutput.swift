import Glibc
import Synchronization

/// Standard output cannot be written.
struct OutputError: Error, CustomStringConvertible {
  /// The system's number of the cause.
  let number: Int32

  /// Whether whoever read it has gone, which is no error of this program's.
  var isClosedPipe: Bool { number == EPIPE }

  var description: String {
    "standard output: \(String(cString: strerror(number)).lowercased())"
  }
}

/// Prints a command's result, a line or several.
///
/// - Throws: `OutputError`; the standard library's `print` would lose the text without a word.
func printLine(_ line: String = "") throws(OutputError) {
  try write(line + "\n", to: STDOUT_FILENO)
}

/// Prints what only tells of work whose result lies in files: work goes on where it is not heard.
/// Text that is lost for another reason than a closed pipe is an error once the work is done:
/// `checkTold`.
func tell(_ text: String, terminator: String = "\n") {
  do {
    try write(text + terminator, to: STDOUT_FILENO)
  } catch  where error.isClosedPipe {
  } catch {
    lost.store(error.number, ordering: .relaxed)
  }
}

/// Prints an error's line on standard error; there is nobody to tell that this cannot be written.
func tellError(_ message: String) {
  try? write("nres: \(errorLine(message))\n", to: STDERR_FILENO)
}

/// Throws if something that was told did not arrive.
func checkTold() throws(OutputError) {
  let number = lost.load(ordering: .relaxed)
  if number != 0 { throw OutputError(number: number) }
}

/// Gives standard input, output and error a file each where the caller closed them: else the next
/// file that is opened, θ perhaps, would take the number and what is printed.
func openStandardDescriptors() {
  for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) < 0 {
    // Takes the lowest number that is free, which is this one.
    _ = open("/dev/null", O_RDWR)
  }
}

/// Why the last text that was told got lost, 0 for nothing.
private let lost = Atomic<Int32>(0)

private func write(_ text: String, to descriptor: Int32) throws(OutputError) {
  var text = text
  let number = text.withUTF8 { bytes in
    var rest = UnsafeRawBufferPointer(bytes)[...]
    while !rest.isEmpty {
      let part = UnsafeRawBufferPointer(rebasing: rest)
      let count = Glibc.write(descriptor, part.baseAddress, part.count)
      if count >= 0 {
        rest = rest.dropFirst(count)
      } else if errno == EAGAIN {
        // Another program made it non-blocking.
        var awaited = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        poll(&awaited, 1, -1)
      } else if errno != EINTR {
        return errno
      }
    }
    return 0
  }
  if number != 0 { throw OutputError(number: number) }
}
