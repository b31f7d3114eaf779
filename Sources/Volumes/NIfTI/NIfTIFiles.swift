import CNIfTI
import Foundation
import System

/// The one or two files of a volume, by their names.
package struct NIfTIFiles: Hashable, Sendable {
  package var header: URL
  /// The `.img` of a header/image pair, whether or not it exists; nil when the header's file holds the voxels too.
  package var separateImage: URL?

  /// `.nii`, `.nii.gz`, or either half of a pair; anything else is taken as a single file (and refused when read).
  package init(header file: URL) {
    let gzip = file.pathExtension == "gz"
    let bare = gzip ? file.deletingPathExtension() : file
    guard ["hdr", "img"].contains(bare.pathExtension) else {
      (header, separateImage) = (file, nil)
      return
    }
    let base = bare.deletingPathExtension()
    header = Self.existing(base, "hdr", preferGzip: gzip)
    separateImage = Self.existing(base, "img", preferGzip: gzip)
  }

  private static func existing(_ base: URL, _ ending: String, preferGzip: Bool) -> URL {
    let plain = base.appendingPathExtension(ending)
    let packed = plain.appendingPathExtension("gz")
    let (first, second) = preferGzip ? (packed, plain) : (plain, packed)
    return !FileManager.default.fileExists(atPath: first.path) && FileManager.default.fileExists(atPath: second.path)
      ? second : first
  }

  /// Of files that hold header and voxels, as label maps are written.
  private static let single = [".nii.gz", ".nii"]

  private static let all = single + [".hdr.gz", ".hdr"]

  /// The file's name without the endings of a volume; nil when it has none of them.
  package static func stem(_ name: String) -> String? { stem(name, all) }

  /// As a name would have to be written whose ending is a volume's but for its capitals; nil of all others.
  static func inSmallLetters(_ name: String) -> String? {
    guard stem(name) == nil else { return nil }
    return all.first { name.count > $0.count && name.suffix($0.count).lowercased() == $0 }.map {
      name.dropLast($0.count) + $0
    }
  }

  private static func stem(_ name: String, _ endings: [String]) -> String? {
    endings.first { name.hasSuffix($0) && name.count > $0.count }.map { String(name.dropLast($0.count)) }
  }

  /// Whether a name is that of one file that holds header and voxels.
  package static func isSingle(_ name: String) -> Bool { stem(name, single) != nil }
}

/// A file read from its beginning, through zlib when it is gzip (one member or several).
final class VolumeStream {
  private let file: URL
  private let handle: gzFile
  let isGzip: Bool
  /// Decompressed bytes given out so far.
  private(set) var position = 0

  init(_ file: URL) throws(NIfTIError) {
    self.file = file
    isGzip = try Self.checkCompression(file)
    guard let handle = gzopen(file.path, "rb") else {
      throw Self.refusal(of: file, .system(code: errno))
    }
    gzbuffer(handle, 1 << 17)
    self.handle = handle
  }

  deinit { gzclose_r(handle) }

  /// Whether the content is gzip; refused when the name says otherwise, because niftilib believes the name.
  private static func checkCompression(_ file: URL) throws(NIfTIError) -> Bool {
    do { try RegularFile.check(file) } catch {
      guard let link = DeadLink(at: file) else { throw refusal(of: file, error) }
      let remedy =
        link.isCircle ? "put the file itself there" : "put what it leads to there, or another file in its place"
      throw .deadLink(file: file.path, words: "\(link.words(of: file.path)); \(remedy)")
    }
    guard let plain = fopen(file.path, "rb") else {
      throw refusal(of: file, .system(code: errno))
    }
    defer { fclose(plain) }
    var start = [UInt8](repeating: 0, count: ForeignContent.bytes)
    let got = fread(&start, 1, ForeignContent.bytes, plain)
    start.removeLast(start.count - got)
    if let content = ForeignContent(start) { throw .foreign(file: file.path, content) }
    let isGzip = start.starts(with: [0x1f, 0x8b])
    if isGzip && file.pathExtension != "gz" { throw .hiddenGzip(file: file.path) }
    if !isGzip && file.pathExtension == "gz" { throw .notGzip(file: file.path) }
    return isGzip
  }

  private static func refusal(of file: URL, _ refusal: RegularFile.Refusal) -> NIfTIError {
    .cannotOpen(file: file.path, reason: refusal.reason, remedy: refusal.remedy(of: file))
  }

  /// Up to `count` bytes; fewer only at the end of the stream.
  func read(_ count: Int, wanted: Int) throws(NIfTIError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    let got = gzread(handle, &bytes, UInt32(count))
    var status: Int32 = 0
    let words = gzerror(handle, &status).map { String(cString: $0) } ?? ""
    if got > 0 { position += Int(got) }
    // zlib reads ahead: an error behind these bytes is reported when it is reached.
    if Int(got) == count { return bytes }
    switch status {
    case Z_OK, Z_STREAM_END: return Array(bytes.prefix(max(Int(got), 0)))
    case Z_BUF_ERROR: throw .truncatedGzip(file: file.path, bytes: position, wanted: wanted)
    case Z_ERRNO:
      throw .cannotOpen(file: file.path, reason: words, remedy: "look after its disk (dmesg), or fetch it again")
    default: throw .corruptGzip(file: file.path, reason: words.replacingOccurrences(of: file.path + ": ", with: ""))
    }
  }

  /// Bytes that may follow the voxels: some writers pad their files.
  static let slack = 1 << 20

  /// Reads to the end, which also verifies gzip's checksums, and compares with what the header claims.
  func checkLength(wanted: Int) throws(NIfTIError) {
    if isGzip {
      while try read(1 << 18, wanted: wanted).count > 0 {
        guard position <= wanted + Self.slack else { break }
      }
    } else {
      // Of what a link leads to: annexed datasets are links throughout.
      var status = stat()
      position = stat(file.path, &status) == 0 ? Int(status.st_size) : 0
    }
    guard position >= wanted else { throw .truncated(file: file.path, bytes: position, wanted: wanted) }
    guard position <= wanted + Self.slack else {
      throw .tooLong(file: file.path, wanted: wanted, allowed: Self.slack)
    }
  }
}
