import CNIfTI
import Crypto
import Foundation

extension NIfTI {
  /// Writes several volumes of float32 on the grid of another file as one file of four dimensions, the fourth counting
  /// them: what nibabel, SimpleITK and FSL read as a 4D image. One volume is held at a time.
  ///
  /// - Parameter volume: the values of a number from 0 on, in the file's order, i fastest; asked for once, in order.
  package static func writeSeries(
    like template: URL, count: Int, to file: URL, volume: (Int) -> [Float]
  ) throws(NIfTIError) {
    let layout = try check(template)
    silence
    guard let image = nifti_image_read(NIfTIFiles(header: template).header.path, 0) else {
      throw .refusedByLibrary(file: template.path)
    }
    defer { nifti_image_free(image) }
    image.pointee.forget(typeAndMeaning: .float32)
    nifti_free_extensions(image)
    (image.pointee.ndim, image.pointee.dim.0) = (4, 4)
    (image.pointee.nt, image.pointee.dim.4) = (Int64(count), Int64(count))
    (image.pointee.dt, image.pointee.pixdim.4) = (1, 1)
    image.pointee.nvox = Int64(layout.voxels * count)
    // The fourth dimension counts classes, not seconds.
    image.pointee.time_units = NIFTI_UNITS_UNKNOWN
    var sums: [SHA256Digest] = []
    var isWhole = false
    try stage(image, for: file) { (_) throws(NIfTIError) in
      // 2: the header alone, and the stream is left open behind it.
      var stream = nifti_image_write_hdr_img2(image, 2, "wb", nil, nil)
      guard stream != nil else { return }
      defer { if stream != nil { Xznzclose(&stream) } }
      isWhole = true
      for number in 0..<count where isWhole {
        let values = volume(number)
        guard values.count == layout.voxels else { throw .changedWhileRead(file: template.path) }
        isWhole = values.withUnsafeBytes { bytes in
          sums.append(SHA256.hash(data: bytes))
          return znzwrite(bytes.baseAddress, 1, bytes.count, stream) == bytes.count
        }
      }
      isWhole = Xznzclose(&stream) == 0 && isWhole
    } holds: { temporary in
      isWhole
        && (try? holds(sums, bytesEach: layout.voxels * 4, after: Int(image.pointee.iname_offset), temporary)) == true
    }
  }

  private static func holds(
    _ sums: [SHA256Digest], bytesEach bytes: Int, after offset: Int, _ file: URL
  ) throws(NIfTIError) -> Bool {
    let stream = try VolumeStream(file)
    let wanted = offset + sums.count * bytes
    guard try stream.read(offset, wanted: wanted).count == offset else { return false }
    for sum in sums {
      var (found, left) = (SHA256(), bytes)
      while left > 0 {
        let piece = try stream.read(min(left, 1 << 20), wanted: wanted)
        if piece.isEmpty { return false }
        found.update(data: piece)
        left -= piece.count
      }
      if found.finalize() != sum { return false }
    }
    return try stream.read(1, wanted: wanted).isEmpty
  }
}
