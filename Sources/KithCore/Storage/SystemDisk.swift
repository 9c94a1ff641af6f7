#if canImport(Darwin)
  private import Darwin
#elseif canImport(Glibc)
  private import Glibc
#elseif canImport(Musl)
  private import Musl
#endif

/// A folder of the machine's file system, by the calls of POSIX.
package struct SystemDisk: Disk {
  package let path: String

  /// - Parameter path: The path of the folder, which need not be there yet.
  package init(_ path: String) {
    self.path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
  }

  private func file(_ name: String) -> String { "\(path)/\(name)" }

  package func createFolder() throws(DiskFault) {
    var (end, parent) = (path.startIndex, path.hasPrefix("/") ? "/" : ".")
    while end < path.endIndex {
      end = path[path.index(after: end)...].firstIndex(of: "/") ?? path.endIndex
      let part = String(path[..<end])
      // SAFETY: the string outlives the call, which reads it up to its zero.
      if unsafe mkdir(part, 0o777) == 0 {
        // Or the name may be lost when the machine stops, and with it all that is synced in the folder. A
        // parent that may be changed and not read can't be synced.
        if let parent = try? Descriptor(parent, O_RDONLY | O_DIRECTORY) { try parent.sync() }
      } else if errno != EEXIST, end == path.endIndex || errno != EROFS {
        throw DiskFault(part, errno: errno)
      }
      parent = part
    }
    // SAFETY: as above; the stream is closed at once.
    guard let folder = unsafe opendir(path) else { throw noFolder() }
    unsafe closedir(folder)
  }

  /// Why the folder can't be opened, right after it was tried.
  private func noFolder() -> DiskFault {
    errno == ENOTDIR
      ? DiskFault(path, .other(ENOTDIR, "it is not a folder")) : DiskFault(path, errno: errno)
  }

  package var isReadOnly: Bool {
    // SAFETY: as above.
    unsafe access(path, F_OK) == 0 && access(path, W_OK) != 0
  }

  package func list() throws(DiskFault) -> [String] {
    // SAFETY: the stream is closed once, after the last entry was read; a name ends with a zero.
    guard let folder = unsafe opendir(path) else { throw noFolder() }
    defer { unsafe closedir(folder) }
    var names: [String] = []
    while true {
      // That there are no more is told from a fault by this alone.
      errno = 0
      guard let entry = unsafe readdir(folder) else { break }
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) {
          unsafe String(cString: $0)
        }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    if errno != 0 { throw DiskFault(path, errno: errno) }
    return names.sorted()
  }

  package func read(_ name: String) throws(DiskFault) -> [UInt8] {
    // A pipe that has the name of a file would have the call wait for somebody who writes.
    let descriptor = try Descriptor(file(name), O_RDONLY | O_NONBLOCK)
    return try descriptor.read()
  }

  package func create(_ name: String) throws(DiskFault) -> any DiskFile {
    SystemFile(try Descriptor(file(name), O_WRONLY | O_APPEND | O_CREAT | O_TRUNC))
  }

  package func open(_ name: String) throws(DiskFault) -> any DiskFile {
    SystemFile(try Descriptor(file(name), O_WRONLY | O_APPEND))
  }

  package func rename(_ name: String, to newName: String) throws(DiskFault) {
    if let number = renameFile(atPath: file(name), toPath: file(newName)) {
      throw DiskFault(file(name), errno: number)
    }
  }

  package func remove(_ name: String) throws(DiskFault) {
    // SAFETY: the string outlives the call, which reads it up to its zero.
    if unsafe unlink(file(name)) != 0 { throw DiskFault(file(name), errno: errno) }
  }

  package func syncFolder() throws(DiskFault) {
    try Descriptor(path, O_RDONLY | O_DIRECTORY).sync()
  }

  package func lock(_ name: String, holder: String) throws(DiskFault) -> any DiskLock {
    // The folder is locked too, because somebody may delete the file; but not every file system can.
    let folder = try Descriptor(path, O_RDONLY | O_DIRECTORY)
    let isFree = (try? folder.takeLock()) ?? true
    let descriptor = try Descriptor(file(name), O_RDWR | O_CREAT)
    guard isFree, try descriptor.takeLock() else {
      let found = String(decoding: try descriptor.read(), as: UTF8.self)
      throw DiskFault(file(name), .held(by: found.isEmpty ? "another process" : found))
    }
    // Nobody but a message depends on it: a full disk must not keep a store from being opened.
    if (try? descriptor.truncate(to: 0)) != nil { try? descriptor.write(Array(holder.utf8)) }
    return SystemLock([folder, descriptor])
  }
}

/// Gives a file another name, in place of the file that has that name, in one step.
///
/// Foundation has no call for this that works on Linux: `replaceItemAt` removes the old file and
/// fails (Swift 6.3.1).
///
/// - Returns: nil, or the number of the error, as POSIX counts them; then nothing has changed.
package func renameFile(atPath path: String, toPath newPath: String) -> Int32? {
  // SAFETY: both strings outlive the call, which reads them up to their zero and keeps neither.
  let status = unsafe rename(path, newPath)
  return status == 0 ? nil : errno
}

