import Dashboard
import Foundation
import TestSupport
import Testing

/// Who is let in, over a real socket.
@Suite struct GateTests {
  private let folder: TemporaryFolder
  private let running: RunningServer

  init() throws {
    folder = try TemporaryFolder()
    try folder.write("secret.txt", "nobody may read this")
    running = try RunningServer(folder.file("Workspace"))
  }

  private func withServer(_ body: (RunningServer) throws -> Void) throws {
    defer { running.close() }
    try body(running)
  }

  @Test func theAddressLetsInAndItsCookieAfterwards() throws {
    try withServer { (running) throws in
      let first = try running.ask("/?token=\(running.server.token.text)", hasKey: false)
      #expect(first.status == 200 && first.body.contains("<main"))
      let cookie = try #require(first.field("Set-Cookie"))
      #expect(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"))
      let kept = cookie.prefix { $0 != ";" }
      let second = try running.ask("/api/sweep", lines: ["Cookie: other=1; \(kept)"], hasKey: false)
      #expect(second.status == 200 && second.field("Set-Cookie") == nil)
    }
  }

  @Test(arguments: ["/", "/main.js", "/api/sweep", "/events", "/?token=", "/?token=00", "/api/sweep?token=TOKEN"])
  func withoutTheKeyNothingIsShown(target: String) throws {
    try withServer { (running) throws in
      // The key counts in the address of the page only.
      let target = target.replacing("TOKEN", with: running.server.token.text)
      let answer = try running.ask(target, hasKey: false)
      #expect(answer.status == 401 && !answer.body.contains("main"))
    }
  }

  @Test func aKeyThatIsNearlyRightIsWrong() throws {
    try withServer { (running) throws in
      let text = running.server.token.text
      for wrong in [String(text.dropLast()), text + "0", String(text.reversed()), text.uppercased() + " "] {
        let lines = ["Cookie: safnet-\(running.server.port)=\(wrong)"]
        #expect(try running.ask("/api/sweep", lines: lines, hasKey: false).status == 401)
      }
    }
  }

  /// Another program at 127.0.0.1 can set a cookie of that name with a longer path, which browsers send first.
  @Test func aCookieOfAnotherProgramLocksNobodyOut() throws {
    try withServer { (running) throws in
      let (name, token) = ("safnet-\(running.server.port)", running.server.token.text)
      for cookies in ["\(name)=other; \(name)=\(token)", "\(name)=\(token); \(name)=other"] {
        #expect(try running.ask("/api/sweep", lines: ["Cookie: \(cookies)"], hasKey: false).status == 200)
      }
      let wrong = "Cookie: \(name)=other; \(name)=another"
      #expect(try running.ask("/api/sweep", lines: [wrong], hasKey: false).status == 401)
    }
  }

  @Test(arguments: [
    "evil.example", "evil.example:PORT", "127.0.0.1.evil.example", "localhost.:PORT", "", "127.0.0.1:x", "[::2]",
    "[::1]x", "[::1]:1@evil", "[::1]:", "[::1", "127.0.0.1:+1",
  ])
  func otherNamesAreNotAnswered(host: String) throws {
    try withServer { (running) throws in
      let host = host.replacing("PORT", with: "\(running.server.port)")
      #expect([400, 421].contains(try running.ask("/api/sweep", host: host).status), "\(host)")
    }
  }

  @Test(arguments: ["localhost", "LOCALHOST:8888", "127.0.0.1:1", "[::1]:9"])
  func itsOwnNamesAreOfAnyPort(host: String) throws {
    try withServer { (running) throws in
      let port = host.split(separator: ":").last.flatMap { UInt16($0) } ?? 80
      let lines = ["Cookie: safnet-\(port)=\(running.server.token.text)"]
      #expect(try running.ask("/api/sweep", host: host, lines: lines, hasKey: false).status == 200)
    }
  }

  @Test func twoHostsAreNone() throws {
    try withServer { (running) throws in
      #expect([400, 421].contains(try running.ask("/api/sweep", lines: ["Host: evil.example"]).status))
    }
  }

