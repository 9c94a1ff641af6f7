import Dispatch

/// Waits for a semaphore on a thread that is not one of those that tasks run on.
func wait(for semaphore: DispatchSemaphore) async {
  await withCheckedContinuation { continuation in
    DispatchQueue.global().async {
      semaphore.wait()
      continuation.resume()
    }
  }
}
