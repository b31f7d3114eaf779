import CHDF5
import Foundation
import Synchronization

/// libhdf5 behind one lock, on files that exist in memory only.
///
/// Debian's build is not thread-safe, hence one owner at a time. Files in memory, because a process that dies with an
/// HDF5 file open leaves it unreadable, and a full disk makes libhdf5 fail on closing: here it never touches the disk.
enum HDF5 {
  /// What libhdf5 refused and the words of its innermost error.
  struct Failure: Error, Equatable {
    var operation: String
    var words: String
    /// Memory was lacking: nothing is wrong with the file.
    var isLack = false
  }

  private static let owner = Mutex(())
  /// No file can have this name: libhdf5 first looks for one even where it is to stay in memory.
  private static let memoryName = "/dev/null/memory"

  /// Builds a file and returns its bytes: the same content gives the same bytes (no times are stored).
  ///
  /// - Parameter growth: bytes by which the memory of the file grows; libhdf5 fills each such piece with zeros.
  static func image(growingBy growth: Int = 8 << 20, _ build: (HDF5Group) throws -> Void) throws -> Data {
    try owner.withLock { _ in
      silence()
      let creation = try properties(chdf5_file_creation(), "file creation")
      try check(H5Pset_obj_track_times(creation.id, false), "file creation")
      try check(H5Pset_link_creation_order(creation.id, chdf5_creation_order()), "file creation")
      let access = try memoryAccess(growingBy: growth)
      try check(H5Pset_istore_k(creation.id, 1), "file creation")  // every array is one chunk
      let file = try HDF5Handle(H5Fcreate(memoryName, chdf5_truncate(), creation.id, access.id), "file", H5Fclose)
      try build(HDF5Group(file.id))
      try check(H5Fflush(file.id, H5F_SCOPE_GLOBAL), "flush")
      return try bytes(of: file)
    }
  }

  /// Opens bytes whose checksum the caller has verified.
  static func read<T>(_ image: Data, _ body: (HDF5Group) throws -> T) throws -> T {
    try owner.withLock { _ in
      silence()
      let access = try memoryAccess(growingBy: image.count)
      try image.withUnsafeBytes { bytes in
        let copied = UnsafeMutableRawPointer(mutating: bytes.baseAddress)  // libhdf5 copies it and writes nothing
        try check(H5Pset_file_image(access.id, copied, bytes.count), "file image")
      }
      let file = try HDF5Handle(H5Fopen(memoryName, chdf5_read_only(), access.id), "file", H5Fclose)
      return try body(HDF5Group(file.id))
    }
  }

  private static func memoryAccess(growingBy growth: Int) throws -> HDF5Handle {
    let access = try properties(chdf5_file_access(), "file access")
    try check(H5Pset_fapl_core(access.id, growth, false), "file access")
    return access
  }

  private static func bytes(of file: HDF5Handle) throws -> Data {
    let count = H5Fget_file_image(file.id, nil, 0)
    guard count > 0 else { throw failure("file image") }
    try reserve(count, "file image")
    var data = Data(count: count)
    let copied = data.withUnsafeMutableBytes { H5Fget_file_image(file.id, $0.baseAddress, count) }
    guard copied == count else { throw failure("file image") }
    return data
  }

  /// Whether so many bytes can be had: an array of Swift's would end the program instead.
  static func reserve(_ bytes: Int, _ operation: String) throws {
    guard let memory = malloc(max(bytes, 1)) else {
      throw Failure(operation: operation, words: "there is no memory for \(bytes) bytes", isLack: true)
    }
    free(memory)
  }

  static func properties(_ kind: hid_t, _ operation: String) throws -> HDF5Handle {
    try HDF5Handle(H5Pcreate(kind), operation, H5Pclose)
  }

  @discardableResult
  static func check<Status: SignedInteger>(_ status: Status, _ operation: String) throws -> Status {
    guard status >= 0 else { throw failure(operation) }
    return status
  }

  /// Upwards, the first entry of the error stack is where it began; it is `nil` for no caller of ours.
  private static let take: H5E_walk2_t = { depth, entry, result in
    guard let entry, let failure = result?.assumingMemoryBound(to: Failure.self) else { return 0 }
    if depth == 0, let text = entry.pointee.desc { failure.pointee.words = String(cString: text) }
    if chdf5_is_lack(entry) { failure.pointee.isLack = true }
    return 0
  }

  /// libhdf5 would print its error stack; ours is thrown instead.
  private static func silence() { H5Eset_auto2(chdf5_errors(), nil, nil) }

  private static func failure(_ operation: String) -> Failure {
    var failure = Failure(operation: operation, words: "no reason given")
    withUnsafeMutablePointer(to: &failure) { result in
      _ = H5Ewalk2(chdf5_errors(), H5E_WALK_UPWARD, take, result)
    }
    return failure
  }
}

/// An identifier of libhdf5 that is given back with the last reference to it.
final class HDF5Handle {
  let id: hid_t
  private let close: (hid_t) -> herr_t

  init(_ id: hid_t, _ operation: String, _ close: @escaping (hid_t) -> herr_t) throws {
    self.id = try HDF5.check(id, operation)
    self.close = close
  }

  deinit { _ = close(id) }
}
