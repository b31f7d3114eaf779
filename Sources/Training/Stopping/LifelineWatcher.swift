import Foundation

/// Asks to stop when the process at the other end of standard input is gone: a worker never outlives its coordinator,
/// however that one ended.
package enum LifelineWatcher {
  package static let reason = "the coordinator is gone"

  package static func start(raising flag: StopFlag, descriptor: Int32 = STDIN_FILENO) {
    Thread.detachNewThread {
      var byte: UInt8 = 0
      while true {
        let count = read(descriptor, &byte, 1)
        if count == 0 || (count < 0 && errno != EINTR) { break }
      }
      flag.request(reason)
    }
  }
}
