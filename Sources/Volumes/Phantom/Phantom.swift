/// A made-up set of lumbar MRI with masks: a curved spine of 17 structures with MRSpineSeg's label numbers.
///
/// Thick sagittal slices, varying field of view (which leaves out T10, T10/T11 and now and then T11 where the picture
/// ends below them), contrast, degenerate discs, bias field, slight obliqueness, Rician noise. The same values make the
/// same files.
package struct Phantom: Codable, Hashable, Sendable {
  package var cases: Int
  package var seed: UInt64
  /// Sagittal slices of an image: a number in this range per case.
  package var slices: ClosedRange<Int>
  /// Voxels of a slice, head to foot and front to back.
  package var height: Int
  package var width: Int
  /// Side of a slice's longer edge in mm: a number in this range per case.
  package var fieldOfView: ClosedRange<Double>
  /// Standard deviation of the noise, as a share of fat's signal.
  package var noise: Double

  package init(
    cases: Int = 40, seed: UInt64 = 2023, slices: ClosedRange<Int> = 12...18, height: Int = 96, width: Int = 96,
    fieldOfView: ClosedRange<Double> = 270...330, noise: Double = 0.03
  ) {
    self.cases = cases
    self.seed = seed
    self.slices = slices
    self.height = height
    self.width = width
    self.fieldOfView = fieldOfView
    self.noise = noise
  }

  package init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    let usual = Phantom()
    cases = try values.decodeIfPresent(Int.self, forKey: .cases) ?? usual.cases
    seed = try values.decodeIfPresent(UInt64.self, forKey: .seed) ?? usual.seed
    slices = try values.decodeIfPresent(ClosedRange<Int>.self, forKey: .slices) ?? usual.slices
    height = try values.decodeIfPresent(Int.self, forKey: .height) ?? usual.height
    width = try values.decodeIfPresent(Int.self, forKey: .width) ?? usual.width
    fieldOfView = try values.decodeIfPresent(ClosedRange<Double>.self, forKey: .fieldOfView) ?? usual.fieldOfView
    noise = try values.decodeIfPresent(Double.self, forKey: .noise) ?? usual.noise
  }
}
