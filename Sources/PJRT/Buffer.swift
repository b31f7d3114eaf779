import CPJRT

/// Numbers on a device: dense, the last side fastest.
package final class Buffer {
  /// What the numbers are.
  package enum Element: Sendable { case float32, float64, int32, uint8 }

  private let client: Client
  let handle: OpaquePointer

  init(client: Client, handle: OpaquePointer) { (self.client, self.handle) = (client, handle) }

  deinit { cpjrt_buffer_free(client.plugin.table, handle) }

  /// Copies the whole buffer into memory.
  ///
  /// - Parameter target: exactly as large as the buffer.
  /// - Throws: `PJRTError`, also where what computes the buffer has failed.
  package func download(into target: UnsafeMutableRawBufferPointer) throws {
    try PJRTError.check(
      cpjrt_download(client.plugin.table, handle, target.baseAddress!, target.count), "to copy from the device")
  }

  /// The buffer's numbers; there must be `count` of them, of `Value`'s size.
  package func values<Value: BitwiseCopyable>(_ count: Int, zero: Value) throws -> [Value] {
    var values = [Value](repeating: zero, count: count)
    try values.withUnsafeMutableBytes { try download(into: $0) }
    return values
  }
}

extension Client {
  /// Copies numbers to the device; `data` may change once this returns.
  ///
  /// - Parameters:
  ///   - data: as many numbers as `shape` has.
  ///   - shape: empty for a single number.
  package func upload(_ data: UnsafeRawPointer, _ element: Buffer.Element, shape: [Int]) throws -> Buffer {
    var handle: OpaquePointer?
    try PJRTError.check(
      cpjrt_upload(
        plugin.table, self.handle, device, data, element.code, shape.map { Int64($0) }, shape.count, &handle),
      "to copy to the device")
    return Buffer(client: self, handle: handle!)
  }
}

extension Buffer.Element {
  /// The interface's number for it.
  fileprivate var code: Int32 {
    switch self {
    case .float32: pjrt_type_f32
    case .float64: pjrt_type_f64
    case .int32: pjrt_type_s32
    case .uint8: pjrt_type_u8
    }
  }
}
