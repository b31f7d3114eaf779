/// The changes that nnU-Net makes besides the paper's three, each off unless an experiment asks for it. Defaults are those
/// of nnU-Net's trainer (nnunetv2 2.8, batchgeneratorsv2 0.3); where it draws once for an image and once more for each
/// channel, the probability here is the product, that of one channel. `ChannelDraw.swift` has the further channels.
extension Augmentation {
  /// In-plane scaling about the centre: the factor on the distance from it at which the old slice is read. Above 1 more is
  /// seen, and smaller.
  package struct Scaling: Codable, Hashable, Sendable {
    package var probability = 0.2
    /// The factor is uniform in lower ... upper.
    package var lower = 0.7
    package var upper = 1.4

    package init() {}
  }

  /// Left and right change places: slices in reverse order. Only where no structure has a side.
  package struct Mirroring: Codable, Hashable, Sendable {
    package var probability = 0.5

    package init() {}
  }

  /// Gaussian noise, independent for each voxel.
  package struct Noise: Codable, Hashable, Sendable {
    package var probability = 0.1
    /// The standard deviation is uniform in 0 ... largest. nnU-Net calls it a variance and uses it so.
    package var largest = 0.1

    package init() {}
  }

  /// A Gaussian blur, of a width of its own along each axis.
  package struct Blur: Codable, Hashable, Sendable {
    package var probability = 0.1
    /// Standard deviations in voxels are uniform in lower ... upper.
    package var lower = 0.5
    package var upper = 1.0

    package init() {}
  }

  /// A factor on the whole image; one half of the draws is uniform below 1, the other above, as nnU-Net's `BGContrast`.
  package struct Brightness: Codable, Hashable, Sendable {
    package var probability = 0.15
    package var lower = 0.75
    package var upper = 1.25

    package init() {}
  }

  /// A number added to the whole image, drawn from a normal distribution: of nnU-Net's stronger trainer, `DA5`.
  package struct Shift: Codable, Hashable, Sendable {
    package var probability = 0.05
    /// Standard deviation of the number.
    package var deviation = 0.5

    package init() {}
  }

  /// In-plane: to `factor` of its size by the nearest voxel, and back linearly.
  package struct LowResolution: Codable, Hashable, Sendable {
    package var probability = 0.125
    /// The factor is uniform in lower ... upper.
    package var lower = 0.5
    package var upper = 1.0

    package init() {}
  }

  /// `x ← ((x − min) / (max − min))^γ (max − min) + min`, then mean and standard deviation of before. γ is drawn as a
  /// brightness factor is.
  package struct Gamma: Codable, Hashable, Sendable {
    package var probability = 0.3
    /// Of a second change of this kind, of the negative image; it comes first.
    package var negativeProbability = 0.1
    package var lower = 0.7
    package var upper = 1.5

    package init() {}
  }

  /// What is out of range in the changes that are on, as `problems` tells it.
  var furtherProblems: [(path: String, message: String)] {
    let spans = [
      ("scaling", scaling.map { ($0.lower, $0.upper) }), ("blur", blur.map { ($0.lower, $0.upper) }),
      ("brightness", brightness.map { ($0.lower, $0.upper) }),
      ("lowResolution", lowResolution.map { ($0.lower, $0.upper) }), ("gamma", gamma.map { ($0.lower, $0.upper) }),
    ]
    let chances = [
      ("scaling.probability", scaling?.probability), ("mirroring.probability", mirroring?.probability),
      ("noise.probability", noise?.probability), ("blur.probability", blur?.probability),
      ("brightness.probability", brightness?.probability), ("shift.probability", shift?.probability),
      ("lowResolution.probability", lowResolution?.probability), ("gamma.probability", gamma?.probability),
      ("gamma.negativeProbability", gamma?.negativeProbability),
    ]
    let unlikely = chances.compactMap { path, value in
      value.flatMap { $0 >= 0 && $0 <= 1 ? nil : (path: path, message: "\($0) is not between 0 and 1") }
    }
    let reversed = spans.compactMap { name, span in
      span.flatMap { lower, upper in
        lower > 0 && lower <= upper && upper.isFinite
          ? nil : (path: name + ".upper", message: "\(upper) is below lower (\(lower))")
      }
    }
    let enlarged = lowResolution.flatMap { low in
      low.upper > 1 ? (path: "lowResolution.upper", message: "\(low.upper) is above 1, the image itself") : nil
    }
    return unlikely + reversed + [enlarged].compactMap(\.self)
  }
}
