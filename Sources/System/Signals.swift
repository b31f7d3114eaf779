import Foundation

/// What this process does with signals, by itself and by inheritance.
package enum Signals {
  /// From the first use on, a reader that has gone (a closed pipe) and a limit on file sizes are errors of the write
  /// that met them.
  package static let becomeErrors: Void = {
    _ = signal(SIGPIPE, SIG_IGN)
    _ = signal(SIGXFSZ, SIG_IGN)
  }()

  /// Whether a signal is ignored: by `nohup`, by `trap '' TERM`, or as SIGINT is in a job that a shell without job control
  /// has put in the background. Whoever started this process wanted it so.
  package static func isIgnored(_ number: Int32) -> Bool {
    var action = sigaction()
    guard sigaction(number, nil, &action) == 0 else { return false }
    let handler = unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
    return handler == unsafeBitCast(SIG_IGN, to: Int.self)
  }

  /// "SIGILL, illegal instruction".
  package static func words(_ number: Int32) -> String {
    let meaning = strsignal(number).map { String(cString: $0).lowercased() }
    guard let name = names[number] else { return meaning ?? "signal \(number)" }
    return ([name] + [meaning].compactMap { $0 }).joined(separator: ", ")
  }

  private static let names: [Int32: String] = [
    SIGHUP: "SIGHUP", SIGINT: "SIGINT", SIGQUIT: "SIGQUIT", SIGILL: "SIGILL", SIGTRAP: "SIGTRAP", SIGABRT: "SIGABRT",
    SIGBUS: "SIGBUS", SIGFPE: "SIGFPE", SIGKILL: "SIGKILL", SIGSEGV: "SIGSEGV", SIGUSR1: "SIGUSR1", SIGUSR2: "SIGUSR2",
    SIGPIPE: "SIGPIPE", SIGALRM: "SIGALRM", SIGTERM: "SIGTERM", SIGXCPU: "SIGXCPU", SIGXFSZ: "SIGXFSZ",
    SIGSYS: "SIGSYS",
  ]
}
