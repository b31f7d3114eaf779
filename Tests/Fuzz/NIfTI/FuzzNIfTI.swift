import Foundation

/// libFuzzer's entry: the input is written as a file and read by the whole reader, niftilib included.
///
/// The first byte chooses the kind of file: plain, gzip, or a header/image pair. A file may be refused; a file that is
/// read must have finite geometry and as many values as it claims.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  guard let bytes, count > 0 else { return 0 }
  let content = UnsafeBufferPointer(start: bytes + 1, count: count - 1)
  let folder = Scratch.folder
  let file: URL
  switch bytes[0] % 3 {
  case 0: file = folder.write("a.nii", content)
  case 1: file = folder.write("b.nii.gz", content)
  default:
    file = folder.write("c.hdr", UnsafeBufferPointer(rebasing: content.prefix(348)))
    _ = folder.write("c.img", UnsafeBufferPointer(rebasing: content.dropFirst(348)))
  }
  guard let volume = try? NIfTI.read(file) else { return 0 }
  precondition(volume.grid.values.count == volume.geometry.shape.reduce(1, *), "\(volume.geometry.shape)")
  precondition(volume.geometry.affine.rows.allSatisfy { row in (0..<4).allSatisfy { row[$0].isFinite } })
  return 0
}

/// A folder in memory for this process.
private struct Scratch {
  static let folder = Scratch()
  private let url: URL

  init() {
    url = URL(fileURLWithPath: "/dev/shm/fuzz-nifti-\(getpid())")
    try! FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  func write(_ name: String, _ content: UnsafeBufferPointer<UInt8>) -> URL {
    let file = url.appendingPathComponent(name)
    let stream = fopen(file.path, "wb")!
    fwrite(content.baseAddress, 1, content.count, stream)
    fclose(stream)
    return file
  }
}
