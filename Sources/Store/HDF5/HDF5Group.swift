import CHDF5
import Foundation

/// Number types as we store them: little-endian, whatever the machine.
protocol HDF5Element: BitwiseCopyable {
  static var stored: hid_t { get }
  static var native: hid_t { get }
  static var kind: H5T_class_t { get }
  static var zero: Self { get }
}

extension Float: HDF5Element {
  static var stored: hid_t { chdf5_stored_float() }
  static var native: hid_t { chdf5_native_float() }
  static var kind: H5T_class_t { H5T_FLOAT }
}

extension Double: HDF5Element {
  static var stored: hid_t { chdf5_stored_double() }
  static var native: hid_t { chdf5_native_double() }
  static var kind: H5T_class_t { H5T_FLOAT }
}

extension Int64: HDF5Element {
  static var stored: hid_t { chdf5_stored_int64() }
  static var native: hid_t { chdf5_native_int64() }
  static var kind: H5T_class_t { H5T_INTEGER }
}

/// A group of an open file: named arrays, attributes and groups inside it. Valid inside the closure it was given to.
struct HDF5Group {
  let id: hid_t
  private let handle: HDF5Handle?

  /// The root group of an open file.
  init(_ file: hid_t) { (id, handle) = (file, nil) }

  private init(_ handle: HDF5Handle) { (id, self.handle) = (handle.id, handle) }

  /// A new group that remembers the order of what is put in it.
  func create(_ name: String) throws -> HDF5Group {
    let creation = try HDF5.properties(chdf5_group_creation(), "group \(name)")
    try HDF5.check(H5Pset_link_creation_order(creation.id, chdf5_creation_order()), "group \(name)")
    try HDF5.check(H5Pset_obj_track_times(creation.id, false), "group \(name)")
    let links = try Self.unicodeLinks()
    let group = H5Gcreate2(id, name, links.id, creation.id, chdf5_default())
    return HDF5Group(try HDF5Handle(group, "group \(name)", H5Gclose))
  }

  func open(_ name: String) throws -> HDF5Group {
    HDF5Group(try HDF5Handle(H5Gopen2(id, name, chdf5_default()), "group \(name)", H5Gclose))
  }

  /// Names of the links in it: in the order of creation if the file keeps it, by name otherwise.
  func names() throws -> [String] {
    var info = H5G_info_t()
    try HDF5.check(H5Gget_info(id, &info), "list")
    let index = try order()
    return try (0..<info.nlinks).map { position in
      let length = try HDF5.check(link(position, by: index, nil, 0), "name")
      var name = [CChar](repeating: 0, count: length + 1)
      try HDF5.check(link(position, by: index, &name, name.count), "name")
      return String(decoding: name.prefix(length).map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
  }

  /// Names of the groups among them.
  func groupNames() throws -> [String] {
    try names().filter { name in
      let object = try HDF5Handle(H5Oopen(id, name, chdf5_default()), name, H5Oclose)
      return H5Iget_type(object.id) == H5I_GROUP
    }
  }

  private func link(_ position: hsize_t, by index: H5_index_t, _ name: UnsafeMutablePointer<CChar>?, _ size: Int) -> Int
  {
    H5Lget_name_by_idx(id, ".", index, H5_ITER_INC, position, name, size, chdf5_default())
  }

  private func order() throws -> H5_index_t {
    let group = try HDF5Handle(H5Gopen2(id, ".", chdf5_default()), "group", H5Gclose)
    let creation = try HDF5Handle(H5Gget_create_plist(group.id), "group", H5Pclose)
    var flags: UInt32 = 0
    try HDF5.check(H5Pget_link_creation_order(creation.id, &flags), "group")
    return flags & chdf5_creation_order() == chdf5_creation_order() ? H5_INDEX_CRT_ORDER : H5_INDEX_NAME
  }

  static func unicodeLinks() throws -> HDF5Handle {
    let links = try HDF5.properties(chdf5_link_creation(), "link")
    try HDF5.check(H5Pset_char_encoding(links.id, H5T_CSET_UTF8), "link")
    return links
  }
}
