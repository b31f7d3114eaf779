import Foundation
import System
import Testing

@Suite struct SignalsTests {
  @Test(arguments: [
    (SIGILL, "SIGILL, illegal instruction"), (SIGSEGV, "SIGSEGV, segmentation fault"), (SIGBUS, "SIGBUS, bus error"),
    (SIGABRT, "SIGABRT, aborted"),
  ])
  func aSignalHasAName(number: Int32, words: String) { #expect(Signals.words(number) == words) }

  @Test func whatIsIgnoredIsKnown() async {
    await #expect(processExitsWith: .success) {
      let before = [SIGHUP, SIGINT, SIGUSR1].map(Signals.isIgnored)
      signal(SIGHUP, SIG_IGN)
      let after = [SIGHUP, SIGINT, SIGUSR1].map(Signals.isIgnored)
      precondition(!before[0] && after[0] && before.dropFirst() == after.dropFirst())
    }
  }

  /// What `nohup` and `trap ''` have set stays so for children; but a child can always be asked to stop.
  @Test func childrenInheritWhatIsIgnoredButForSIGTERM() async {
    await #expect(processExitsWith: .success) {
      for number in [SIGHUP, SIGINT, SIGUSR1, SIGQUIT, SIGTERM] { signal(number, SIG_IGN) }
      let child = try ChildProcess(
        "sh", ["-c", "kill -HUP $$; kill -INT $$; kill -USR1 $$; kill -QUIT $$; kill $$"],
        input: .nothing, output: .nothing)
      precondition(child.wait() == .killed(signal: SIGTERM))
    }
  }
}

@Suite struct FileModeTests {
  /// Files and folders of every kind that is made here, as the user's umask has them.
  @Test(arguments: [(0o002, 0o664, 0o775), (0o022, 0o644, 0o755), (0o077, 0o600, 0o700), (0o007, 0o660, 0o770)])
  func everythingFollowsTheUmask(mask: Int, file: Int, folder: Int) async throws {
    try await withFolder { root in
      await #expect(processExitsWith: .success) {
        [root = root as String, mask = mask as Int, file = file as Int, folder = folder as Int] in
        umask(mode_t(mask))
        let url = URL(filePath: root)
        try AtomicFile.write(Data("a".utf8), to: url.appending(path: "atomic"))
        _ = try FileLock.acquire(url.appending(path: "lock"))
        _ = try ChildProcess("true", [], input: .nothing, output: .file(url.appending(path: "log"))).wait()
        _ = try Descriptor(url.appending(path: "made").path, O_WRONLY | O_CREAT, action: .create)
        try Folder.create(url.appending(path: "deep/er"))
        let staged = try StagedFolder.create(for: url.appending(path: "staged"))
        _ = try staged.takePlace()
        for (name, wanted) in [
          ("atomic", file), ("lock", file), ("log", file), ("made", file), ("deep", folder), ("deep/er", folder),
          ("staged", folder),
        ] {
          var status = stat()
          precondition(
            stat(url.appending(path: name).path, &status) == 0 && Int(status.st_mode) & 0o777 == wanted, name)
        }
      }
    }
  }

  private func withFolder(_ body: (String) async throws -> Void) async throws {
    let url = FileManager.default.temporaryDirectory.appending(path: "safnet-modes-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: url) }
    try await body(url.path)
  }
}
