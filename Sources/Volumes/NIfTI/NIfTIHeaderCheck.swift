/// The types of voxel that are read: one real number each.
package enum VoxelType: Int, Hashable, Sendable, CaseIterable {
  case uint8 = 2
  case int16 = 4
  case int32 = 8
  case float32 = 16
  case float64 = 64
  case int8 = 256
  case uint16 = 512
  case uint32 = 768
  case int64 = 1024
  case uint64 = 1280

  package var bytes: Int {
    switch self {
    case .uint8, .int8: 1
    case .int16, .uint16: 2
    case .int32, .uint32, .float32: 4
    case .int64, .uint64, .float64: 8
    }
  }

  /// Names of the types that are refused, for their message.
  static func refusedName(_ code: Int) -> String {
    let names = [
      0: "unknown", 1: "one bit", 32: "complex64", 128: "RGB", 1536: "float128", 1792: "complex128",
      2048: "complex256", 2304: "RGBA",
    ]
    return names[code] ?? "not a NIfTI type"
  }
}

/// What a checked header promises: safe to allocate for and to hand to niftilib.
package struct VoxelLayout: Hashable, Sendable {
  package var shape: [Int]
  package var type: VoxelType
  package var bigEndian: Bool
  /// Byte of the first voxel in the file that holds the voxels.
  package var offset: Int
  /// Stored value times slope plus intercept is the voxel's value; nil: as stored.
  package var scaling: (slope: Double, intercept: Double)? {
    slope == 0 ? nil : (slope, intercept)
  }
  /// 0 for no scaling.
  private var slope: Double
  private var intercept: Double

  package init(
    shape: [Int], type: VoxelType, bigEndian: Bool, offset: Int, slope: Double = 0, intercept: Double = 0
  ) {
    self.shape = shape
    self.type = type
    self.bigEndian = bigEndian
    self.offset = offset
    self.slope = slope
    self.intercept = intercept
  }

  package var voxels: Int { shape.reduce(1, *) }
  package var voxelBytes: Int { voxels * type.bytes }
  /// Bytes the file that holds the voxels must have.
  package var fileBytes: Int { offset + voxelBytes }
}

extension NIfTIHeader {
  /// More than any scanner makes (1024 x 1024 x 256); a small file that unpacks to more is an attack on memory.
  package static let mostVoxels = 1 << 28

  /// Checks every field that niftilib would otherwise believe.
  ///
  /// - Parameters:
  ///   - file: named in errors.
  ///   - single: header and voxels are in one file.
  package func check(file: String, single: Bool) throws(NIfTIError) -> VoxelLayout {
    let wanted = (single ? "n+" : "ni") + "\(version.rawValue)"
    if magic.isEmpty && version == .one { throw .analyze(file: file) }
    guard magic == wanted else { throw .badMagic(file: file, found: magic, wanted: wanted) }
    guard lineEndsAreIntact else { throw .changedLineEnds(file: file) }
    try checkDimensions(file)
    let type = try checkType(file)
    let offset = try checkOffset(file, smallest: single ? version.firstOffset : 0, voxelBytes: type.bytes)
    try checkAffine(file)
    let scale = slope.isFinite ? slope : 0
    if scale != 0 && !intercept.isFinite {
      throw .badNumber(file: file, field: "scl_inter", value: intercept)
    }
    return VoxelLayout(
      shape: shape, type: type, bigEndian: bigEndian, offset: offset, slope: scale,
      intercept: scale == 0 ? 0 : intercept)
  }

  private func checkDimensions(_ file: String) throws(NIfTIError) {
    guard (1...7).contains(dimensions[0]) else {
      throw .badDimension(file: file, field: "dim[0]", value: dimensions[0], allowed: 1...7)
    }
    let lengths = Array(dimensions[1...dimensions[0]])
    let most = version == .one ? Int(Int16.max) : Self.mostVoxels
    var voxels = 1
    for (index, length) in lengths.enumerated() {
      guard length >= 1, length <= most else {
        throw .badDimension(file: file, field: "dim[\(index + 1)]", value: length, allowed: 1...most)
      }
      let (product, overflow) = voxels.multipliedReportingOverflow(by: length)
      guard !overflow, product <= Self.mostVoxels else {
        throw .tooManyVoxels(file: file, dimensions: lengths, limit: Self.mostVoxels)
      }
      voxels = product
    }
    guard lengths.dropFirst(3).allSatisfy({ $0 == 1 }) else {
      throw .severalVolumes(file: file, dimensions: lengths)
    }
  }

  private func checkType(_ file: String) throws(NIfTIError) -> VoxelType {
    guard let type = VoxelType(rawValue: datatype) else {
      throw .unsupportedType(file: file, code: datatype, name: VoxelType.refusedName(datatype))
    }
    // Some writers leave bitpix 0; anything else must agree, since readers differ in which of the two they believe.
    guard bits == 0 || bits == type.bytes * 8 else {
      throw .badBits(file: file, value: bits, wanted: type.bytes * 8)
    }
    return type
  }

  private func checkOffset(_ file: String, smallest: Int, voxelBytes: Int) throws(NIfTIError) -> Int {
    // The bound keeps offset + voxels far from overflow; no extension of a medical image is a terabyte long.
    guard offset.isFinite, offset == offset.rounded(), offset >= Double(smallest), offset < 0x1p40 else {
      throw .badOffset(file: file, value: offset, smallest: smallest)
    }
    return Int(offset)
  }

  private func checkAffine(_ file: String) throws(NIfTIError) {
    for (field, code) in [("qform_code", qformCode), ("sform_code", sformCode)] where !(0...5).contains(code) {
      throw .badCode(file: file, field: field, value: code)
    }
    if sformCode > 0 {
      try checkFinite(
        file, "srow", sform.flatMap { $0 }, names: ["x", "y", "z"].flatMap { row in (0..<4).map { "_\(row)[\($0)]" } })
      return
    }
    for axis in 1...3 where !(pixelSizes[axis].isFinite && pixelSizes[axis] > 0) {
      throw .badNumber(file: file, field: "pixdim[\(axis)]", value: pixelSizes[axis])
    }
    guard qformCode > 0 else { return }
    try checkFinite(file, "quatern", quaternion, names: ["_b", "_c", "_d"])
    try checkFinite(file, "qoffset", quaternionOffset, names: ["_x", "_y", "_z"])
    let squares = quaternion.reduce(0) { $0 + $1 * $1 }
    // The margin covers components rounded to single precision, which niftilib then normalises.
    guard squares <= 1 + 1e-5 else { throw .badQuaternion(file: file, squares: squares) }
  }

  private func checkFinite(_ file: String, _ field: String, _ values: [Double], names: [String]) throws(NIfTIError) {
    for (name, value) in zip(names, values) where !value.isFinite {
      throw .badNumber(file: file, field: field + name, value: value)
    }
  }
}
