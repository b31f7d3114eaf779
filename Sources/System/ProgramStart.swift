import Foundation

/// How the system is asked to start a ``ChildProcess``: with its streams opened, in a group of its own, and every signal at
/// its default.
enum ProgramStart {
  /// The child's end of a stream and, of a pipe, ours. Neither may leak into another child, who would keep this one's
  /// lifeline alive.
  static func open(
    _ stream: ChildProcess.Stream, _ number: Int32, _ program: String
  ) throws(ChildProcess.SpawnError) -> (child: Int32, own: Int32?) {
    switch stream {
    case .inherited: return (number, nil)
    case .nothing: return (try open("/dev/null", O_RDWR), nil)
    case .file(let url): return (try open(url.path, O_WRONLY | O_CREAT | O_APPEND | O_NONBLOCK), nil)
    case .pipe:
      var ends: [Int32] = [-1, -1]
      guard pipe(&ends) == 0 else { throw ChildProcess.SpawnError.cannotStart(path: program, code: errno) }
      for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
      return number == STDIN_FILENO ? (ends[0], ends[1]) : (ends[1], ends[0])
    }
  }

  private static func open(_ path: String, _ flags: Int32) throws(ChildProcess.SpawnError) -> Int32 {
    let number = Glibc.open(path, flags | O_CLOEXEC, FileMode.file)
    guard number >= 0 else { throw ChildProcess.SpawnError.cannotOpenLog(path: path, code: errno) }
    return number
  }

  /// Closes what was opened here: not a stream that the child inherits.
  static func close(_ number: Int32?) {
    if let number, number > STDERR_FILENO { Glibc.close(number) }
  }

  static func spawn(
    _ program: String, _ words: [String], streams: [Int32], _ environment: [String: String]
  ) throws(ChildProcess.SpawnError) -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for (number, stream) in streams.enumerated() {
      posix_spawn_file_actions_adddup2(&actions, stream, Int32(number))
    }
    var attributes = cleanAttributes()
    defer { posix_spawnattr_destroy(&attributes) }

    var words: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
    defer { words.forEach { free($0) } }
    let all = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    var settings: [UnsafeMutablePointer<CChar>?] = all.map { strdup("\($0)=\($1)") } + [nil]
    defer { settings.forEach { free($0) } }
    var identifier: pid_t = 0
    let code = posix_spawnp(&identifier, program, &actions, &attributes, &words, &settings)
    guard code == 0 else { throw ChildProcess.SpawnError.cannotStart(path: program, code: code) }
    return identifier
  }

  /// A group of its own, no blocked signals, every signal at its default: not what the parent has set for itself. Only what
  /// whoever started us wants ignored (`nohup`) stays so, but for SIGTERM, with which we ask a child to stop.
  private static func cleanAttributes() -> posix_spawnattr_t {
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    var all = sigset_t()
    sigfillset(&all)
    for number in [SIGHUP, SIGINT, SIGQUIT, SIGUSR1] where Signals.isIgnored(number) { sigdelset(&all, number) }
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setpgroup(&attributes, 0)
    posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
    return attributes
  }
}
