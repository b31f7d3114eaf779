import CNIfTI
import Foundation
import System

/// A type of voxel that this project writes.
package protocol WritableVoxel: BitwiseCopyable, Sendable, Equatable {
  static var voxelType: VoxelType { get }
}

extension UInt8: WritableVoxel { package static var voxelType: VoxelType { .uint8 } }
extension Int16: WritableVoxel { package static var voxelType: VoxelType { .int16 } }
extension Int32: WritableVoxel { package static var voxelType: VoxelType { .int32 } }
extension Float: WritableVoxel { package static var voxelType: VoxelType { .float32 } }

extension NIfTI {
  /// Writes a new file with the given geometry as both sform and qform (code 1, scanner), in mm.
  ///
  /// - Parameter values: in the file's order, i fastest.
  package static func write<T: WritableVoxel>(
    _ values: [T], geometry: Geometry, to file: URL
  ) throws(NIfTIError) {
    silence
    let lengths = [3] + geometry.shape.map { Int64($0) } + [1, 1, 1, 1]
    guard let image = nifti_make_new_nim(lengths, Int32(T.voxelType.rawValue), 0) else {
      throw .refusedBySystem(
        file: file.path, reason: "Niftilib makes no image of \(geometry.shape) voxels",
        remedy: "End other programs, so that there is memory for it.")
    }
    defer { nifti_image_free(image) }
    image.pointee.setGeometry(geometry)
    try write(values, with: image, shape: geometry.shape, to: file)
  }

  /// Writes a file with the header of another: its grid, orientation, codes and units, without its scaling.
  ///
  /// - Parameters:
  ///   - values: in the file's order, i fastest, one for each voxel of `template`.
  ///   - description: what the header says of the file, up to `longestDescription` bytes; longer ones are left out.
  package static func write<T: WritableVoxel>(
    _ values: [T], like template: URL, describing description: String = "", to file: URL
  ) throws(NIfTIError) {
    let layout = try check(template)
    // It is read a second time here, and may be another file by now.
    guard values.count == layout.voxels else { throw .changedWhileRead(file: template.path) }
    silence
    guard let image = nifti_image_read(NIfTIFiles(header: template).header.path, 0) else {
      throw .refusedByLibrary(file: template.path)
    }
    defer { nifti_image_free(image) }
    image.pointee.forget(typeAndMeaning: T.voxelType)
    image.pointee.describe(description)
    nifti_free_extensions(image)
    try write(values, with: image, shape: layout.shape, to: file)
  }

  /// Bytes; the field has one more, which ends it.
  package static let longestDescription = 79

  private static func write<T: WritableVoxel>(
    _ values: [T], with image: UnsafeMutablePointer<nifti_image>, shape: [Int], to file: URL
  ) throws(NIfTIError) {
    precondition(values.count == shape.reduce(1, *), "\(values.count) values for a file of \(shape)")
    try stage(image, for: file) { (_) throws(NIfTIError) in
      values.withUnsafeBytes { bytes in
        image.pointee.data = UnsafeMutableRawPointer(mutating: bytes.baseAddress)
        nifti_image_write(image)
        image.pointee.data = nil
      }
    } holds: { temporary in
      (try? holds(values, temporary)) == true
    }
  }

