import Foundation

/// Signals that would end the process where an error is wanted.
package enum Signals {
  /// From the first use on, a reader that has gone (a closed pipe) and a limit on file sizes are errors of the write
  /// that met them.
  package static let becomeErrors: Void = {
    _ = signal(SIGPIPE, SIG_IGN)
    _ = signal(SIGXFSZ, SIG_IGN)
  }()
}
