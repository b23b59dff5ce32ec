import Foundation
import TestSupport

/// A terminal to run commands on.
enum Terminal {
  /// What a command wrote, before the terminal changed its size and after it.
  struct Shown: Decodable {
    var status: Int32
    var before: String
    var after: String
  }

  /// Trains on a terminal of 50 columns.
  ///
  /// - Parameter resized: The columns that it has once some lines are there; then Ctrl-C ends the run.
  ///   0 leaves both.
  static func train(
    _ flags: [String], resizing resized: Int = 0, in folder: TemporaryFolder
  ) throws -> Shown {
    let script = """
      import fcntl, json, os, pty, signal, struct, subprocess, sys, termios
      def resize(columns):
          fcntl.ioctl(ours, termios.TIOCSWINSZ, struct.pack('HHHH', 24, columns, 0, 0))
      ours, theirs = pty.openpty()
      columns = int(sys.argv[2])
      resize(50 if columns else 120)
      process = subprocess.Popen(sys.argv[3:], cwd=sys.argv[1], stdout=theirs, stdin=theirs,
                                 stderr=theirs)
      os.close(theirs)
      text, resized, stopped = b'', None, False
      while True:
          try:
              part = os.read(ours, 4096)
          except OSError:
              break
          if not part:
              break
          text += part
          if columns and resized is None and text.count(b'\\riteration') > 2:
              resize(columns)
              resized = len(text)
          elif resized and not stopped and text.count(b'\\riteration', resized) > 0:
              stopped = True
              process.send_signal(signal.SIGINT)
      whole = text if resized is None else text[:resized]
      print(json.dumps({'status': process.wait(), 'before': whole.decode(),
                        'after': text[len(whole):].decode()}))
      """
    return try Python.run(
      script,
      [
        folder.path, "\(resized)", Command.executable.path, "train", "swimmer-nres", "--run-dir",
        "run",
      ]
        + Command.tiny + flags)
  }
}
