import CHDF5
import Foundation

/// Arrays: one chunk with a Fletcher-32 checksum that every HDF5 reader verifies; single values and empty arrays, which
/// cannot have one, are covered by the file's own checksum.
extension HDF5Group {
  func write<Element: HDF5Element>(_ name: String, _ values: [Element], shape: [Int]) throws {
    precondition(values.count == shape.reduce(1, *), "\(name): shape \(shape) does not hold \(values.count) values")
    let data = try create(name, type: Element.stored, shape: shape)
    _ = try values.withUnsafeBytes {
      try HDF5.check(
        H5Dwrite(data.id, Element.native, chdf5_whole(), chdf5_whole(), chdf5_default(), $0.baseAddress), name)
    }
  }

  func read<Element: HDF5Element>(_ name: String, as _: Element.Type = Element.self) throws -> (
    shape: [Int], values: [Element]
  ) {
    let data = try openData(name, kind: Element.kind)
    let (shape, count) = try extent(of: data, name: name)
    try HDF5.reserve(count * MemoryLayout<Element>.stride, name)
    var values = [Element](repeating: .zero, count: count)
    _ = try values.withUnsafeMutableBytes {
      try HDF5.check(
        H5Dread(data.id, Element.native, chdf5_whole(), chdf5_whole(), chdf5_default(), $0.baseAddress), name)
    }
    return (shape, values)
  }

  /// Fixed-length UTF-8, padded with zeros to the longest.
  func write(_ name: String, strings: [String]) throws {
    precondition(!strings.contains { $0.utf8.contains(0) }, "\(name): a name holds a zero byte")
    let width = max(strings.map(\.utf8.count).max() ?? 0, 1)
    let type = try Self.stringType(width)
    let data = try create(name, type: type.id, shape: [strings.count])
    let bytes = strings.flatMap { Array($0.utf8) + [UInt8](repeating: 0, count: width - $0.utf8.count) }
    try HDF5.check(H5Dwrite(data.id, type.id, chdf5_whole(), chdf5_whole(), chdf5_default(), bytes), name)
  }

  func readStrings(_ name: String) throws -> [String] {
    let data = try openData(name, kind: H5T_STRING)
    let stored = try HDF5Handle(H5Dget_type(data.id), name, H5Tclose)
    guard H5Tis_variable_str(stored.id) == 0 else {
      throw HDF5.Failure(operation: name, words: "strings of variable length are not used in this format")
    }
    let (shape, count) = try extent(of: data, name: name)
    guard shape.count == 1 else { throw HDF5.Failure(operation: name, words: "a list has one dimension") }
    let width = H5Tget_size(stored.id)
    var bytes = [UInt8](repeating: 0, count: count * width)
    try HDF5.check(H5Dread(data.id, stored.id, chdf5_whole(), chdf5_whole(), chdf5_default(), &bytes), name)
    return (0..<count).map { String(decoding: bytes[$0 * width..<($0 + 1) * width].prefix { $0 != 0 }, as: UTF8.self) }
  }

  private func create(_ name: String, type: hid_t, shape: [Int]) throws -> HDF5Handle {
    let properties = try HDF5.properties(chdf5_dataset_creation(), name)
    try HDF5.check(H5Pset_obj_track_times(properties.id, false), name)
    let sides = shape.map(hsize_t.init)
    if !shape.isEmpty && !shape.contains(0) {
      try HDF5.check(H5Pset_chunk(properties.id, Int32(sides.count), sides), name)
      try HDF5.check(H5Pset_fletcher32(properties.id), name)
    }
    let space = try HDF5Handle(
      sides.isEmpty ? H5Screate(H5S_SCALAR) : H5Screate_simple(Int32(sides.count), sides, nil), name, H5Sclose)
    let links = try Self.unicodeLinks()
    let data = H5Dcreate2(id, name, type, space.id, links.id, properties.id, chdf5_default())
    return try HDF5Handle(data, name, H5Dclose)
  }

  private func openData(_ name: String, kind: H5T_class_t) throws -> HDF5Handle {
    let data = try HDF5Handle(H5Dopen2(id, name, chdf5_default()), name, H5Dclose)
    let type = try HDF5Handle(H5Dget_type(data.id), name, H5Tclose)
    guard H5Tget_class(type.id) == kind else {
      throw HDF5.Failure(operation: name, words: "its values are of another type")
    }
    return data
  }

