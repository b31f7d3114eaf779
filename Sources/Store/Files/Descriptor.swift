import Foundation

/// An open file: closes itself, goes on after a signal, and says which file a failure was about.
struct Descriptor: ~Copyable {
  let number: Int32
  let path: String

  /// - Parameter created: permissions of a file that `flags` lets the system create.
  init(_ path: String, _ flags: Int32, action: FileAction, created: mode_t = 0o644) throws {
    Self.letLimitsBeErrors
    let number = open(path, flags | O_CLOEXEC, created)
    guard number >= 0 else { throw StoreError.system(file: path, action: action, code: errno) }
    (self.number, self.path) = (number, path)
  }

  deinit { close(number) }

  func write(_ bytes: UnsafeRawBufferPointer) throws {
    var rest = bytes[...]
    while !rest.isEmpty {
      let written = Glibc.write(number, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
      if written >= 0 {
        rest = rest.dropFirst(written)
      } else if errno != EINTR {
        throw StoreError.system(file: path, action: .write, code: errno)
      }
    }
  }

  func write(_ data: Data) throws {
    try data.withUnsafeBytes { try write($0) }
  }

  func synchronize() throws {
    while fsync(number) != 0 {
      guard errno == EINTR else { throw StoreError.system(file: path, action: .synchronize, code: errno) }
    }
  }

  func truncate(to bytes: Int) throws {
    guard ftruncate(number, off_t(bytes)) == 0 else {
      throw StoreError.system(file: path, action: .truncate, code: errno)
    }
  }

  func seek(to bytes: Int) throws {
    guard lseek(number, off_t(bytes), SEEK_SET) == off_t(bytes) else {
      throw StoreError.system(file: path, action: .write, code: errno)
    }
  }

  /// Reads until the buffer is full or the file ends; returns the bytes read.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    var filled = 0
    while filled < buffer.count {
      let got = Glibc.read(number, buffer.baseAddress! + filled, buffer.count - filled)
      if got == 0 { break }
      if got > 0 {
        filled += got
      } else if errno != EINTR {
        throw StoreError.system(file: path, action: .read, code: errno)
      }
    }
    return filled
  }

  func status() throws -> stat {
    var result = stat()
    guard fstat(number, &result) == 0 else { throw StoreError.system(file: path, action: .read, code: errno) }
    return result
  }

  /// A file-size limit would otherwise kill the process instead of failing the write that hit it.
  private static let letLimitsBeErrors: Void = { _ = signal(SIGXFSZ, SIG_IGN) }()
}

extension Descriptor {
  /// The whole file, or its first `limit` bytes.
  static func contents(of url: URL, limit: Int = .max) throws -> Data {
    let file = try Descriptor(url.path, O_RDONLY, action: .read)
    let size = try file.status().st_size
    var data = Data(count: min(Int(size), limit))
    let got = try data.withUnsafeMutableBytes { try file.read(into: $0) }
    return data.prefix(got)
  }

  /// Makes names that were created, renamed or removed in a folder survive a power failure.
  static func synchronizeFolder(of url: URL) throws {
    try Descriptor(url.deletingLastPathComponent().path, O_RDONLY | O_DIRECTORY, action: .synchronize).synchronize()
  }
}
