import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization
import System

/// What every connection needs.
struct ServerParts: Sendable {
  let gate: Gate
  let routes: Routes
  let streams: EventStreams
  let threads: NIOThreadPool
  let limits: Limits
}

/// Answers browsers until it is closed.
package final class DashboardServer: Sendable {
  package struct Address: Sendable {
    package var host: String
    /// 0: a free one.
    package var port: Int

    package init(host: String = "127.0.0.1", port: Int = 0) { (self.host, self.port) = (host, port) }
  }

  package let port: Int
  package let token: AccessToken
  private let host: String
  private let channel: any Channel
  private let group: MultiThreadedEventLoopGroup
  private let parts: ServerParts
  private let watching: Watching
  private let listener = ListenerEnd()
  private let isClosing = Atomic(false)
  private let isLost = Atomic(false)
  private let isClosed = DispatchSemaphore(value: 0)

  /// - Throws: `DashboardError` where the address cannot be had.
  package init(_ source: LiveSource, at address: Address = Address(), limits: Limits = Limits()) throws {
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let (token, streams) = (AccessToken(), EventStreams(most: limits.streams))
    let threads = NIOThreadPool(numberOfThreads: 4)
    threads.start()
    let gate = Gate(hosts: [address.host, Machine.hostName], token: token)
    parts = ServerParts(gate: gate, routes: Routes(source), streams: streams, threads: threads, limits: limits)
    do {
      channel = try Self.bootstrap(group, parts, listener).bind(host: address.host, port: address.port).wait()
    } catch {
      try? group.syncShutdownGracefully()
      try? threads.syncShutdownGracefully()
      throw Self.refusal(of: address, error)
    }
    port = channel.localAddress?.port ?? address.port
    (self.group, self.token, host) = (group, token, address.host)
    watching = Watching(source, streams, beat: Double(limits.beat.nanoseconds) / 1e9)
    watching.start()
    // A listener that fails is closed by nobody here; one that is closed here has its end told when all else has ended.
    channel.closeFuture.whenComplete { [weak self] _ in
      guard let self, !isClosing.load(ordering: .relaxed) else { return }
      isLost.store(true, ordering: .relaxed)
      isClosed.signal()
    }
  }

  private static func refusal(of address: Address, _ error: any Error) -> DashboardError {
    guard let code = (error as? IOError)?.errnoCode else {
      return .host(address.host, reason: Self.isUnknown(error) ? "it is not known" : "\(error)")
    }
    let reason = String(cString: strerror(code)).lowercased()
    return code == EADDRNOTAVAIL
      ? .host(address.host, reason: reason) : .address(host: address.host, port: address.port, reason: reason)
  }

  private static func isUnknown(_ error: any Error) -> Bool {
    error is SocketAddressError || error is SocketAddressError.UnknownHost
  }

  /// With the key; whoever has it sees everything.
  package var url: String {
    let name = host == "0.0.0.0" || host == "::" ? Machine.hostName : host.contains(":") ? "[\(host)]" : host
    return "http://\(name):\(port)/?token=\(token.text)"
  }

  /// Whether only this machine reaches it.
  package var isLocal: Bool { ["127.0.0.1", "::1", "localhost"].contains(host) }

  /// Returns when the server has been closed.
  ///
  /// - Throws: `DashboardError.ended` where nobody closed it, and it can be reached no longer.
  package func wait() throws(DashboardError) {
    isClosed.wait()
    isClosed.signal()
    guard isLost.load(ordering: .relaxed) else { return }
    close()
    throw .ended(host: host, port: port, reason: listener.reason)
  }

  /// Who still writes ends before the loop that would write it: NIO says so of each that comes too late.
  package func close() {
    guard !isClosing.exchange(true, ordering: .relaxed) else { return }
    watching.stop(within: Self.patience)
    let isIdle = DispatchSemaphore(value: 0)
    parts.threads.shutdownGracefully { _ in isIdle.signal() }
    _ = isIdle.wait(timeout: .now() + Self.patience)
    try? channel.close().wait()
    try? group.syncShutdownGracefully()
    isClosed.signal()
  }

  /// Seconds that one who asks for the end waits for an answer that is being made.
  private static let patience = 0.5

  private static func bootstrap(
    _ group: MultiThreadedEventLoopGroup, _ parts: ServerParts, _ listener: ListenerEnd
  ) -> ServerBootstrap {
    let limits = parts.limits
    let open = OpenConnections(most: limits.connections)
    return ServerBootstrap(group: group)
      .serverChannelOption(.backlog, value: 1_024)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .serverChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(listener) }
      }
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          guard open.enter(channel) else { throw ChannelError.inputClosed }
          var decoder = NIOHTTPDecoderLimitConfiguration()
          (decoder.maxHeaderFieldSize, decoder.maxHeaderListSize) = (limits.requestBytes / 2, limits.requestBytes)
          decoder.maxHeaderFieldCount = 100
          let pipeline = channel.pipeline.syncOperations
          try pipeline.addHandler(ByteLimit(limits.requestBytes))
          try pipeline.addHandler(HTTPResponseEncoder())
          try pipeline.addHandler(ByteToMessageHandler(HTTPRequestDecoder(limitConfiguration: decoder)))
          try pipeline.addHandler(HTTPServerProtocolErrorHandler())
          try pipeline.addHandler(Connection(parts))
        }
      }
  }
}
