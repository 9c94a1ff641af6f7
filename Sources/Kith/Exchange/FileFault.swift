import Foundation

/// Words for what goes wrong in the file system.
enum FileFault {
  /// What went wrong, in words for a user.
  ///
  /// - Parameter missing: What to say of a path that leads nowhere.
  static func reason(for error: any Error, missing: String) -> String {
    let error = error as NSError
    let cause = error.userInfo[NSUnderlyingErrorKey] as? NSError ?? error
    guard cause.domain == NSPOSIXErrorDomain else { return reason(for: cause, missing) }
    return switch POSIXErrorCode(rawValue: Int32(truncatingIfNeeded: cause.code)) {
    case .ENOENT, .ENOTDIR: missing
    case .EISDIR: "it is a directory, not a file"
    case .EACCES, .EPERM: "permission denied"
    case .EIO: "the device reports an input or output error"
    case .ENOSPC: "no space is left on the device"
    case .EROFS: "the file system can only be read"
    default: cause.localizedDescription
    }
  }

  /// What Foundation says went wrong where it does not say what the file system said.
  private static func reason(for error: NSError, _ missing: String) -> String {
    guard error.domain == NSCocoaErrorDomain else { return error.localizedDescription }
    return switch CocoaError.Code(rawValue: error.code) {
    case .fileNoSuchFile, .fileReadNoSuchFile: missing
    case .fileReadNoPermission, .fileWriteNoPermission: "permission denied"
    case .fileWriteOutOfSpace: "no space is left on the device"
    case .fileWriteVolumeReadOnly: "the file system can only be read"
    default: error.localizedDescription
    }
  }
}
