import Compute

/// What chance makes of the channels besides the first, as nnU-Net does (nnunetv2 2.8): all channels move alike; where
/// values change, each channel has numbers of its own.
///
/// - Contrast, brightness, shift, gamma and noise change all channels of an image or none; noise is as strong in all.
/// - Blur and low resolution are drawn once for the image and once for each channel: a channel changes in half of the
///   images that any channel may change in.
extension Augmentation {
  /// - Parameters:
  ///   - channel: 1 and on.
  ///   - first: what the first channel's numbers came to.
  ///   - stream: that of the case, wherever it stands.
  func channelDraw(
    _ channel: Int, beside first: AugmentationDraw, _ stream: RandomStream
  ) -> AugmentationDraw.Channel {
    var own = AugmentationDraw.Channel()
    func numbers(_ place: UInt32) -> RandomStream {
      stream.starting(atBlock: Self.furtherBlocks + UInt32(channel) << 12 + place * 16)
    }
    // As many numbers are taken as the first channel takes before its values.
    func further(_ place: UInt32) -> RandomStream {
      var numbers = numbers(place)
      _ = numbers.nextUniform()
      return numbers
    }
    /// Whether the image was drawn, by the first channel's number, and then this channel, by its own.
    func happens(_ place: UInt32, _ probability: Double) -> Bool {
      var (image, channel) = (stream.starting(atBlock: Self.furtherBlocks + place * 16), numbers(place))
      let drawn = min(2 * probability, 1)
      return Double(image.nextUniform()) < drawn && Double(channel.nextUniform()) * drawn < probability
    }
    if first.contrast != nil {
      var numbers = further(9)
      own.contrast = numbers.uniform(contrast.lower, contrast.upper)
    }
    if let noise = first.further.noise {
      own.changes.noise = .init(
        deviation: noise.deviation, stream: stream.starting(atBlock: Self.noiseBlocks + UInt32(channel) << 24))
    }
    if let blur, happens(3, blur.probability) {
      var numbers = further(3)
      own.changes.blur = SIMD3(
        numbers.uniform(blur.lower, blur.upper), numbers.uniform(blur.lower, blur.upper),
        numbers.uniform(blur.lower, blur.upper))
    }
    if let brightness, first.further.brightness != nil {
      var numbers = further(4)
      own.changes.brightness = numbers.aroundOne(brightness.lower, brightness.upper)
    }
    if let shift, first.further.shift != nil {
      var numbers = further(5)
      own.changes.shift = shift.deviation * numbers.nextNormalPair().0
    }
    if let low = lowResolution, happens(6, low.probability) {
      var numbers = further(6)
      own.changes.lowResolution = numbers.uniform(low.lower, low.upper)
    }
    if let gamma {
      var (negative, positive) = (further(7), further(8))
      if first.further.negativeGamma != nil { own.changes.negativeGamma = negative.aroundOne(gamma.lower, gamma.upper) }
      if first.further.gamma != nil { own.changes.gamma = positive.aroundOne(gamma.lower, gamma.upper) }
    }
    return own
  }
}
