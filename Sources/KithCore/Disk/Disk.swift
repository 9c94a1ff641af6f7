/// One folder of a file system, and the few things that a durable store does there.
///
/// What was appended, truncated, created, renamed or removed may be lost when the machine stops,
/// until it is synced: the content of a file by `DiskFile.sync`, the names by `syncFolder`. Names
/// hold no slash.
package protocol Disk: Sendable {
  /// The path of the folder, for messages.
  var path: String { get }

  /// Makes the folder, and those above it, unless it is there.
  func createFolder() throws(DiskFault)

  /// Whether the folder is there and nothing in it can be changed.
  var isReadOnly: Bool { get }

  /// The names of the files of the folder, sorted.
  func list() throws(DiskFault) -> [String]

  /// The whole content of a file.
  func read(_ name: String) throws(DiskFault) -> [UInt8]

  /// Makes an empty file, in place of one that has the name.
  func create(_ name: String) throws(DiskFault) -> any DiskFile

  /// Opens a file that is there, to change its end.
  func open(_ name: String) throws(DiskFault) -> any DiskFile

  /// Gives a file another name, in place of the file that has that name, in one step.
  func rename(_ name: String, to newName: String) throws(DiskFault)

  /// Removes a file.
  func remove(_ name: String) throws(DiskFault)

  /// Makes sure that the names of all files are kept as they are now.
  func syncFolder() throws(DiskFault)

  /// Takes a lock that one process at a time can have; it ends with the object that is returned, and
  /// with the process.
  ///
  /// - Parameters:
  ///   - name: The file whose lock is taken; it is made if it is not there, and is kept.
  ///   - holder: Who takes the lock, for the message to those who come later.
  /// - Throws: `DiskFault` of the kind `.held` if another has it.
  func lock(_ name: String, holder: String) throws(DiskFault) -> any DiskLock
}

/// A file whose end is changed.
package protocol DiskFile: AnyObject, Sendable {
  /// The number of bytes.
  var size: Int { get throws(DiskFault) }

  /// Adds bytes at the end.
  ///
  /// - Throws: A fault; then some of the bytes may be there.
  func append(_ bytes: [UInt8]) throws(DiskFault)

  /// Cuts the end off.
  func truncate(to size: Int) throws(DiskFault)

  /// Makes sure that the content is kept as it is now.
  func sync() throws(DiskFault)
}

/// A lock that ends with the object.
package protocol DiskLock: AnyObject, Sendable {}

/// What a file system refused to do.
package struct DiskFault: Error, Hashable, Sendable {
  /// The path of the file or folder.
  package var file: String
  package var kind: Kind

  package enum Kind: Hashable, Sendable {
    case missing
    case denied
    case full
    case readOnly
    /// Another has the lock: who, as they said themselves.
    case held(by: String)
    /// Another error, by its number and the words of the system.
    case other(Int32, String)
  }

  package init(_ file: String, _ kind: Kind) {
    self.file = file
    self.kind = kind
  }

  /// What went wrong, in words for a user.
  package var reason: String {
    switch kind {
    case .missing: "there is no such file or directory"
    case .denied: "permission denied"
    case .full: "no space is left on the device"
    case .readOnly: "the file system can only be read"
    case .held(let holder): "\(holder) has it open"
    case .other(_, let words): words
    }
  }
}
