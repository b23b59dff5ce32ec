import Foundation
import Records
import TestSupport
import Testing

struct FolderLockTests {
  @Test("a lock is one's until it ends; one that was left behind can be taken over")
  func lifetime() throws {
    let folder = try TemporaryFolder()
    #expect(FolderLock.takeOver(folder.path) == nil)
    var lock = try FolderLock.take(folder.path)
    #expect(lock != nil)
    #expect(try FolderLock.take(folder.path) == nil && FolderLock.takeOver(folder.path) == nil)
    #expect(try folder.names == [FolderLock.name])
    // As a kill does.
    lock = nil
    #expect(try folder.names == [FolderLock.name])
    lock = FolderLock.takeOver(folder.path)
    #expect(lock != nil && FolderLock.takeOver(folder.path) == nil)
    lock?.end()
    #expect(try folder.names.isEmpty)
    // What has ended removes nothing of those who come after it.
    let next = try FolderLock.take(folder.path)
    lock?.end()
    lock = nil
    #expect(next != nil)
    #expect(try folder.names == [FolderLock.name])
  }

  @Test("a folder given back is as it was")
  func givenBack() throws {
    let folder = try TemporaryFolder()
    try FolderLock.take(folder.path)?.giveBack()
    #expect(try folder.names.isEmpty)
    _ = try folder.file(FolderLock.name, [])
    try FolderLock.take(folder.path)?.giveBack()
    #expect(try folder.names == [FolderLock.name])
    let error = #expect(throws: RecordError.self) { try FolderLock.take(folder("nothing")) }
    #expect(error?.cause == "no such file or directory")
  }

  @Test(
    "where there are no locks, who makes the file holds it, and says so; one that is there is refused",
    arguments: [ENOLCK, EOPNOTSUPP, ENOSYS])
  func lockless(number: Int32) throws {
    let folder = try TemporaryFolder()
    let cause = String(cString: strerror(number)).lowercased()
    var lock = try FolderLock.take(folder.path) { _ in number }
    #expect(lock?.weakness?.lowercased() == cause && lock?.isInPlace == true)
    for _ in 0..<2 {
      let error = #expect(throws: RecordError.self) {
        try FolderLock.take(folder.path) { _ in number }
      }
      #expect(error?.path == folder(FolderLock.name) && error?.kind == .cannotCreate)
      #expect(error?.cause.lowercased().contains("has no locks (\(cause))") == true)
      #expect(try folder.names == [FolderLock.name])
      // As a kill does.
      lock = nil
    }
    // The one whose file it is lets go as ever, and a lock that holds has no weakness.
    unlink(folder(FolderLock.name))
    try FolderLock.take(folder.path) { _ in number }?.end()
    #expect(try folder.names.isEmpty)
    #expect(try #require(try FolderLock.take(folder.path)).weakness == nil)
  }

  @Test("a file of somebody else that has the lock's name stays")
  func foreign() throws {
    let folder = try TemporaryFolder()
    let path = try folder.file(FolderLock.name, Data("mine".utf8))
    #expect(FolderLock.takeOver(folder.path) == nil)
    let error = #expect(throws: RecordError.self) { try FolderLock.take(folder.path) }
    #expect(error?.path == path)
    #expect(FileManager.default.contents(atPath: path) == Data("mine".utf8))
  }

  @Test("a killed run's θ is cut to its rows by whoever may, and what has none stays")
  func trimmed() throws {
    let folder = try TemporaryFolder()
    let path = folder("theta_trajectory.safetensors")
    let whole = Data([1, 2, 3])
    _ = try folder.file("theta_trajectory.safetensors", whole)
    // No run was killed here, so that nothing is looked at.
    trimKilledRun(in: folder.path)
    var lock = try FolderLock.take(folder.path)
    trimKilledRun(in: folder.path)
    lock = nil
    // What cannot be read stays, and the lock with it.
    trimKilledRun(in: folder.path)
    #expect(FileManager.default.contents(atPath: path) == whole)
    #expect(try folder.names == [FolderLock.name, "theta_trajectory.safetensors"])
    _ = lock
  }
}
