import Compute
import Foundation

/// A patient scanned: an image with noise and a mask, on a grid in D, H, W order.
struct PhantomScan {
  let image: Grid3<Int16>
  let mask: Grid3<UInt8>
  let geometry: Geometry

  init(_ phantom: Phantom, index: Int) {
    var stream = RandomStream(seed: phantom.seed, purpose: .phantom, index: index)
    let patient = PhantomPatient(phantom, stream: &stream)
    let spine = PhantomSpine(patient)
    let tissue = PhantomTissue(patient, spine: spine, stream: &stream)
    let extent = Extent3(patient.slices, phantom.height, phantom.width)
    let spacing = SIMD3(
      patient.sliceThickness, patient.fieldOfView.x / Double(extent.height),
      patient.fieldOfView.y / Double(extent.width))
    var sampler = Sampler(tissue: tissue, extent: extent, spacing: spacing)
    let (signal, mask) = sampler.sample()
    image = Self.received(signal, patient: patient, spacing: spacing, noise: phantom.noise, stream: &stream)
    self.mask = mask
    geometry = Self.geometry(extent, spacing: spacing, tilt: patient.tilt)
  }

  /// The coil's sensitivity, then noise in both channels of the receiver, of which the magnitude is kept (Rician).
  private static func received(
    _ signal: Grid3<Double>, patient: PhantomPatient, spacing: SIMD3<Double>, noise: Double,
    stream: inout RandomStream
  ) -> Grid3<Int16> {
    let extent = signal.extent
    var values: [Int16] = []
    values.reserveCapacity(extent.count)
    for d in 0..<extent.depth {
      for h in 0..<extent.height {
        let ripple = 1 + patient.ripple.amount * sin(Double(h) * spacing.y / 60 + patient.ripple.phase)
        for w in 0..<extent.width {
          let fromBack = patient.fieldOfView.y - Double(w) * spacing.z
          let sensitivity = ripple * (0.35 + 1.15 * exp(-fromBack / patient.coilReach))
          let (real, imaginary) = stream.nextNormalPair()
          let level = signal[d, h, w] * sensitivity + noise * real
          let magnitude = (level * level + noise * noise * imaginary * imaginary).squareRoot()
          values.append(Int16(min(magnitude * patient.gain, 32767).rounded()))
        }
      }
    }
    return Grid3(extent, values: values)
  }

  /// The file's axes run downwards, backwards and to the right, slightly oblique; the volume's centre is the origin.
  private static func geometry(_ extent: Extent3, spacing: SIMD3<Double>, tilt: SIMD3<Double>) -> Geometry {
    let shape = [extent.height, extent.width, extent.depth]
    let steps = [SIMD3(0, 0, -spacing.y), SIMD3(0, -spacing.z, 0), SIMD3(spacing.x, 0, 0)].map { rotated($0, by: tilt) }
    var centre = SIMD3<Double>()
    for axis in 0..<3 { centre += steps[axis] * (Double(shape[axis] - 1) / 2) }
    return Geometry(
      shape: shape,
      affine: Affine(
        rows: (0..<3).map { SIMD4(steps[0][$0], steps[1][$0], steps[2][$0], -centre[$0]) }))
  }

  /// Turned about x, then y, then z.
  private static func rotated(_ vector: SIMD3<Double>, by angles: SIMD3<Double>) -> SIMD3<Double> {
    var v = vector
    for (a, b, angle) in [(1, 2, angles.x), (2, 0, angles.y), (0, 1, angles.z)] {
      (v[a], v[b]) = (cos(angle) * v[a] - sin(angle) * v[b], sin(angle) * v[a] + cos(angle) * v[b])
    }
    return v
  }
}

/// Averages the signal over each voxel (thick slices blur what they cut) and labels it by its centre.
private struct Sampler {
  let tissue: PhantomTissue
  let extent: Extent3
  let spacing: SIMD3<Double>
  /// For each level, the mask's number; 0 for parts that are cut off or above T10.
  let numbers: [UInt8]

  init(tissue: PhantomTissue, extent: Extent3, spacing: SIMD3<Double>) {
    (self.tissue, self.extent, self.spacing) = (tissue, extent, spacing)
    numbers = Self.numbers(tissue.spine, height: tissue.patient.fieldOfView.x)
  }

  /// A part is labelled when more than 6/10 of its height are in the picture; the sacrum always.
  private static func numbers(_ spine: PhantomSpine, height: Double) -> [UInt8] {
    spine.levels.map { level in
      guard let structure = LabelMap.mrSpineSeg.structures.first(where: { $0.name == level.name }) else { return 0 }
      let inside = (0..<20).count { step in
        let y = spine.point(at: level.lower + (Double(step) + 0.5) / 20 * (level.upper - level.lower)).x
        return y >= 0 && y < height
      }
      return level.name == "S" || inside > 12 ? UInt8(structure.value) : 0
    }
  }

  mutating func sample() -> (signal: Grid3<Double>, mask: Grid3<UInt8>) {
    var signal = Grid3(extent, repeating: 0.0)
    var mask = Grid3<UInt8>(extent, repeating: 0)
    for h in 0..<extent.height {
      for w in 0..<extent.width {
        let centre = SIMD2((Double(h) + 0.5) * spacing.y, (Double(w) + 0.5) * spacing.z)
        let middle = tissue.spot(at: centre)
        let parts = [-0.25, 0.25].flatMap { y in
          [-0.25, 0.25].map { x in tissue.spot(at: centre + SIMD2(y * spacing.y, x * spacing.z)) }
        }
        for d in 0..<extent.depth {
          let z = (Double(d) - Double(extent.depth - 1) / 2) * spacing.x
          mask[d, h, w] = tissue.level(at: middle, z: z).map { numbers[$0] } ?? 0
          var sum = 0.0
          for part in parts {
            for across in [-1.0, 0, 1] {
              sum += tissue.signal(at: part, z: z + across / 3 * spacing.x)
            }
          }
          signal[d, h, w] = sum / Double(3 * parts.count)
        }
      }
    }
    return (signal, mask)
  }
}