  /// Sides and number of values; refused when the file does not hold that many (a header may claim any number).
  private func extent(of data: HDF5Handle, name: String) throws -> (shape: [Int], count: Int) {
    let space = try HDF5Handle(H5Dget_space(data.id), name, H5Sclose)
    let rank = try HDF5.check(H5Sget_simple_extent_ndims(space.id), name)
    var sides = [hsize_t](repeating: 0, count: Int(rank))
    try HDF5.check(H5Sget_simple_extent_dims(space.id, &sides, nil), name)
    let type = try HDF5Handle(H5Dget_type(data.id), name, H5Tclose)
    var (bytes, overflow) = (UInt64(H5Tget_size(type.id)), false)
    for side in sides where !overflow { (bytes, overflow) = bytes.multipliedReportingOverflow(by: side) }
    // Beside a side of nothing, another may be more than can be counted.
    guard !overflow, bytes <= H5Dget_storage_size(data.id), sides.allSatisfy({ $0 <= Self.longestSide }) else {
      throw HDF5.Failure(operation: name, words: "the file does not hold the values that its shape claims")
    }
    return (sides.map { Int($0) }, sides.reduce(1) { $0 * Int($1) })
  }

  private static let longestSide: hsize_t = 1 << 40

  fileprivate static func stringType(_ width: Int) throws -> HDF5Handle {
    let type = try HDF5Handle(H5Tcopy(chdf5_string()), "string type", H5Tclose)
    try HDF5.check(H5Tset_size(type.id, width), "string type")
    try HDF5.check(H5Tset_cset(type.id, H5T_CSET_UTF8), "string type")
    try HDF5.check(H5Tset_strpad(type.id, H5T_STR_NULLPAD), "string type")
    return type
  }
}

/// Attributes of a group: single numbers and strings.
extension HDF5Group {
  func setAttribute<Element: HDF5Element>(_ name: String, _ value: Element) throws {
    let attribute = try createAttribute(name, type: Element.stored)
    try withUnsafePointer(to: value) {
      _ = try HDF5.check(H5Awrite(attribute.id, Element.native, $0), "attribute \(name)")
    }
  }

  func setAttribute(_ name: String, _ value: String) throws {
    let type = try Self.stringType(max(value.utf8.count, 1))
    let attribute = try createAttribute(name, type: type.id)
    try HDF5.check(H5Awrite(attribute.id, type.id, Array(value.utf8) + [0]), "attribute \(name)")
  }

  func attribute<Element: HDF5Element>(_ name: String, as _: Element.Type = Element.self) throws -> Element {
    let attribute = try openAttribute(name, kind: Element.kind)
    var value = Element.zero
    try HDF5.check(H5Aread(attribute.id, Element.native, &value), "attribute \(name)")
    return value
  }

  func attribute(_ name: String) throws -> String {
    let attribute = try openAttribute(name, kind: H5T_STRING)
    let stored = try HDF5Handle(H5Aget_type(attribute.id), name, H5Tclose)
    guard H5Tis_variable_str(stored.id) == 0 else {
      throw HDF5.Failure(operation: name, words: "strings of variable length are not used in this format")
    }
    var bytes = [UInt8](repeating: 0, count: H5Tget_size(stored.id))
    try HDF5.check(H5Aread(attribute.id, stored.id, &bytes), "attribute \(name)")
    return String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
  }

  func hasAttribute(_ name: String) throws -> Bool { try HDF5.check(H5Aexists(id, name), "attribute \(name)") > 0 }

  private func createAttribute(_ name: String, type: hid_t) throws -> HDF5Handle {
    let space = try HDF5Handle(H5Screate(H5S_SCALAR), name, H5Sclose)
    let attribute = H5Acreate2(id, name, type, space.id, chdf5_default(), chdf5_default())
    return try HDF5Handle(attribute, "attribute \(name)", H5Aclose)
  }

  private func openAttribute(_ name: String, kind: H5T_class_t) throws -> HDF5Handle {
    let attribute = try HDF5Handle(H5Aopen(id, name, chdf5_default()), "attribute \(name)", H5Aclose)
    let space = try HDF5Handle(H5Aget_space(attribute.id), name, H5Sclose)
    let type = try HDF5Handle(H5Aget_type(attribute.id), name, H5Tclose)
    guard H5Sget_simple_extent_npoints(space.id) == 1, H5Tget_class(type.id) == kind else {
      throw HDF5.Failure(operation: "attribute \(name)", words: "it is not one value of the expected type")
    }
    return attribute
  }
}
