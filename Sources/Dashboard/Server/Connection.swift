import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix

/// One connection, one request, one answer, and the end: nothing of one request is left for the next.
final class Connection: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  private let server: ServerParts
  private var deadline: Scheduled<Void>?
  private var head: HTTPRequestHead?
  private var isAnswered = false

  init(_ server: ServerParts) { self.server = server }

  func channelActive(context: ChannelHandlerContext) {
    allow(server.limits.request, context.channel)
    context.fireChannelActive()
  }

  func channelInactive(context: ChannelHandlerContext) { deadline?.cancel() }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard !isAnswered else { return }
    switch unwrapInboundIn(data) {
    case .head(let head):
      self.head = head
      switch server.gate.check(head) {
      // Before its body, if it has one, is waited for.
      case .refused(let response): send(response, head, context.channel)
      case .admitted: break
      }
    case .body: context.close(promise: nil)
    case .end:
      if let head, case .admitted(let request, let cookie) = server.gate.check(head) {
        answer(request, head, cookie, context.channel)
      }
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

  private func allow(_ time: TimeAmount, _ channel: any Channel) {
    deadline?.cancel()
    deadline = channel.eventLoop.scheduleTask(in: time) { channel.close(promise: nil) }
  }

  private func answer(_ request: Request, _ head: HTTPRequestHead, _ cookie: String?, _ channel: any Channel) {
    isAnswered = true
    if request.path == Routes.events { return openStream(head, channel) }
    allow(server.limits.answer, channel)
    let (routes, isHead) = (server.routes, head.method == .HEAD)
    let parts = AnswerParts(head.headers)
    server.threads.runIfActive(eventLoop: channel.eventLoop) {
      var response = routes.response(to: request)
      if let cookie { response.headers.append(("Set-Cookie", cookie)) }
      return Answer(response, parts)
    }.whenComplete { result in
      guard let answer = try? result.get() else { return channel.close(promise: nil) }
      answer.send(to: channel, withoutBody: isHead)
    }
  }

  private func send(_ response: Response, _ head: HTTPRequestHead, _ channel: any Channel) {
    isAnswered = true
    allow(server.limits.answer, channel)
    Answer(response, AnswerParts(head.headers)).send(to: channel, withoutBody: head.method == .HEAD)
  }

  private func openStream(_ head: HTTPRequestHead, _ channel: any Channel) {
    let isHead = head.method == .HEAD
    guard isHead || server.streams.add(channel) else {
      return send(.refusal(.serviceUnavailable, "Too many pages are open."), head, channel)
    }
    deadline?.cancel()
    var headers = HTTPHeaders(Response.safety)
    headers.replaceOrAdd(name: "Cache-Control", value: "no-store")
    headers.add(name: "Content-Type", value: "text/event-stream")
    // One that has no length is sent in pieces, which 1.0 does not know: there it lasts as long as the connection.
    let version = head.version.minor == 0 ? HTTPVersion.http1_0 : .http1_1
    let answer = HTTPServerResponsePart.head(HTTPResponseHead(version: version, status: .ok, headers: headers))
    // Without an end, which would be a piece.
    if isHead { return channel.writeAndFlush(answer).whenComplete { _ in channel.close(promise: nil) } }
    channel.write(answer, promise: nil)
    // The version now: whoever comes back after a pause learns whether it missed something.
    let first = "retry: 1000\n" + server.routes.event
    channel.writeAndFlush(HTTPServerResponsePart.body(.byteBuffer(ByteBuffer(string: first))), promise: nil)
  }
}

/// What of a request decides the form of its answer.
struct AnswerParts: Sendable {
  let takesGzip: Bool
  let known: String?

  init(_ headers: HTTPHeaders) {
    takesGzip = headers[canonicalForm: "accept-encoding"].contains(where: Self.isGzip)
    known = headers.first(name: "if-none-match")
  }

  /// Whether that member of `Accept-Encoding` asks for it: `gzip;q=0.0` does not want it.
  private static func isGzip(_ member: Substring) -> Bool {
    let parts = member.lowercased().split(separator: ";").map { $0.trimmingCharacters(in: .whitespaces) }
    guard parts.first == "gzip" else { return false }
    return parts.dropFirst().allSatisfy { !$0.hasPrefix("q=") || Double($0.dropFirst(2)).map { $0 > 0 } ?? false }
  }
}

/// An answer as it goes out.
private struct Answer: Sendable {
  let head: HTTPResponseHead
  let body: Data

  init(_ response: Response, _ parts: AnswerParts) {
    var headers = HTTPHeaders(Response.safety + response.headers)
    headers.add(name: "Vary", value: "Accept-Encoding")
    headers.add(name: "Connection", value: "close")
    if response.status == .ok, let tag = parts.known.flatMap(response.document.tagNamed) {
      headers.add(name: "ETag", value: tag)
      head = HTTPResponseHead(version: .http1_1, status: .notModified, headers: headers)
      body = Data()
      return
    }
    headers.add(name: "Content-Type", value: response.document.kind.rawValue)
    let compressed = parts.takesGzip ? response.document.compressed : nil
    if compressed != nil { headers.add(name: "Content-Encoding", value: "gzip") }
    if response.status == .ok {
      headers.add(name: "ETag", value: compressed == nil ? response.document.tag : response.document.compressedTag)
    }
    body = compressed ?? response.document.body
    headers.add(name: "Content-Length", value: "\(body.count)")
    head = HTTPResponseHead(version: .http1_1, status: response.status, headers: headers)
  }

  func send(to channel: any Channel, withoutBody: Bool) {
    channel.write(HTTPServerResponsePart.head(head), promise: nil)
    if !withoutBody && !body.isEmpty {
      channel.write(HTTPServerResponsePart.body(.byteBuffer(ByteBuffer(bytes: body))), promise: nil)
    }
    channel.writeAndFlush(HTTPServerResponsePart.end(nil)).whenComplete { _ in channel.close(promise: nil) }
  }
}
