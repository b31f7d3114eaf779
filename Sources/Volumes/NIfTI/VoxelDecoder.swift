/// Stored bytes to voxel values in double precision: `slope · stored + intercept`.
struct VoxelDecoder {
  private let layout: VoxelLayout

  init(_ layout: VoxelLayout) { self.layout = layout }

  func decode(_ bytes: [UInt8]) -> [Double] {
    precondition(bytes.count == layout.voxelBytes, "\(bytes.count) bytes for \(layout.voxelBytes)")
    return switch layout.type {
    case .uint8: integers(bytes, UInt8.self)
    case .int8: integers(bytes, Int8.self)
    case .uint16: integers(bytes, UInt16.self)
    case .int16: integers(bytes, Int16.self)
    case .uint32: integers(bytes, UInt32.self)
    case .int32: integers(bytes, Int32.self)
    case .uint64: integers(bytes, UInt64.self)
    case .int64: integers(bytes, Int64.self)
    case .float32: values(bytes, UInt32.self) { Double(Float(bitPattern: $0)) }
    case .float64: values(bytes, UInt64.self) { Double(bitPattern: $0) }
    }
  }

  private func integers<T: FixedWidthInteger>(_ bytes: [UInt8], _ type: T.Type) -> [Double] {
    values(bytes, type) { Double($0) }
  }

  @inline(__always)
  private func values<T: FixedWidthInteger>(_ bytes: [UInt8], _: T.Type, _ convert: (T) -> Double) -> [Double] {
    let (slope, intercept) = layout.scaling ?? (1, 0)
    let scaled = layout.scaling != nil
    return bytes.withUnsafeBytes { raw in
      (0..<layout.voxels).map { index in
        let stored = raw.loadUnaligned(fromByteOffset: index * MemoryLayout<T>.size, as: T.self)
        let value = convert(layout.bigEndian ? T(bigEndian: stored) : T(littleEndian: stored))
        return scaled ? value * slope + intercept : value
      }
    }
  }
}
