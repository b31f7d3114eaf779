import Foundation
import NIOCore
import NIOHTTP1
import Synchronization

/// The browsers that are told of changes (server-sent events).
final class EventStreams: Sendable {
  private let channels = Mutex<[ObjectIdentifier: any Channel]>([:])
  private let most: Int

  init(most: Int) { self.most = most }

  var count: Int { channels.withLock { $0.count } }

  /// Whether there was room for it; it leaves when it is closed.
  func add(_ channel: any Channel) -> Bool {
    let identifier = ObjectIdentifier(channel)
    let isAdded = channels.withLock { known in
      guard known.count < most else { return false }
      known[identifier] = channel
      return true
    }
    if isAdded {
      channel.closeFuture.whenComplete { [self] _ in channels.withLock { _ = $0.removeValue(forKey: identifier) } }
    }
    return isAdded
  }

  /// Who has not taken what came before is let go: its browser comes back.
  func send(_ text: String) {
    for channel in channels.withLock({ Array($0.values) }) {
      guard channel.isWritable else {
        channel.close(promise: nil)
        continue
      }
      channel.writeAndFlush(HTTPServerResponsePart.body(.byteBuffer(ByteBuffer(string: text))), promise: nil)
    }
  }
}
