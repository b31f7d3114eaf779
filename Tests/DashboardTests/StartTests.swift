import Foundation
import TestSupport
import Testing

/// How `safnet dashboard` begins, and when it does not.
@Suite struct StartTests {
  private func start(_ folder: TemporaryFolder, _ line: String) throws -> ChildProgram {
    try ChildProgram(
      URL(fileURLWithPath: "/bin/sh"), ["-c", line, FinishedExperiment.safnet.path], in: folder.url,
      environment: ["PATH": folder.url.path + ":/usr/bin:/bin", "TMPDIR": folder.url.path])
  }

  /// Every user of the machine sees a program's arguments.
  @Test func theKeyIsInNoArguments() throws {
    let folder = try TemporaryFolder()
    try writeProgram(
      "#!/bin/sh\nstat -c %a \"$1\" > mode\ncp \"$1\" page\necho \"$@\" > arguments\n", to: folder.file("xdg-open"))
    let program = try start(folder, "exec \"$0\" dashboard --workspace W --port 0 --open")
    defer { if program.process.isRunning { program.process.terminate() } }
    let read = { try? String(contentsOf: folder.file($0), encoding: .utf8) }
    for _ in 0..<200 where read("arguments")?.hasSuffix("\n") != true { usleep(50_000) }
    let address = try String(contentsOf: program.output, encoding: .utf8).trimmingCharacters(in: .newlines)
    let token = try #require(address.split(separator: "=").last)
    let arguments = try #require(read("arguments")).trimmingCharacters(in: .newlines)
    #expect(!arguments.contains(token) && arguments.hasSuffix(".html"))
    #expect(read("page")?.contains("content=\"0;url=\(address)\"") == true && read("mode") == "600\n")
    program.process.terminate()
    let result = try program.wait()
    #expect(result.status == 0 && !result.errors.contains("EventLoop"), "\(result.errors)")
    #expect(!FileManager.default.fileExists(atPath: arguments), "it goes with the server")
  }

  @Test func withNobodyToReadTheAddressThereIsNoServer() throws {
    let folder = try TemporaryFolder()
    let program = try start(folder, "exec timeout 20 \"$0\" dashboard --workspace W --port 0 >&-")
    let result = try program.wait()
    #expect(result.status == 1 && result.errors.contains("error: standard output:"), "\(result.errors)")
  }

  @Test func whatCannotBeListenedAtIsSaidWithWhatHelps() throws {
    let folder = try TemporaryFolder()
    let taken = try RunningServer(folder.file("W"))
    defer { taken.close() }
    let port = try start(folder, "exec timeout 20 \"$0\" dashboard --workspace W --port \(taken.port)").wait()
    #expect(
      port.status != 0
        && port.errors.contains(
          "127.0.0.1, port \(taken.port), cannot be listened at (address already in use): give another --port"),
      "\(port.errors)")
    for host in ["nowhere.invalid", "192.0.2.7"] {
      let result = try start(folder, "exec timeout 20 \"$0\" dashboard --workspace W --host \(host)").wait()
      #expect(result.status != 0 && result.errors.contains("\(host) cannot be listened at ("), "\(result.errors)")
      #expect(!result.errors.contains("SocketAddressError"), "\(result.errors)")
      #expect(
        result.errors.contains("give an address of this machine with --host") && !result.errors.contains("--port"))
    }
  }

  @Test(arguments: [
    ("localhost:8800", "--host localhost --port 8800"), ("http://127.0.0.1:9000/", "--host 127.0.0.1 --port 9000"),
    ("[::1]:8800", "--host ::1 --port 8800"),
  ])
  func aPortInTheAddressIsToldItsOption(host: String, words: String) throws {
    let folder = try TemporaryFolder()
    let result = try start(folder, "exec timeout 20 \"$0\" dashboard --workspace W --host '\(host)'").wait()
    #expect(result.status != 0 && result.errors.contains("its port goes to --port: \(words)"), "\(result.errors)")
  }
}
