import Foundation

/// A child in its own process group, with its output in a file and a lifeline to its parent.
///
/// - Its own group: Ctrl-C on the terminal reaches the coordinator only, which then asks its children to stop.
/// - The lifeline is a pipe at the child's standard input. The system closes our end however we end, SIGKILL included;
///   the child reads end-of-file and stops. So no child outlives its coordinator, and no parent's death is missed.
package final class ChildProcess {
  package enum SpawnError: Error, Equatable, CustomStringConvertible {
    case cannotStart(path: String, code: Int32)
    case cannotOpenLog(path: String, code: Int32)

    package var description: String {
      switch self {
      case .cannotStart(let path, let code): "\(path) could not be started: \(String(cString: strerror(code)))"
      case .cannotOpenLog(let path, let code): "\(path) could not be opened: \(String(cString: strerror(code)))"
      }
    }
  }

  package let identifier: pid_t
  private var lifeline: Int32?
  private var end: Int32?

  /// Starts `executable` with `arguments` (without the program's own name); output is appended to `log`.
  package init(executable: URL, arguments: [String], log: URL) throws {
    let path = executable.path
    let output = open(log.path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
    guard output >= 0 else { throw SpawnError.cannotOpenLog(path: log.path, code: errno) }
    defer { close(output) }
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw SpawnError.cannotStart(path: path, code: errno) }
    defer { close(ends[0]) }
    // Neither end may leak into another child, who would keep this one's lifeline alive.
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    do {
      identifier = try Self.spawn(path: path, arguments: arguments, input: ends[0], output: output)
      lifeline = ends[1]
    } catch {
      close(ends[1])
      throw error
    }
  }

  deinit { letGo() }

  /// Closes the lifeline: the child reads end-of-file and is expected to leave.
  package func letGo() {
    if let lifeline { close(lifeline) }
    lifeline = nil
  }

  /// The status `waitpid` reports, or nil while the child runs.
  package func poll() -> Int32? {
    guard end == nil else { return end }
    var status: Int32 = 0
    if waitpid(identifier, &status, WNOHANG) == identifier { end = status }
    return end
  }

  /// Waits for the end.
  package func wait() -> Int32 {
    var status: Int32 = 0
    while end == nil {
      if waitpid(identifier, &status, 0) == identifier { end = status }
    }
    return end ?? status
  }

  /// Sends a signal, unless the child has ended: its number may belong to another process by then.
  package func send(_ signal: Int32) {
    if poll() == nil { kill(identifier, signal) }
  }

  private static func spawn(path: String, arguments: [String], input: Int32, output: Int32) throws -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO)
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
    posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO)
    var attributes = cleanAttributes()
    defer { posix_spawnattr_destroy(&attributes) }

    var words: [UnsafeMutablePointer<CChar>?] = ([path] + arguments).map { strdup($0) } + [nil]
    defer { words.forEach { free($0) } }
    var identifier: pid_t = 0
    let code = posix_spawn(&identifier, path, &actions, &attributes, &words, environ)
    guard code == 0 else { throw SpawnError.cannotStart(path: path, code: code) }
    return identifier
  }

  /// A group of its own, no blocked signals, every signal at its default: not what the parent has set for itself.
  private static func cleanAttributes() -> posix_spawnattr_t {
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    var all = sigset_t()
    sigfillset(&all)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setpgroup(&attributes, 0)
    posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
    return attributes
  }
}
