import Compute
import TestSupport
import Testing
import Volumes

/// What augmentation does to images of several channels.
@Suite struct ChannelAugmentationTests {
  private static func grid(_ seed: UInt64) -> Grid3<Float> {
    var stream = RandomStream(seed: seed, purpose: .test)
    return Grid3(Extent3(3, 12, 10), values: (0..<360).map { _ in stream.nextUniform(in: -1...1) })
  }

  private static func example(_ further: [Grid3<Float>]) -> PreparedCase {
    PreparedCase(
      name: "a", image: grid(1), further: further, labels: Grid3(Extent3(3, 12, 10), repeating: 1),
      spacing: SIMD3(4, 1, 1.2), present: [true])
  }

  private static func stream(_ epoch: Int) -> RandomStream {
    RandomStream(seed: 5, purpose: .augmentation, epoch: epoch, index: 2)
  }

  private static var everything: Augmentation {
    var all = Augmentation()
    (all.scaling, all.mirroring) = (.init(), .init())
    all.noise = .init()
    all.noise?.probability = 0.5
    all.blur = .init()
    all.blur?.probability = 0.4
    all.brightness = .init()
    all.brightness?.probability = 0.5
    all.shift = .init()
    all.shift?.probability = 0.5
    all.lowResolution = .init()
    all.lowResolution?.probability = 0.4
    all.gamma = .init()
    all.gamma?.probability = 0.5
    return all
  }

  @Test func theFirstChannelIsChangedAsWithoutOthers() {
    for epoch in 0..<20 {
      let alone = Self.everything.applied(to: Self.example([]), stream: Self.stream(epoch))
      let both = Self.everything.applied(to: Self.example([Self.grid(2), Self.grid(3)]), stream: Self.stream(epoch))
      #expect(both.image == alone.image && both.labels == alone.labels && both.further.count == 2)
    }
  }

  @Test func allChannelsMoveAlike() {
    var moving = Augmentation()
    (moving.scaling, moving.mirroring, moving.contrast.probability) = (.init(), .init(), 0)
    for epoch in 0..<20 {
      let changed = moving.applied(to: Self.example([Self.grid(1)]), stream: Self.stream(epoch))
      #expect(changed.further == [changed.image])
    }
  }

  /// Equal channels differ where values change, in factors and in noise; which images change is common.
  @Test func valuesChangeInEachChannelByItsOwnNumbers() {
    let all = Self.everything
    var (blurred, blurredBoth, images) = (0, 0, 0)
    for epoch in 0..<400 {
      var stream = Self.stream(epoch)
      let draw = all.draw(extent: Extent3(3, 12, 10), spacing: SIMD3(4, 1, 1.2), channels: 2, stream: &stream)
      let (first, second) = (draw.further, draw.channels[0])
      #expect((draw.contrast == nil) == (second.contrast == nil))
      #expect((first.brightness == nil) == (second.changes.brightness == nil))
      #expect((first.gamma == nil) == (second.changes.gamma == nil))
      #expect((first.shift == nil) == (second.changes.shift == nil))
      #expect(first.noise?.deviation == second.changes.noise?.deviation)
      #expect(first.brightness == nil || first.brightness != second.changes.brightness)
      #expect(draw.contrast == nil || draw.contrast != second.contrast)
      let (one, two) = (first.blur != nil, second.changes.blur != nil)
      blurred += two ? 1 : 0
      blurredBoth += one && two ? 1 : 0
      images += one || two ? 1 : 0
    }
    // Probability 0.4 for each channel; of 0.8 of the images, half: both in 0.2, any in 0.6. Four deviations of 400 draws.
    #expect(abs(blurred - 160) < 40 && abs(blurredBoth - 80) < 32 && abs(images - 240) < 40)
  }

  @Test func noiseIsAnotherInEveryChannel() {
    var noisy = Augmentation()
    (noisy.rotation.probability, noisy.elastic.probability, noisy.contrast.probability) = (0, 0, 0)
    noisy.noise = .init()
    noisy.noise?.probability = 1
    let changed = noisy.applied(to: Self.example([Self.grid(1)]), stream: Self.stream(0))
    #expect(changed.image != Self.grid(1) && changed.further[0] != Self.grid(1) && changed.further[0] != changed.image)
  }

  @Test func aPatchIsTakenOfEveryChannel() {
    let one = Self.example([Self.grid(2)])
    let part = one.part(from: Offset3(1, -2, 3), Extent3(2, 8, 9))
    #expect(part.further[0] == Self.grid(2).part(from: Offset3(1, -2, 3), Extent3(2, 8, 9), outside: 0))
  }
}
