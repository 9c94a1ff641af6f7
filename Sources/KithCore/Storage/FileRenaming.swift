#if canImport(Darwin)
  private import Darwin
#elseif canImport(Glibc)
  private import Glibc
#elseif canImport(Musl)
  private import Musl
#endif

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
