import Foundation

/// An open file: closes itself, goes on after a signal, and says which file a failure was about.
package struct Descriptor: ~Copyable {
  package let number: Int32
  package let path: String

  /// - Parameter created: permissions of a file that `flags` lets the system create, less the umask.
  package init(
    _ path: String, _ flags: Int32, action: SystemError.Action, created: mode_t = FileMode.file
  ) throws(SystemError) {
    Signals.becomeErrors
    // A pipe that somebody has put in a file's place would be waited for.
    let number = open(path, flags | O_CLOEXEC | O_NONBLOCK, created)
    guard number >= 0 else { throw SystemError(file: path, action: action, code: errno) }
    (self.number, self.path) = (number, path)
  }

  deinit { close(number) }

  package func write(_ bytes: UnsafeRawBufferPointer) throws(SystemError) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let written = Glibc.write(number, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
      if written >= 0 {
        rest = rest.dropFirst(written)
      } else if errno != EINTR {
        throw SystemError(file: path, action: .write, code: errno)
      }
    }
  }

  package func write(_ data: Data) throws(SystemError) {
    try data.withUnsafeBytes { bytes in Result { () throws(SystemError) in try write(bytes) } }.get()
  }

  package func synchronize() throws(SystemError) {
    while fsync(number) != 0 {
      guard errno == EINTR else { throw SystemError(file: path, action: .synchronize, code: errno) }
    }
  }

  package func truncate(to bytes: Int) throws(SystemError) {
    guard ftruncate(number, off_t(bytes)) == 0 else {
      throw SystemError(file: path, action: .truncate, code: errno)
    }
  }

  package func seek(to bytes: Int) throws(SystemError) {
    guard lseek(number, off_t(bytes), SEEK_SET) == off_t(bytes) else {
      throw SystemError(file: path, action: .write, code: errno)
    }
  }

  /// Reads until the buffer is full or the file ends; returns the bytes read.
  fileprivate static func read(
    _ number: Int32, _ path: String, into buffer: UnsafeMutableRawBufferPointer
  ) throws(SystemError) -> Int {
    var filled = 0
    while filled < buffer.count {
      let got = Glibc.read(number, buffer.baseAddress! + filled, buffer.count - filled)
      if got == 0 { break }
      if got > 0 {
        filled += got
      } else if errno != EINTR {
        throw SystemError(file: path, action: .read, code: errno)
      }
    }
    return filled
  }

  package func status() throws(SystemError) -> stat {
    var result = stat()
    guard fstat(number, &result) == 0 else { throw SystemError(file: path, action: .read, code: errno) }
    return result
  }
}

extension Descriptor {
  /// The whole file, or its first `limit` bytes; nothing but a plain file is read, which could not be waited for.
  package static func contents(of url: URL, limit: Int = .max) throws(SystemError) -> Data {
    let file = try Descriptor(url.path, O_RDONLY, action: .read)
    let status = try file.status()
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw SystemError(file: url.path, action: .read, code: SystemError.noPlainFile)
    }
    let count = min(Int(status.st_size), limit)
    // Data of its own making would trap where there is no memory for it.
    guard let memory = malloc(max(count, 1)) else { throw SystemError(file: url.path, action: .read, code: ENOMEM) }
    var data = Data(bytesNoCopy: memory, count: count, deallocator: .free)
    let got = try data.fill(from: file)
    return data.prefix(got)
  }

  /// Makes names that were created, renamed or removed in a folder survive a power failure.
  ///
  /// Some network file systems cannot sync a folder (EINVAL): a rename is then as safe as they make it.
  package static func synchronizeFolder(of url: URL) throws(SystemError) {
    let path = url.deletingLastPathComponent().path
    let folder = try Descriptor(path, O_RDONLY | O_DIRECTORY, action: .synchronize)
    do throws(SystemError) {
      try folder.synchronize()
    } catch  where error.code == EINVAL {}
  }
}

extension Data {
  /// Reads into its first `count` bytes, or all of them, until the file ends; returns the bytes read.
  mutating func fill(from file: borrowing Descriptor, _ count: Int? = nil) throws(SystemError) -> Int {
    let wanted = count ?? self.count
    // A closure cannot hold what must not be copied: its number is enough.
    let (number, path) = (file.number, file.path)
    return try withUnsafeMutableBytes { buffer in
      Result { () throws(SystemError) in
        try Descriptor.read(number, path, into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<wanted]))
      }
    }.get()
  }
}
