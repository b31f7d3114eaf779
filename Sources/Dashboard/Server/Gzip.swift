import CZlib
import Foundation

/// RFC 1952 by zlib.
enum Gzip {
  /// Nil where zlib has no memory.
  static func compress(_ data: Data) -> Data? {
    var stream = z_stream()
    // 15 bits of window, and 16: with gzip's head and end.
    let size = Int32(MemoryLayout<z_stream>.size)
    guard deflateInit2_(&stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, size) == Z_OK else {
      return nil
    }
    defer { deflateEnd(&stream) }
    guard let length = UInt32(exactly: data.count) else { return nil }
    var output = Data(count: Int(deflateBound(&stream, UInt(length))))
    let room = UInt32(output.count)
    let (result, written) = data.withUnsafeBytes { input in
      output.withUnsafeMutableBytes { output in
        stream.next_in = UnsafeMutablePointer(mutating: input.bindMemory(to: UInt8.self).baseAddress)
        stream.avail_in = length
        stream.next_out = output.bindMemory(to: UInt8.self).baseAddress
        stream.avail_out = room
        return (deflate(&stream, Z_FINISH), Int(stream.total_out))
      }
    }
    return result == Z_STREAM_END ? output.prefix(written) : nil
  }

  /// Fast: the other end is this machine, or the far side of an SSH line.
  private static let level: Int32 = 4
}
