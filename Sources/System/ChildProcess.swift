import Foundation

/// A child in its own process group, connected to files, pipes or nothing.
///
/// - Its own group: Ctrl-C on the terminal reaches the parent only, which then asks its children to stop.
/// - A pipe at the child's standard input is also its lifeline. The system closes our end however we end, SIGKILL
///   included; the child reads end-of-file and is expected to leave. So no child outlives its parent.
package final class ChildProcess {
  /// What one of the child's three streams is connected to.
  package enum Stream {
    /// What it is in this process.
    case inherited
    case nothing
    /// This object's `write` and `letGo`, or `readLine` and `readToEnd`.
    case pipe
    /// Appended to.
    case file(URL)
  }

  package enum SpawnError: Error, Equatable, CustomStringConvertible {
    case cannotStart(path: String, code: Int32)
    case cannotOpenLog(path: String, code: Int32)

    package var description: String {
      switch self {
      case .cannotStart(let path, _): "\(path) could not be started: \(reason)"
      case .cannotOpenLog(let path, _): "\(path) could not be opened: \(reason)"
      }
    }

    /// What the system says.
    package var reason: String {
      switch self {
      case .cannotStart(_, let code), .cannotOpenLog(_, let code): String(cString: strerror(code))
      }
    }
  }

  /// How a process ended.
  package enum End: Equatable, Sendable {
    case exited(code: Int32)
    case killed(signal: Int32)

    /// Decodes what `waitpid` reports: the low seven bits hold the signal, the next byte the exit code.
    package init(waitStatus: Int32) {
      let signal = waitStatus & 0x7f
      self = signal == 0 ? .exited(code: waitStatus >> 8 & 0xff) : .killed(signal: signal)
    }
  }

  /// Held from the first pipe to the start: a child that another thread starts in between would inherit the pipe's ends,
  /// and keep this one's open.
  private static let starting = NSLock()

  package let identifier: pid_t
  private var input: Int32?
  private var output: Int32?
  private var unread = Data()
  private var end: End?

  /// Starts a program that writes output and errors to a log, with a lifeline at its standard input. If it is our own, the
  /// one that runs is started, not what has taken its place on the disk meanwhile.
  package convenience init(executable: URL, arguments: [String], log: URL) throws(SpawnError) {
    let program = ProgramFile.startable(executable).path
    try self.init(program, arguments, input: .pipe, output: .file(log), called: executable.path)
  }

  /// Starts a program.
  ///
  /// - Parameters:
  ///   - program: its path, or a name that is looked for in `PATH`.
  ///   - arguments: without the program's own name.
  ///   - errors: if not given, where the output goes.
  ///   - environment: added to ours.
  ///   - called: its own name, as it and `ps` see it; if not given, `program`.
  package init(
    _ program: String, _ arguments: [String], input: Stream, output: Stream, errors: Stream? = nil,
    environment: [String: String] = [:], called name: String? = nil
  ) throws(SpawnError) {
    _ = Signals.becomeErrors
    Self.starting.lock()
    defer { Self.starting.unlock() }
    let (childInput, ownInput) = try ProgramStart.open(input, STDIN_FILENO, program)
    defer { ProgramStart.close(childInput) }
    let opened: (child: Int32, own: Int32?)
    do throws(SpawnError) {
      opened = try ProgramStart.open(output, STDOUT_FILENO, program)
    } catch {
      ProgramStart.close(ownInput)
      throw error
    }
    defer { ProgramStart.close(opened.child) }
    do throws(SpawnError) {
      let childErrors = try errors.map { stream throws(SpawnError) in
        try ProgramStart.open(stream, STDERR_FILENO, program).child
      }
      defer { ProgramStart.close(childErrors) }
      identifier = try ProgramStart.spawn(
        program, [name ?? program] + arguments, streams: [childInput, opened.child, childErrors ?? opened.child],
        environment)
    } catch {
      ProgramStart.close(ownInput)
      ProgramStart.close(opened.own)
      throw error
    }
    (self.input, self.output) = (ownInput, opened.own)
  }

  deinit {
    letGo()
    ProgramStart.close(output)
  }

  /// Closes the pipe at the child's standard input: it reads end-of-file and is expected to leave.
  package func letGo() {
    ProgramStart.close(input)
    input = nil
  }

  /// How the child ended, or nil while it runs.
  package func poll() -> End? {
    var status: Int32 = 0
    if end == nil, waitpid(identifier, &status, WNOHANG) == identifier { end = End(waitStatus: status) }
    return end
  }

  /// Waits for the end.
  @discardableResult
  package func wait() -> End {
    while true {
      if let end { return end }
      var status: Int32 = 0
      if waitpid(identifier, &status, 0) == identifier { end = End(waitStatus: status) }
    }
  }

  /// Sends a signal, unless the child has ended: its number may belong to another process by then.
  package func send(_ signal: Int32) {
    if poll() == nil { kill(identifier, signal) }
  }
}

