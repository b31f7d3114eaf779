import Foundation

/// Speaks to a port byte by byte: what no well-behaved client would send can be sent.
final class RawClient {
  private let socket: Int32
  /// Whether the other end has let go; silence alone is not that.
  private(set) var isLetGo = false

  init(port: Int) throws {
    socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard socket >= 0 else { throw Failure(code: errno) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = UInt16(port).bigEndian
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    let result = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard result == 0 else { throw Failure(code: errno) }
    var time = timeval(tv_sec: 20, tv_usec: 0)
    setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
  }

  deinit { close(socket) }

  struct Failure: Error { let code: Int32 }

  /// Whether the other end took all of it.
  @discardableResult
  func send(_ text: String) -> Bool {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let sent = bytes.withUnsafeBytes { Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      guard sent > 0 else { return false }
      bytes = bytes.dropFirst(sent)
    }
    return true
  }

  /// What comes until the other end closes, or `isEnough`.
  func receive(until isEnough: (String) -> Bool = { _ in false }) -> String {
    var (all, piece) = ([UInt8](), [UInt8](repeating: 0, count: 65_536))
    while !isEnough(String(decoding: all, as: UTF8.self)) {
      let count = recv(socket, &piece, piece.count, 0)
      isLetGo = count == 0 || count < 0 && errno == ECONNRESET
      guard count > 0 else { break }
      all += piece[..<count]
    }
    return String(decoding: all, as: UTF8.self)
  }

  /// The bytes until the end of the connection, where they are no text.
  func receiveBytes() -> [UInt8] {
    var (all, piece) = ([UInt8](), [UInt8](repeating: 0, count: 65_536))
    while true {
      let count = recv(socket, &piece, piece.count, 0)
      guard count > 0 else { return all }
      all += piece[..<count]
    }
  }
}
