import Foundation
import NIOCore
import Synchronization

/// Looks after the socket that a server listens at, to say why it was lost: NIO closes one that the system refuses to go on with,
/// and tells nobody.
final class ListenerEnd: ChannelInboundHandler, Sendable {
  typealias InboundIn = any Channel

  private let last = Mutex<Int32?>(nil)

  /// What the system said last, where it said anything.
  var reason: String {
    last.withLock { $0 }.map { String(cString: strerror($0)).lowercased() } ?? "the system has closed it"
  }

  /// What went wrong before is over.
  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    last.withLock { $0 = nil }
    context.fireChannelRead(data)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    if let code = (error as? IOError)?.errnoCode { last.withLock { $0 = code } }
    context.fireErrorCaught(error)
  }
}
