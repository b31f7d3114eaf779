import Dashboard
import Foundation
import TestSupport
import Testing

/// A listener that is lost by itself, as when the system shuts the socket: whoever waits is told.
@Suite struct ListenerTests {
  /// The socket of this process that listens at a port.
  private static func socket(listeningAt port: Int) -> Int32? {
    (3..<Int32(65_536)).first { number in
      var (isListening, size) = (Int32(0), socklen_t(MemoryLayout<Int32>.size))
      guard getsockopt(number, SOL_SOCKET, SO_ACCEPTCONN, &isListening, &size) == 0, isListening != 0 else {
        return false
      }
      var (address, length) = (sockaddr_in(), socklen_t(MemoryLayout<sockaddr_in>.size))
      let result = withUnsafeMutablePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(number, $0, &length) }
      }
      return result == 0 && address.sin_port == UInt16(port).bigEndian
    }
  }

  @Test func itsEndIsAnErrorWithTheAddressAndWhatHelps() throws {
    let folder = try TemporaryFolder()
    let running = try RunningServer(folder.file("W"))
    defer { running.close() }
    let socket = try #require(Self.socket(listeningAt: running.port))
    #expect(shutdown(socket, Int32(SHUT_RDWR)) == 0)
    let error = #expect(throws: DashboardError.self) { try running.server.wait() }
    let words = error?.description ?? ""
    #expect(words.hasPrefix("127.0.0.1, port \(running.port), is not listened at any more ("), "\(words)")
    #expect(words.contains("): give the same command again, and open the address that it prints"), "\(words)")
  }

  @Test func oneThatIsClosedHasNoError() throws {
    let folder = try TemporaryFolder()
    let running = try RunningServer(folder.file("W"))
    running.close()
    try running.server.wait()
  }

  /// Starts the program, shuts the socket that it listens at as only its parent may, and prints how it ended. 77: this system
  /// lets nobody take another process's socket.
  private static let script = """
    import ctypes, os, socket, subprocess, sys
    program = subprocess.Popen([sys.argv[1], "dashboard", "--workspace", "W", "--port", "0"], stdout=subprocess.PIPE,
      stderr=subprocess.PIPE, text=True)
    port = int(program.stdout.readline().split(":")[2].split("/")[0])
    try:
      call, handle = ctypes.CDLL(None).syscall, os.pidfd_open(program.pid)
      for name in os.listdir(f"/proc/{program.pid}/fd"):
        number = call(438, handle, int(name), 0)
        if number < 0: raise OSError()
        try: one = socket.socket(fileno=number)
        except OSError:
          os.close(number)
          continue
        if one.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN) and one.getsockname()[1] == port:
          one.shutdown(socket.SHUT_RDWR)
          print(port, program.wait(60), program.stderr.read())
          break
      else: print(77)
    except (OSError, AttributeError): print(77)
    finally: program.kill()
    """

  @Test func theCommandEndsWithItsWordsAndANumberThatIsNotZero() throws {
    let words = try Python.run(Self.script, FinishedExperiment.safnet.path).split(separator: " ", maxSplits: 2)
    guard words.count == 3 else {
      #expect(words.first == "77\n")
      return
    }
    #expect(words[1] == "1" && words[2].contains("error: 127.0.0.1, port \(words[0]), is not listened at any more ("))
  }
}