  /// Writes a file in a folder of its own, so that nobody can guess the name and put a link there; it is read back and
  /// compared (niftilib does not say when a disk is full), synced, then renamed.
  static func stage(
    _ image: UnsafeMutablePointer<nifti_image>, for file: URL, write: (URL) throws(NIfTIError) -> Void,
    holds: (URL) -> Bool
  ) throws(NIfTIError) {
    let name = file.lastPathComponent
    guard NIfTIFiles.isSingle(name) else { throw .unknownExtension(file: file.path) }
    let folder: URL
    do throws(SystemError) {
      folder = try PrivateFolder.create(in: file.deletingLastPathComponent(), beginning: unfinished)
    } catch {
      throw refusal(of: file, error)
    }
    let temporary = folder.appendingPathComponent(name)
    defer {
      unlink(temporary.path)
      rmdir(folder.path)
    }
    nifti_set_filenames(image, temporary.path, 0, 1)
    image.pointee.nifti_type =
      image.pointee.nifti_type >= NIFTI_FTYPE_NIFTI2_1 ? NIFTI_FTYPE_NIFTI2_1 : NIFTI_FTYPE_NIFTI1_1
    errno = 0
    try write(temporary)
    let reason = errno == 0 ? "the written file differs from what was to be written" : String(cString: strerror(errno))
    guard holds(temporary) else { throw .cannotWrite(file: file.path, reason: reason) }
    do { try StagedFile(written: temporary, for: file).commit() } catch { throw refusal(of: file, error) }
  }

  /// By its cause: full disks and forbidden folders are not all.
  private static func refusal(of file: URL, _ error: SystemError) -> NIfTIError {
    let folder = file.deletingLastPathComponent().path
    if error.code == ENOENT, access(folder, F_OK) != 0 { return .noFolder(file: file.path, folder: folder) }
    let own = SystemError(file: file.path, action: .create, code: error.code)
    return .refusedBySystem(file: file.path, reason: own.reason, remedy: own.remedy)
  }

  /// How names of folders begin in which a file is being written, and of files in folders of earlier programs.
  private static let unfinished = ".writing-"

  /// Removes what killed processes left in a folder whose only writer is the caller.
  package static func removeUnfinished(in folder: URL) throws {
    for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) where name.hasPrefix(unfinished) {
      try FileManager.default.removeItem(at: folder.appendingPathComponent(name))
    }
  }

  private static func holds<T: WritableVoxel>(_ values: [T], _ file: URL) throws(NIfTIError) -> Bool {
    let layout = try check(file)
    return try withImage(file, layout) { (_, stream) throws(NIfTIError) in
      let bytes = try readVoxels(stream, layout: layout, file: file)
      return values.withUnsafeBytes { bytes.elementsEqual($0) }
    }
  }
}

extension nifti_image {
  fileprivate mutating func setGeometry(_ geometry: Geometry) {
    let spacing = geometry.affine.spacing
    (dx, dy, dz) = (spacing.x, spacing.y, spacing.z)
    (pixdim.1, pixdim.2, pixdim.3) = (dx, dy, dz)
    xyz_units = NIFTI_UNITS_MM
    sto_xyz.m = geometry.affine.tuples
    (sform_code, qform_code) = (1, 1)
    // The voxel sizes it would also give are set above.
    nifti_dmat44_to_quatern(
      sto_xyz, &quatern_b, &quatern_c, &quatern_d, &qoffset_x, &qoffset_y, &qoffset_z, nil, nil, nil, &qfac)
    nifti_type = NIFTI_FTYPE_NIFTI1_1
  }

  fileprivate mutating func describe(_ text: String) {
    let bytes = Array(text.utf8)
    guard bytes.count <= NIfTI.longestDescription else { return }
    withUnsafeMutableBytes(of: &descrip) { field in
      field.initializeMemory(as: UInt8.self, repeating: 0)
      field.copyBytes(from: bytes)
    }
  }

  /// Keeps where the voxels lie; drops what the template's values meant.
  mutating func forget(typeAndMeaning type: VoxelType) {
    datatype = Int32(type.rawValue)
    nbyper = Int32(type.bytes)
    swapsize = type.bytes > 1 ? Int32(type.bytes) : 0
    (scl_slope, scl_inter) = (1, 0)
    (cal_min, cal_max) = (0, 0)
    (intent_code, intent_p1, intent_p2, intent_p3) = (NIFTI_INTENT_NONE, 0, 0, 0)
    intent_name.0 = 0
    descrip.0 = 0
    aux_file.0 = 0
    (ndim, dim.0) = (3, 3)
  }
}
