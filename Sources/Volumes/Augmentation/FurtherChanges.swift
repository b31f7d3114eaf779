import Compute

/// The changes that nnU-Net makes besides the paper's three, each off unless an experiment asks for it. Defaults are those
/// of nnU-Net's trainer (nnunetv2 2.8, batchgeneratorsv2 0.3); where it draws once for an image and once more for each
/// channel, the probability here is the product, since an image has one channel.
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
    let enlarged = (lowResolution?.upper ?? 0) > 1
    return unlikely + reversed
      + (enlarged
        ? [(path: "lowResolution.upper", message: "\(lowResolution!.upper) is above 1, the image itself")] : [])
  }
}

/// What chance decided of them for one case in one epoch.
package struct FurtherDraw: Sendable, Equatable {
  package var scale: Double?
  package var isMirrored = false
  /// Standard deviation, and where the noise's own numbers come from.
  package var noise: (deviation: Double, stream: RandomStream)?
  /// Standard deviations along D, H and W, in voxels.
  package var blur: SIMD3<Double>?
  package var brightness: Double?
  package var shift: Double?
  package var lowResolution: Double?
  /// Exponents: of the negative image, of the image.
  package var negativeGamma: Double?
  package var gamma: Double?

  package init() {}

  package static func == (left: Self, right: Self) -> Bool {
    left.scale == right.scale && left.isMirrored == right.isMirrored
      && left.noise?.deviation == right.noise?.deviation && left.blur == right.blur
      && left.brightness == right.brightness && left.shift == right.shift
      && left.lowResolution == right.lowResolution && left.negativeGamma == right.negativeGamma
      && left.gamma == right.gamma
  }
}

extension FurtherDraw {
  /// Noise, blur and brightness.
  func beforeContrast(_ image: Grid3<Float>) -> Grid3<Float> {
    var image = image
    if let noise { image = image.noisy(deviation: noise.deviation, stream: noise.stream) }
    if let blur { image = image.blurred(by: blur) }
    if let brightness { image = image.brightened(by: brightness) }
    if let shift { image = image.brightened(shift: shift) }
    return image
  }

  /// Low resolution and gamma.
  func afterContrast(_ image: Grid3<Float>) -> Grid3<Float> {
    var image = image
    if let lowResolution { image = image.coarsened(to: lowResolution) }
    if let negativeGamma { image = image.gammaChanged(negativeGamma, negative: true) }
    if let gamma { image = image.gammaChanged(gamma) }
    return image
  }
}

extension Augmentation {
  /// Every change has numbers of its own, far behind those of the paper's three, so that none depends on what else is on.
  ///
  /// - Parameter stream: that of the case, wherever it stands.
  func furtherDraw(_ stream: RandomStream) -> FurtherDraw {
    var draw = FurtherDraw()
    func numbers(_ place: UInt32, _ probability: Double?) -> RandomStream? {
      guard let probability else { return nil }
      var numbers = stream.starting(atBlock: Self.furtherBlocks + place * 16)
      return Double(numbers.nextUniform()) < probability ? numbers : nil
    }
    if let scaling, var own = numbers(0, scaling.probability) {
      draw.scale = own.uniform(scaling.lower, scaling.upper)
    }
    draw.isMirrored = numbers(1, mirroring?.probability) != nil
    if let noise, var own = numbers(2, noise.probability) {
      draw.noise = (own.uniform(0, noise.largest), stream.starting(atBlock: Self.noiseBlocks))
    }
    if let blur, var own = numbers(3, blur.probability) {
      draw.blur = SIMD3(
        own.uniform(blur.lower, blur.upper), own.uniform(blur.lower, blur.upper), own.uniform(blur.lower, blur.upper))
    }
    if let brightness, var own = numbers(4, brightness.probability) {
      draw.brightness = own.aroundOne(brightness.lower, brightness.upper)
    }
    if let shift, var own = numbers(5, shift.probability) { draw.shift = shift.deviation * own.nextNormalPair().0 }
    if let low = lowResolution, var own = numbers(6, low.probability) {
      draw.lowResolution = own.uniform(low.lower, low.upper)
    }
    if let gamma {
      if var own = numbers(7, gamma.negativeProbability) {
        draw.negativeGamma = own.aroundOne(gamma.lower, gamma.upper)
      }
      if var own = numbers(8, gamma.probability) { draw.gamma = own.aroundOne(gamma.lower, gamma.upper) }
    }
    return draw
  }

  /// The three older changes take far fewer than 2²⁶ numbers.
  private static let furtherBlocks: UInt32 = 1 << 24
  private static let noiseBlocks: UInt32 = 1 << 25
}

extension RandomStream {
  fileprivate mutating func uniform(_ lower: Double, _ upper: Double) -> Double {
    lower + (upper - lower) * Double(nextUniform())
  }

  /// Below 1 in half of the draws, where the range reaches there, else above.
  fileprivate mutating func aroundOne(_ lower: Double, _ upper: Double) -> Double {
    let isBelow = nextUniform() < 0.5 && lower < 1
    return isBelow ? uniform(lower, min(1, upper)) : uniform(max(lower, min(1, upper)), upper)
  }
}
