import Foundation
import NIOCore
import Synchronization

/// What a client may take of this server.
package struct Limits: Sendable {
  /// At once, streams of events among them; who comes later is sent away.
  package var connections = 2_000
  /// At once: a browser has one for each page that is looked at.
  package var streams = 100
  /// From the connection to the end of the request.
  package var request = TimeAmount.seconds(10)
  /// From the request to the last byte of its answer.
  package var answer = TimeAmount.seconds(60)
  /// Between two signs of life of a stream of events.
  package var beat = TimeAmount.seconds(15)
  /// Bytes of a request, its first line among them.
  package var requestBytes = 32 << 10

  package init() {}
}

/// Counts what a connection sends, before anybody reads it: a request that has no end is not collected.
final class ByteLimit: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = ByteBuffer

  private var left: Int

  init(_ bytes: Int) { left = bytes }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    left -= unwrapInboundIn(data).readableBytes
    if left < 0 { return context.close(promise: nil) }
    context.fireChannelRead(data)
  }
}

/// Counts the connections that are open.
final class OpenConnections: Sendable {
  private let count = Mutex(0)
  private let most: Int

  init(most: Int) { self.most = min(most, FileDescriptors.raised() - FileDescriptors.others) }

  /// Whether there is room for another.
  func enter(_ channel: any Channel) -> Bool {
    let isIn = count.withLock { count in
      guard count < most else { return false }
      count += 1
      return true
    }
    if isIn { channel.closeFuture.whenComplete { [self] _ in count.withLock { $0 -= 1 } } }
    return isIn
  }
}

/// How many files and sockets this process may have open.
enum FileDescriptors {
  /// For the runs that are read, the index and the streams.
  static let others = 128

  /// Asks for as many as the system gives, and says how many those are.
  static func raised() -> Int {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 1_024 }
    limit.rlim_cur = limit.rlim_max
    _ = setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 1_024 }
    return Int(clamping: limit.rlim_cur)
  }
}
