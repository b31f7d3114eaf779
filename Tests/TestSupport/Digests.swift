import Foundation
import Testing

/// 64-bit FNV-1a over bytes, as 16 hexadecimal digits: tells two sets of bits apart, nothing more.
package struct Digest {
  private var state: UInt64 = 0xcbf2_9ce4_8422_2325

  package init() {}

  package mutating func append<Value: BitwiseCopyable>(_ values: [Value]) {
    values.withUnsafeBytes { bytes in for byte in bytes { state = (state ^ UInt64(byte)) &* 0x100_0000_01b3 } }
  }

  package var text: String {
    let digits = String(state, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}

/// With `SAFNET_DIGESTS=FILE` in the environment, every array that a test compares leaves a line in the file: the number
/// of elements, the digest of their bits, the test's name. Two builds whose sorted first columns are equal computed the
/// same bits; this is how a rebuild of kernels is proven to change none.
package enum DigestLog {
  private static let path = ProcessInfo.processInfo.environment["SAFNET_DIGESTS"]

  package static func record<Value: BitwiseCopyable>(_ values: [Value]) {
    guard let path else { return }
    var digest = Digest()
    digest.append(values)
    let line = "\(values.count) \(digest.text) \(Test.current?.name ?? "")\n"
    let descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT, 0o644)
    guard descriptor >= 0 else { fatalError("SAFNET_DIGESTS: \(path) cannot be opened") }
    defer { close(descriptor) }
    let written = line.withCString { write(descriptor, $0, line.utf8.count) }
    precondition(written == line.utf8.count, "SAFNET_DIGESTS: \(path) cannot be written")
  }
}