// MARK: Talking to it

extension ChildProcess {
  /// Writes to the pipe at its standard input; false when the child has closed it.
  package func write(_ text: String) -> Bool {
    guard let input else { return false }
    var rest = Data(text.utf8)
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(input, $0.baseAddress, $0.count) }
      if count >= 0 { rest = rest.dropFirst(count) } else if errno != EINTR { return false }
    }
    return true
  }

  /// The next line of its output, without its end; nil when the child has closed it.
  package func readLine() -> String? {
    while true {
      if let end = unread.firstIndex(of: UInt8(ascii: "\n")) {
        defer { unread = Data(unread[(end + 1)...]) }
        return String(decoding: unread[..<end], as: UTF8.self)
      }
      guard let more = readSome(), !more.isEmpty else { return nil }
      unread += more
    }
  }

  /// What a program prints, and how it ended; it is killed, with what it started, when that takes longer than `seconds`.
  /// What even that cannot end, in a call of the system that hangs as on a dead network disk, is not waited for.
  package static func run(
    _ program: String, _ arguments: [String], seconds: Double
  ) throws(SpawnError) -> (output: Data, end: End) {
    let child = try ChildProcess(program, arguments, input: .nothing, output: .pipe, errors: .nothing)
    let deadline = Date(timeIntervalSinceNow: seconds)
    var output = Data()
    while let more = child.readSome(until: deadline), !more.isEmpty { output += more }
    while child.poll() == nil, deadline.timeIntervalSinceNow > 0 { usleep(1000) }
    if child.poll() == nil { kill(-child.identifier, SIGKILL) }
    let last = Date(timeIntervalSinceNow: 1)
    while child.poll() == nil, last.timeIntervalSinceNow > 0 { usleep(1000) }
    return (output, child.poll() ?? .killed(signal: SIGKILL))
  }

  /// Starts a program, hands it a text at its standard input, and waits for its end; its output goes nowhere.
  ///
  /// - Parameters:
  ///   - text: short enough for a pipe, 64 KB, as nobody may read it.
  ///   - isWanted: asked all the while; when it is no more, or takes longer than `seconds`, the program is killed, with
  ///     what it has started.
  /// - Returns: nil when it was killed.
  package static func hand(
    _ text: String, to program: String, _ arguments: [String], seconds: Double, while isWanted: () -> Bool
  ) throws(SpawnError) -> End? {
    let child = try ChildProcess(program, arguments, input: .pipe, output: .nothing)
    // Whoever does not want to read has closed it.
    _ = child.write(text)
    child.letGo()
    let deadline = Date(timeIntervalSinceNow: seconds)
    while child.poll() == nil {
      guard deadline.timeIntervalSinceNow > 0, isWanted() else {
        kill(-child.identifier, SIGKILL)
        child.wait()
        return nil
      }
      usleep(5_000)
    }
    return child.poll()
  }

  /// Empty at the end of the output; nil when it cannot be read, or nothing has come until `deadline`.
  private func readSome(until deadline: Date? = nil) -> Data? {
    guard let output else { return nil }
    while true {
      if let deadline {
        var wanted = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
        let milliseconds = max(0, deadline.timeIntervalSinceNow * 1000).rounded(.up)
        // A signal to this thread ends the waiting early: reading then would wait for ever.
        let ready = Glibc.poll(&wanted, 1, Int32(min(milliseconds, 1e9)))
        if ready < 0, errno == EINTR { continue }
        if ready == 0 { return nil }
      }
      var buffer = Data(count: 1 << 16)
      let count = buffer.withUnsafeMutableBytes { Glibc.read(output, $0.baseAddress, $0.count) }
      if count >= 0 { return buffer.prefix(count) }
      if errno != EINTR { return nil }
    }
  }
}
