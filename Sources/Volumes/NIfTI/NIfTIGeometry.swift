import CNIfTI
import Foundation

extension NIfTI {
  /// A file's affine in mm: sform, else qform, else the voxel sizes (as nibabel's `get_best_affine`).
  static func geometry(
    of image: UnsafePointer<nifti_image>, file: URL
  ) throws(NIfTIError) -> Geometry {
    let header = image.pointee
    let shape = [header.nx, header.ny, header.nz].map { Int($0) }
    let (affine, from): (Affine, String) =
      if header.sform_code > 0 {
        (Affine(header.sto_xyz), "sform")
      } else if header.qform_code > 0 {
        (Affine(header.qto_xyz), "qform")
      } else {
        (centred(SIMD3(header.dx, header.dy, header.dz), shape: shape), "pixdim")
      }
    let scaled = affine.scaled(by: millimetres(perUnit: header.xyz_units))
    // A tenth of a percent of the box: far below any gantry tilt, far above rounding of single precision.
    guard abs(scaled.skewness) > 1e-3 else { throw .flatAffine(file: file.path, from: from) }
    return Geometry(shape: shape, affine: scaled)
  }

  /// What is odd about where the header puts the voxels.
  static func placement(of image: UnsafePointer<nifti_image>, _ geometry: Geometry) -> Placement {
    let header = image.pointee
    let (qform, sform) = (Int(header.qform_code), Int(header.sform_code))
    let scale = millimetres(perUnit: header.xyz_units)
    return Placement(
      geometry, isAssumed: qform <= 0 && sform <= 0,
      qform: qform > 0 && sform > 0 ? (Affine(header.qto_xyz).scaled(by: scale), qform, sform) : nil)
  }

  /// With neither form, as nibabel: i runs from right to left (ANALYZE's convention), the volume is centred on 0.
  private static func centred(_ spacing: SIMD3<Double>, shape: [Int]) -> Affine {
    let steps = SIMD3(-spacing.x, spacing.y, spacing.z)
    let origin = (0..<3).map { -steps[$0] * Double(shape[$0] - 1) / 2 }
    return Affine(
      rows: (0..<3).map { row in
        var values = SIMD4<Double>(repeating: 0)
        values[row] = steps[row]
        values[3] = origin[row]
        return values
      })
  }

  /// Unknown units are taken as millimetres, as every reader does.
  private static func millimetres(perUnit code: Int32) -> Double {
    switch code {
    case NIFTI_UNITS_METER: 1000
    case NIFTI_UNITS_MICRON: 0.001
    default: 1
    }
  }
}

extension Affine {
  fileprivate func scaled(by factor: Double) -> Affine { Affine(rows: rows.map { $0 * factor }) }
}
