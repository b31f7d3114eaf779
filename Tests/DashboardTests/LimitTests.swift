import Dashboard
import Foundation
import NIOCore
import TestSupport
import Testing

/// What clients may not take from others. One after the other: they need many sockets.
@Suite(.serialized) struct LimitTests {
  private func withServer(_ limits: Limits = Limits(), _ body: (RunningServer) throws -> Void) throws {
    try withTemporaryFolder { folder in
      let running = try RunningServer(folder.appending(path: "Workspace"), limits: limits)
      defer { running.close() }
      try body(running)
    }
  }

  @Test func aThousandConnectionsLeaveRoomForAnother() throws {
    try withServer { (running) throws in
      let silent = try (0..<1_000).map { _ in try RawClient(port: running.server.port) }
      #expect(try running.ask("/api/sweep").status == 200)
      withExtendedLifetime(silent) {}
    }
  }

  @Test func thoseBeyondTheLimitAreSentAwayAndTheServerGoesOn() throws {
    var limits = Limits()
    limits.connections = 20
    try withServer(limits) { (running) throws in
      var silent = try (0..<60).map { _ in try RawClient(port: running.server.port) }
      #expect(silent[59].receive().isEmpty, "closed, and not kept waiting")
      silent.removeAll()
      // Their ends are noticed one after the other.
      let isAnswered = (0..<50).contains { _ in
        usleep(50_000)
        return (try? running.ask("/api/sweep").status) == 200
      }
      #expect(isAnswered)
    }
  }

  @Test func whoeverIsSlowIsLetGo() throws {
    var limits = Limits()
    limits.request = .milliseconds(300)
    try withServer(limits) { (running) throws in
      let client = try RawClient(port: running.server.port)
      let begin = Date()
      client.send("GET / HTTP/1.1\r\nHost: 127")
      for _ in 0..<20 where client.send("0") { usleep(50_000) }
      #expect(client.receive().isEmpty && client.isLetGo)
      #expect(Date().timeIntervalSince(begin) > 0.25)
      #expect(try running.ask("/api/sweep").status == 200)
    }
  }

  @Test(arguments: ["GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: ", "GET /", "GET / HTTP/1.1\r\n"])
  func aHeadWithoutEndIsNotCollected(beginning: String) throws {
    try withServer { (running) throws in
      let client = try RawClient(port: running.server.port)
      client.send(beginning)
      let piece =
        beginning.hasSuffix("\n")
        ? String(repeating: "a: b\r\n", count: 20_000) : String(repeating: "a", count: 1 << 17)
      // 100 MB are offered.
      let taken = (0..<800).prefix { _ in client.send(piece) }.count
      #expect(taken < 100, "\(taken) pieces of 128 KB were taken")
      #expect(try running.ask("/api/sweep").status == 200)
    }
  }

  @Test(arguments: [
    "\0\0\0\0", "GET\r\n\r\n", "\u{16}\u{3}\u{1}\u{2}", "GET / HTTP/9.9\r\n\r\n", "GET / HTTP/1.1\r\nA B: c\r\n\r\n",
  ])
  func whatIsNoHTTPEndsTheConnectionOnly(bytes: String) throws {
    try withServer { (running) throws in
      let client = try RawClient(port: running.server.port)
      client.send(bytes)
      #expect(!client.receive().contains(" 200 "))
      #expect(try running.ask("/api/sweep").status == 200)
    }
  }

  @Test func whatIsKnownIsNotSentAgain() throws {
    try withServer { (running) throws in
      let tag = try #require(try running.ask("/main.js").field("ETag"))
      let again = try running.ask("/main.js", lines: ["If-None-Match: \(tag)"])
      #expect(again.status == 304 && again.body.isEmpty && again.field("ETag") == tag)
      #expect(try running.ask("/main.js", lines: ["If-None-Match: \"other\""]).status == 200)
    }
  }

  @Test func theCompressedFormHasATagOfItsOwn() throws {
    try withServer { (running) throws in
      let plain = try #require(try running.ask("/main.js").field("ETag"))
      let head = { (field: String) throws -> Answer in
        try running.ask("/main.js", method: "HEAD", lines: ["Accept-Encoding: \(field)"])
      }
      let packed = try #require(try head("gzip").field("ETag"))
      #expect(packed != plain)
      #expect(try running.ask("/main.js", lines: ["If-None-Match: \(packed)"]).status == 304)
      for field in ["gzip", "br, gzip;q=0.5", "GZIP;q=1.0"] {
        #expect(try head(field).field("Content-Encoding") == "gzip", "\(field)")
      }
      for field in ["gzip;q=0", "gzip;q=0.0", "gzip; q=0.000", "gzipped", "br"] {
        #expect(try head(field).field("Content-Encoding") == nil, "\(field)")
      }
    }
  }

  @Test func theStreamHasAHeadAndIsNotInPiecesForOldClients() throws {
    try withServer { (running) throws in
      let head = try running.ask("/events", method: "HEAD")
      #expect(head.status == 200 && head.body.isEmpty && head.field("Content-Type") == "text/event-stream")
      let client = try RawClient(port: running.server.port)
      client.send("GET /events HTTP/1.0\r\nHost: 127.0.0.1:\(running.server.port)\r\n\(running.key)\r\n\r\n")
      let stream = Answer(client.receive { $0.contains("data: ") })
      #expect(stream.field("Transfer-Encoding") == nil && stream.body.hasPrefix("retry: 1000\nevent: change\n"))
    }
  }

  @Test func textIsCompressedForThoseThatTakeIt() throws {
    try withServer { (running) throws in
      let client = try RawClient(port: running.server.port)
      client.send(
        "GET /main.js HTTP/1.1\r\nHost: localhost:\(running.server.port)\r\n\(running.key)\r\nAccept-Encoding: gzip\r\n\r\n"
      )
      let bytes = client.receiveBytes()
      let head = String(decoding: bytes.prefix(1_500), as: UTF8.self)
      #expect(head.contains("Content-Encoding: gzip") && head.contains("Vary: Accept-Encoding"))
      let body = try #require(bytes.indices.first { bytes[$0...].starts(with: [0x0D, 0x0A, 0x0D, 0x0A]) })
      #expect(bytes[(body + 4)...].starts(with: [0x1F, 0x8B]))
      #expect(try running.ask("/main.js").field("Content-Encoding") == nil)
    }
  }
}