/// Writes as many bytes as the system takes. Inside of a descriptor `write` is its own.
private func writeSome(of bytes: UnsafeRawBufferPointer, to number: Int32) -> Int {
  // SAFETY: the bytes outlive the call, which reads no others.
  unsafe write(number, bytes.baseAddress, bytes.count)
}

/// A file that is open, closed with its last owner.
private final class Descriptor: Sendable {
  private let number: Int32
  private let path: String

  init(_ path: String, _ flags: Int32) throws(DiskFault) {
    self.path = path
    // SAFETY: the string outlives the call, which reads it up to its zero.
    number = unsafe open(path, flags | O_CLOEXEC, 0o666)
    if number < 0 { throw DiskFault(path, errno: errno) }
  }

  deinit {
    _ = close(number)
  }

  private func fault() -> DiskFault { DiskFault(path, errno: errno) }

  /// The content, from where nothing has been read yet.
  func read() throws(DiskFault) -> [UInt8] {
    let size = try size()
    // An array that there is no room for would stop the program; a damaged file may say that it has any size.
    if size / Int(sysconf(Int32(_SC_PAGESIZE))) >= sysconf(Int32(_SC_PHYS_PAGES)) {
      throw DiskFault(path, errno: ENOMEM)
    }
    var failed = false
    // A byte more than the file has, so that the end is seen.
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: size + 1) { room, count in
      unsafe SystemMemory.willFill(room.baseAddress, byteCount: size)
      while count < room.count {
        // SAFETY: what is read goes behind what was read, and no further than there is room.
        let read = unsafe pread(
          number, room.baseAddress.map { unsafe $0 + count }, room.count - count, off_t(count))
        if read < 0, errno == EINTR { continue }
        failed = read < 0
        if read <= 0 { break }
        count += read
      }
    }
    if failed { throw fault() }
    return bytes
  }

  func write(_ bytes: [UInt8]) throws(DiskFault) {
    var written = 0
    while written < bytes.count {
      // SAFETY: what is left of the array is written, which outlives the call.
      let count = unsafe bytes.withUnsafeBytes {
        unsafe writeSome(of: UnsafeRawBufferPointer(rebasing: $0[written...]), to: number)
      }
      if count < 0 {
        if errno == EINTR { continue }
        throw fault()
      }
      written += count
    }
  }

  func size() throws(DiskFault) -> Int {
    var status = stat()
    // SAFETY: the call fills the structure, and keeps nothing.
    if unsafe fstat(number, &status) != 0 { throw fault() }
    return Int(status.st_size)
  }

  func truncate(to size: Int) throws(DiskFault) {
    while ftruncate(number, off_t(size)) != 0 {
      if errno != EINTR { throw fault() }
    }
  }

  /// Waits until all that was written is on the medium. On Darwin `fsync` leaves it in the cache of
  /// the drive, so it is only asked where the file system knows no other way.
  func sync() throws(DiskFault) {
    #if canImport(Darwin)
      if fcntl(number, F_FULLFSYNC) != -1 { return }
    #endif
    while fsync(number) != 0 {
      if errno != EINTR { throw fault() }
    }
  }

  /// Takes the lock of the file or folder, or returns false if another has it.
  func takeLock() throws(DiskFault) -> Bool {
    while flock(number, LOCK_EX | LOCK_NB) != 0 {
      if errno == EWOULDBLOCK { return false }
      if errno != EINTR { throw fault() }
    }
    return true
  }

  /// Gives the lock back, also if a child process that is just being made has inherited it.
  func releaseLock() {
    _ = flock(number, LOCK_UN)
  }
}

private final class SystemFile: DiskFile {
  private let descriptor: Descriptor

  init(_ descriptor: Descriptor) {
    self.descriptor = descriptor
  }

  var size: Int { get throws(DiskFault) { try descriptor.size() } }
  func append(_ bytes: [UInt8]) throws(DiskFault) { try descriptor.write(bytes) }
  func truncate(to size: Int) throws(DiskFault) { try descriptor.truncate(to: size) }
  func sync() throws(DiskFault) { try descriptor.sync() }
}

private final class SystemLock: DiskLock {
  private let descriptors: [Descriptor]

  init(_ descriptors: [Descriptor]) {
    self.descriptors = descriptors
  }

  deinit {
    for descriptor in descriptors { descriptor.releaseLock() }
  }
}

/// The process, as others who want its lock are told.
package func processName() -> String {
  var name = [CChar](repeating: 0, count: 256)
  // SAFETY: the call writes no more than the array has, less a zero at its end.
  let status = unsafe gethostname(&name, name.count - 1)
  let host = String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  return status == 0 ? "process \(getpid()) on \(host)" : "process \(getpid())"
}

extension DiskFault {
  /// The fault of a call that failed with a number.
  fileprivate init(_ file: String, errno number: Int32) {
    switch number {
    case ENOENT, ENOTDIR: self.init(file, .missing)
    case EACCES, EPERM: self.init(file, .denied)
    case ENOSPC, EDQUOT: self.init(file, .full)
    case EROFS: self.init(file, .readOnly)
    default:
      // SAFETY: the text is copied at once; the call returns one for every number.
      self.init(file, .other(number, unsafe String(cString: strerror(number))))
    }
  }
}