  @Test(arguments: [
    "http://evil.example", "null", "https://127.0.0.1:PORT", "http://127.0.0.1:1", "http://localhost:PORT",
  ])
  func pagesOfOtherOriginsAreNotAnswered(origin: String) throws {
    try withServer { (running) throws in
      let origin = origin.replacing("PORT", with: "\(running.server.port)")
      let answer = try running.ask("/api/sweep", lines: ["Origin: \(origin)"])
      #expect(answer.status == 403 && answer.field("Access-Control-Allow-Origin") == nil)
    }
  }

  @Test func itsOwnOriginIsAnswered() throws {
    try withServer { (running) throws in
      let lines = ["Origin: http://127.0.0.1:\(running.server.port)"]
      #expect(try running.ask("/api/sweep", lines: lines).status == 200)
    }
  }

  @Test(arguments: ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH"])
  func nothingCanBeChanged(method: String) throws {
    try withServer { (running) throws in
      let answer = try running.ask("/api/sweep", method: method)
      #expect(answer.status == 405 && answer.field("Allow") == "GET, HEAD")
    }
  }

  @Test func aBodyIsRefused() throws {
    try withServer { (running) throws in
      #expect(try running.ask("/api/sweep", lines: ["Content-Length: 5", "", "abcde"]).status == 400)
      #expect(try running.ask("/api/sweep", lines: ["Transfer-Encoding: chunked"]).status == 400)
    }
  }

  @Test func headHasNoBody() throws {
    try withServer { (running) throws in
      let answer = try running.ask("/main.js", method: "HEAD")
      #expect(answer.status == 200 && answer.body.isEmpty && (Int(answer.field("Content-Length") ?? "") ?? 0) > 500)
    }
  }

  @Test(arguments: ["/", "/api/sweep", "/nothing", "/api/sweep?a=%zz"])
  func everyAnswerHasThePolicy(target: String) throws {
    try withServer { (running) throws in
      for hasKey in [true, false] {
        let answer = try running.ask(target, hasKey: hasKey)
        let policy = try #require(answer.field("Content-Security-Policy"))
        #expect(
          policy.hasPrefix("default-src 'none'; script-src 'self'; style-src 'self'")
            && policy.contains("frame-ancestors 'none'"))
        #expect(!policy.contains("unsafe") && answer.field("X-Content-Type-Options") == "nosniff")
        #expect(answer.field("X-Frame-Options") == "DENY" && answer.field("Referrer-Policy") == "no-referrer")
      }
    }
  }

  /// Traversal as others have met it: plain, encoded, doubly encoded, behind `#`, NUL, backslashes, overlong.
  static let paths = [
    "../secret.txt", "../../../../../../etc/passwd", "%2e%2e%2fsecret.txt", "%2e%2e/%2e%2e/etc/passwd",
    "%252e%252e%252fsecret.txt", "..%5csecret.txt", "..\\secret.txt", "....//secret.txt", "#../secret.txt",
    "%23/../secret.txt", "..%00/secret.txt", "%00", "secret.txt%00.js", "..%c0%af..%c0%afetc/passwd", "/etc/passwd",
    "//etc/passwd", "file:///etc/passwd", "~/secret.txt", ".", "..", "%uff0e%uff0e/secret.txt", "..;/secret.txt",
  ]

  @Test(arguments: paths) func noPathReachesTheFileSystem(path: String) throws {
    try withServer { (running) throws in
      let targets =
        ["/", "/api/", "/download/", "/main.js/"].map { $0 + path }
        + ["name", "table", "format", "runs", "case", "measure", "slice", "figure", "token"].flatMap { name in
          ["/api/run", "/download", "/api/curves", "/api/cases", "/api/slices", "/api/overlay", "/api/sweep"].map {
            "\($0)?\(name)=\(path)"
          }
        } + [path, "http://127.0.0.1/\(path)"]
      for target in targets {
        let answer = try running.ask(target)
        #expect(!answer.body.contains("nobody may read") && !answer.body.contains("root:"), "\(target)")
        #expect([200, 400, 401, 404].contains(answer.status), "\(target): \(answer.status)")
        // What is there beside files of the page says nothing of what was asked for.
        if answer.status == 200 {
          #expect(target.hasPrefix("/api/") || target == "/#../secret.txt" || target.hasPrefix("/?"))
        }
      }
    }
  }
}
