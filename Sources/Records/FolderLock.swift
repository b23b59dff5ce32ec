import Glibc

/// What a process holds while it alone may write in a folder: the file `run.lock` in it, locked.
///
/// The system lets go of the lock when the process ends, however that happens. A file that is there
/// and not locked was left by a process that was killed. Where the file system has no locks, who makes
/// the file holds it, and what a kill leaves there is for a person to remove.
package final class FolderLock: Sendable {
  /// The file's name.
  package static let name = "run.lock"
  private let path: String
  private let descriptor: Int32
  /// Whether the file was made for this lock.
  private let isNew: Bool
  /// Why the file is not locked, in the system's words; nil where it is.
  package let weakness: String?

  private init(_ path: String, descriptor: Int32, isNew: Bool, weakness: String? = nil) {
    (self.path, self.descriptor, self.isNew) = (path, descriptor, isNew)
    self.weakness = weakness
  }

  deinit { close(descriptor) }

  /// Locks `folder`, which must be there.
  ///
  /// - Parameter lock: Locks what is open as a descriptor, or gives the error's number.
  /// - Returns: nil if a process holds it, be it this one.
  /// - Throws: `RecordError` when the file can be neither made nor opened, or may be a living process's
  ///   where the file system has no locks.
  package static func take(
    _ folder: String, with lock: (_ descriptor: Int32) -> Int32 = exclusively
  ) throws(RecordError) -> FolderLock? {
    let path = "\(folder)/\(name)"
    while true {
      var isNew = true
      var descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
      if descriptor < 0, errno == EEXIST {
        isNew = false
        descriptor = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        if descriptor < 0, errno == ENOENT { continue }
      }
      guard descriptor >= 0 else { throw RecordError(.cannotCreate, folder, systemCause()) }
      let number = lock(descriptor)
      let isLockless = ![0, EINTR, EWOULDBLOCK].contains(number)
      let taken = FolderLock(
        path, descriptor: descriptor, isNew: isNew,
        weakness: isLockless ? systemCause(number) : nil)
      guard taken.isOurs else {
        throw RecordError(
          .cannotCreate, path, "is a file of somebody else: choose another folder or remove it")
      }
      switch number {
      case 0:
        // Whoever held it before may have removed the file in the meantime.
        if taken.isInPlace { return taken }
      case EINTR: break
      case EWOULDBLOCK: return nil
      default:
        guard isNew else {
          throw RecordError(
            .cannotCreate, path,
            "is there, and its file system has no locks (\(systemCause(number))) that tell whether its "
              + "process lives: remove it if none works on the run")
        }
        return taken
      }
    }
  }

  /// Locks a folder whose process was killed.
  ///
  /// - Returns: nil if a process holds the folder, if none was killed there, or if this one must not
  ///   write there.
  package static func takeOver(_ folder: String) -> FolderLock? {
    let path = "\(folder)/\(name)"
    let descriptor = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    guard descriptor >= 0 else { return nil }
    let lock = FolderLock(path, descriptor: descriptor, isNew: false)
    return lock.isOurs && exclusively(descriptor) == 0 && lock.isInPlace ? lock : nil
  }

  /// Whether a process holds `folder`. Who asks holds it for a moment, beside others who do.
  package static func isHeld(_ folder: String) -> Bool {
    let descriptor = open("\(folder)/\(name)", O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    return flock(descriptor, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK
  }

  /// Lets go of a folder that was moved to `folder`, and leaves it as it was found.
  package func end(movedTo folder: String) {
    if isNew, isSameFile(descriptor, "\(folder)/\(Self.name)") { unlink("\(folder)/\(Self.name)") }
    flock(descriptor, LOCK_UN)
  }

  /// Removes the file and lets go: the folder is as its process means to leave it.
  package func end() {
    if isInPlace { unlink(path) }
    flock(descriptor, LOCK_UN)
  }

  /// Lets go of a folder that turned out to be another's, and leaves it as it was.
  package func giveBack() {
    if isNew { end() }
  }

  /// Locks a file that nobody else has locked.
  ///
  /// - Returns: 0, or the error's number.
  package static func exclusively(_ descriptor: Int32) -> Int32 {
    flock(descriptor, LOCK_EX | LOCK_NB) == 0 ? 0 : errno
  }

  /// Whether the folder is where it was locked.
  package var isInPlace: Bool { isSameFile(descriptor, path) }

  /// Whether the file is one that a run makes: an empty one.
  private var isOurs: Bool {
    var status = stat()
    return fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
      && status.st_size == 0
  }
}
