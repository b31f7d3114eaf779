import Foundation
import System

/// An 8-bit grey PNG without compression: small slices inside a figure need no library for it.
enum GreyPNG {
  static func encode(_ image: Overlay.Labels) -> Data {
    var rows = Data()
    for row in 0..<image.height {
      rows.append(0)
      rows.append(contentsOf: image.values[row * image.width..<(row + 1) * image.width])
    }
    let header = bigEndian(UInt32(image.width)) + bigEndian(UInt32(image.height)) + Data([8, 0, 0, 0, 0])
    return Data([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
      + chunk("IHDR", header) + chunk("IDAT", stored(rows)) + chunk("IEND", Data())
  }

  private static func bigEndian(_ value: UInt32) -> Data { withUnsafeBytes(of: value.bigEndian) { Data($0) } }

  private static func chunk(_ kind: String, _ content: Data) -> Data {
    let body = Data(kind.utf8) + content
    return bigEndian(UInt32(content.count)) + body + bigEndian(CRC32.of(body).value)
  }

  /// A zlib stream of stored blocks (RFC 1950, 1951).
  private static func stored(_ data: Data) -> Data {
    var stream = Data([0x78, 0x01])
    var start = 0
    repeat {
      let size = min(65_535, data.count - start)
      let isLast: UInt8 = start + size == data.count ? 1 : 0
      stream.append(contentsOf: [
        isLast, UInt8(size & 255), UInt8(size >> 8), UInt8(~size & 255), UInt8(~size >> 8 & 255),
      ])
      stream.append(data[start..<start + size])
      start += size
    } while start < data.count
    return stream + bigEndian(adler(data))
  }

  private static func adler(_ data: Data) -> UInt32 {
    var (a, b): (UInt32, UInt32) = (1, 0)
    for byte in data { (a, b) = ((a + UInt32(byte)) % 65_521, (b + (a + UInt32(byte)) % 65_521) % 65_521) }
    return b << 16 | a
  }
}
