import CNIfTI
import Compute
import Foundation
import System

/// NIfTI-1 and NIfTI-2 files, through niftilib, which sees a file only after its header and length were checked.
package enum NIfTI {
  /// Checks the header against the rules of `NIfTIHeader.check`, and the length of the file against the header.
  package static func check(_ file: URL) throws(NIfTIError) -> VoxelLayout {
    let files = try existingFiles(file)
    let stream = try VolumeStream(files.header)
    let header = try readHeader(stream, file: files.header.path)
    let layout = try header.check(file: files.header.path, single: files.separateImage == nil)
    if let image = files.separateImage {
      try VolumeStream(image).checkLength(wanted: layout.fileBytes)
    } else {
      try stream.checkLength(wanted: layout.fileBytes)
    }
    return layout
  }

  /// How the voxels are stored, as the header says: what reading them will take. The rest of the file is not looked at.
  package static func claimedLayout(_ file: URL) throws(NIfTIError) -> VoxelLayout {
    let files = try existingFiles(file)
    let header = try readHeader(try VolumeStream(files.header), file: files.header.path)
    return try header.check(file: files.header.path, single: files.separateImage == nil)
  }

  /// What the header says of the file in words.
  package static func description(of file: URL) throws(NIfTIError) -> String {
    let files = try existingFiles(file)
    return try readHeader(try VolumeStream(files.header), file: files.header.path).description
  }

  private static func existingFiles(_ file: URL) throws(NIfTIError) -> NIfTIFiles {
    let files = NIfTIFiles(header: file)
    guard NIfTIFiles.stem(files.header.lastPathComponent) != nil else {
      if DICOMFiles(file) != nil { throw .foreign(file: file.path, .dicom) }
      throw VolumeList.isFolder(file) ? .isFolder(file: file.path) : .unknownExtension(file: file.path)
    }
    for (part, other) in [(files.header, files.separateImage), (files.separateImage, files.header)] {
      guard let part, let other, !FileManager.default.fileExists(atPath: part.path) else { continue }
      throw .missingPart(file: other.path, wanted: part.lastPathComponent)
    }
    return files
  }

  private static func readHeader(_ stream: VolumeStream, file: String) throws(NIfTIError) -> NIfTIHeader {
    var bytes = try stream.read(4, wanted: 348)
    if bytes.isEmpty { throw .foreign(file: file, .empty) }
    guard bytes.count == 4 else { throw .truncatedHeader(file: file, bytes: bytes.count, wanted: 348) }
    guard let format = NIfTIHeader.format(of: bytes) else {
      let start = bytes + (try stream.read(ForeignContent.bytes - 4, wanted: 348))
      if let content = ForeignContent(header: start) { throw .foreign(file: file, content) }
      throw .notNIfTI(file: file, headerSize: HeaderBytes(bytes: bytes, bigEndian: false).int32(0))
    }
    let wanted = format.version.headerBytes
    bytes += try stream.read(wanted - 4, wanted: wanted)
    guard bytes.count == wanted else { throw .truncatedHeader(file: file, bytes: bytes.count, wanted: wanted) }
    return NIfTIHeader(bytes, version: format.version, bigEndian: format.bigEndian)
  }

  /// Checks and reads a volume; values are scaled by the header's slope and intercept.
  package static func read(_ file: URL) throws(NIfTIError) -> Volume {
    let layout = try check(file)
    try checkMemory(layout, file)
    return try withImage(file, layout) { (image, voxels) throws(NIfTIError) in
      let geometry = try geometry(of: image, file: file)
      let raw = try readVoxels(voxels, layout: layout, file: file)
      let values = VoxelDecoder(layout).decode(raw)
      return Volume(
        grid: geometry.axes.grid(fromFile: values, shape: layout.shape), geometry: geometry,
        placement: placement(of: image, geometry))
    }
  }

  /// A sparse file can claim gigabytes that it does not have. Volumes of a usual size are not worth a look.
  private static func checkMemory(_ layout: VoxelLayout, _ file: URL) throws(NIfTIError) {
    guard layout.voxels > 1 << 25 else { return }
    // As stored, decoded, and turned.
    let needed = layout.voxels * (layout.type.bytes + 2 * MemoryLayout<Double>.stride)
    let free = Machine.current().freeMemory
    guard needed <= free else {
      throw .noMemory(file: file.path, dimensions: layout.shape, needed: needed, free: free)
    }
  }

  /// Checks a volume and reads where it lies, without its voxels.
  package static func readGeometry(_ file: URL) throws(NIfTIError) -> Geometry {
    let layout = try check(file)
    return try withImage(file, layout) { (image, _) throws(NIfTIError) in try geometry(of: image, file: file) }
  }

  /// Opens a checked file with niftilib; `body` gets its header and its stream.
  static func withImage<T>(
    _ file: URL, _ layout: VoxelLayout,
    _ body: (UnsafeMutablePointer<nifti_image>, znzFile) throws(NIfTIError) -> T
  ) throws(NIfTIError) -> T {
    silence
    // Not nifti_image_open, which reports on standard error whatever the debug level.
    let image = nifti_image_read(NIfTIFiles(header: file).header.path, 0)
    defer { nifti_image_free(image) }
    guard let image, let name = image.pointee.iname else { throw .refusedByLibrary(file: file.path) }
    var voxels = znzopen(name, "rb", nifti_is_gzfile(name))
    defer { if voxels != nil { Xznzclose(&voxels) } }
    guard let voxels else { throw .changedWhileRead(file: file.path) }
    let shape = [image.pointee.nx, image.pointee.ny, image.pointee.nz].map { Int($0) }
    guard shape == layout.shape, Int(image.pointee.datatype) == layout.type.rawValue else {
      throw .changedWhileRead(file: file.path)
    }
    return try body(image, voxels)
  }

  /// niftilib reports problems on standard error, which belongs to the program.
  static let silence: Void = nifti_set_debug_level(0)

  /// The stored bytes. Not by `nifti_image_load`, which silently turns non-finite numbers into zeros.
  static func readVoxels(
    _ stream: znzFile, layout: VoxelLayout, file: URL
  ) throws(NIfTIError) -> [UInt8] {
    guard znzseek(stream, layout.offset, SEEK_SET) >= 0 else { throw .changedWhileRead(file: file.path) }
    let bytes = [UInt8](unsafeUninitializedCapacity: layout.voxelBytes) { buffer, count in
      let got = znzread(buffer.baseAddress, 1, layout.voxelBytes, stream)
      count = got <= layout.voxelBytes ? got : 0
    }
    guard bytes.count == layout.voxelBytes else { throw .changedWhileRead(file: file.path) }
    return bytes
  }
}
