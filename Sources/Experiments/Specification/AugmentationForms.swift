import JSON
import Volumes

/// The changes that are off unless an experiment names them: `true` takes nnU-Net's numbers, an object changes some.
extension Augmentation {
  static var furtherFields: [Field<Augmentation>] {
    [
      further("scaling", \.scaling, Scaling(), scalingFields, "In-plane scaling, as nnU-Net's"),
      further(
        "mirroring", \.mirroring, Mirroring(), mirroringFields, "Left and right exchanged; not with sided structures"),
      further("noise", \.noise, Noise(), noiseFields, "Gaussian noise, as nnU-Net's"),
      further("blur", \.blur, Blur(), blurFields, "Gaussian blur, as nnU-Net's"),
      further("brightness", \.brightness, Brightness(), brightnessFields, "A factor on all values, as nnU-Net's"),
      further("shift", \.shift, Shift(), shiftFields, "A number added to all values, as in nnU-Net's DA5"),
      further(
        "lowResolution", \.lowResolution, LowResolution(), lowResolutionFields, "In-plane, there and back, as nnU-Net's"
      ),
      further("gamma", \.gamma, Gamma(), gammaFields, "A power of the values, as nnU-Net's"),
    ]
  }

  private static func further<Change>(
    _ name: String, _ path: WritableKeyPath<Augmentation, Change?>, _ standard: Change, _ fields: [Field<Change>],
    _ meaning: String
  ) -> Field<Augmentation> {
    let form = Form<Change>.record(meaning, standard, fields)
    return Field(name, path, .orFalse(form, standard: standard), absentMeans: nil, meaning + "; absent is off")
  }

  private static func chance<Change>(_ path: WritableKeyPath<Change, Double>) -> Field<Change> {
    Field("probability", path, .chance, "Of being applied to a case; 0 is off")
  }

  private static func span<Change>(
    _ lower: WritableKeyPath<Change, Double>, _ upper: WritableKeyPath<Change, Double>, _ what: String
  ) -> [Field<Change>] {
    [
      Field("lower", lower, .number(.above(0)), what + " is uniform from here"),
      Field("upper", upper, .number(.above(0)), what + " is uniform up to here"),
    ]
  }

  private static var scalingFields: [Field<Scaling>] {
    [chance(\.probability)]
      + span(\.lower, \.upper, "The factor on distances from the centre, above 1 for smaller structures,")
  }
  private static var mirroringFields: [Field<Mirroring>] { [chance(\.probability)] }
  private static var noiseFields: [Field<Noise>] {
    [
      chance(\.probability),
      Field("largest", \.largest, .number(.atLeast(0)), "The standard deviation is uniform from 0 up to here"),
    ]
  }
  private static var blurFields: [Field<Blur>] {
    [chance(\.probability)] + span(\.lower, \.upper, "The standard deviation in voxels")
  }
  private static var brightnessFields: [Field<Brightness>] {
    [chance(\.probability)] + span(\.lower, \.upper, "The factor, half of the time below 1,")
  }
  private static var shiftFields: [Field<Shift>] {
    [
      chance(\.probability),
      Field("deviation", \.deviation, .number(.atLeast(0)), "Standard deviation of what is added"),
    ]
  }
  private static var lowResolutionFields: [Field<LowResolution>] {
    [chance(\.probability)] + span(\.lower, \.upper, "The share of height and width that is kept")
  }
  private static var gammaFields: [Field<Gamma>] {
    [
      chance(\.probability),
      Field(
        "negativeProbability", \.negativeProbability, .number(.from(0, to: 1)),
        "Of being applied to the negative of a case, first"),
    ] + span(\.lower, \.upper, "The power, half of the time below 1,")
  }
}
