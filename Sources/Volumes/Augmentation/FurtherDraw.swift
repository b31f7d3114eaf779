import Compute

/// What chance decided of the changes besides the paper's three, for one case in one epoch.
package struct FurtherDraw: Sendable, Equatable {
  package var scale: Double?
  package var isMirrored = false
  package var noise: Noise?
  /// Standard deviations along D, H and W, in voxels.
  package var blur: SIMD3<Double>?
  package var brightness: Double?
  package var shift: Double?
  package var lowResolution: Double?
  /// Exponents: of the negative image, of the image.
  package var negativeGamma: Double?
  package var gamma: Double?

  package init() {}

  package struct Noise: Sendable, Equatable {
    /// Standard deviation.
    package var deviation: Double
    /// Where its numbers come from, which follows from case and epoch.
    package var stream: RandomStream

    package init(deviation: Double, stream: RandomStream) { (self.deviation, self.stream) = (deviation, stream) }

    package static func == (left: Self, right: Self) -> Bool { left.deviation == right.deviation }
  }
}

extension FurtherDraw {
  /// What nnU-Net does before the contrast: noise, blur, brightness, shift.
  func beforeContrast(_ image: Grid3<Float>) -> Grid3<Float> {
    var image = image
    if let noise { image = image.noisy(deviation: noise.deviation, stream: noise.stream) }
    if let blur { image = image.blurred(by: blur) }
    if let brightness { image = image.brightened(by: brightness) }
    if let shift { image = image.brightened(shift: shift) }
    return image
  }

  /// What it does after the contrast: low resolution, gamma.
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
      draw.noise = .init(
        deviation: own.uniform(0, noise.largest), stream: stream.starting(atBlock: Self.noiseBlocks))
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
  static let furtherBlocks: UInt32 = 1 << 24
  static let noiseBlocks: UInt32 = 1 << 25
}

extension RandomStream {
  mutating func uniform(_ lower: Double, _ upper: Double) -> Double {
    lower + (upper - lower) * Double(nextUniform())
  }

  /// Below 1 in half of the draws, where the range reaches there, else above.
  mutating func aroundOne(_ lower: Double, _ upper: Double) -> Double {
    let isBelow = nextUniform() < 0.5 && lower < 1
    return isBelow ? uniform(lower, min(1, upper)) : uniform(max(lower, min(1, upper)), upper)
  }
}
