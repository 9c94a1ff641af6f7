/// How often something random is tried: a release build, which the gate runs under the address
/// sanitizer, does it all, and a debug build, whose steps take up to ten times as long, a part.
package func effort(release: Int, debug: Int) -> Int {
  #if DEBUG
    debug
  #else
    release
  #endif
}
