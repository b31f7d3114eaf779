import CPU
import Compute
import Networks
import Testing

/// Bytes of a step against what each call must touch, written out by hand.
@Suite struct TrafficTests {
  private struct Chain: NetworkModel {
    func logits(of image: Node, classes: Int) -> Node {
      image.convolved(16, "c").batchNormalized("n").relu().convolved(classes, kernel: 1, bias: true, "classify")
    }
  }

  /// 2 x 3 x 7 x 5 voxels: of the image one float each, of everything else sixteen.
  private let image = 210 * 4
  private let tensor = 210 * 16 * 4
  /// What a normalisation of 16 channels keeps, and its parameters.
  private let norm = 4 * 16 * 4
  private let scales = 2 * 16 * 4
  private let plan = CompiledPlan(
    Chain().graph(batch: 2, extent: Extent3(3, 7, 5), classes: 3), mode: .training, CPUBackend(workers: 2))

  private func traffic(_ phase: CallLabel.Phase, _ name: String) throws -> CallTraffic {
    let found = plan.traffic.filter { $0.label.phase == phase && $0.label.name == name }
    try #require(found.count == 1, "\(phase) \(name)")
    return found[0]
  }

  @Test func callsAreThoseOfTheSchedule() {
    #expect(plan.traffic.count == plan.schedule.steps.count)
    #expect(plan.traffic.allSatisfy { $0.needed > 0 && $0.moved >= $0.needed })
  }

  @Test func aConvolutionReadsItsGradientOnceForEachResult() throws {
    let (weights, classifier) = (16 * 27 * 4, (3 * 16 + 3) * 4)
    let forward = try traffic(.forward, "c")
    #expect(forward.needed == image + tensor + weights && forward.moved == forward.needed)
    // The image gets no gradient, and there is no bias: one pass, for the weights.
    let first = try traffic(.backward, "c")
    #expect(first.needed == tensor + image + 2 * weights)
    #expect(first.moved == first.needed)
    // Weights, input and bias: three.
    let last = try traffic(.backward, "classify")
    // It also reads what the norm before it measured, which it applies itself.
    #expect(last.needed == 3 * tensor + norm + 2 * classifier && last.moved == 5 * tensor + norm + 2 * classifier)
  }

  /// Where nothing is transformed, one product for each tap: forward, and for each gradient that is asked for.
  @Test func aDirectConvolutionMultipliesEachTap() throws {
    let (stem, classifier) = (210 * 16 * 27, 210 * 3 * 16)
    #expect(try traffic(.forward, "c").products == stem && traffic(.backward, "c").products == stem)
    #expect(try traffic(.forward, "classify").products == classifier)
    #expect(try traffic(.backward, "classify").products == 2 * classifier)
    #expect(try traffic(.forward, "n").products == 0)
  }

  struct Windows: Sendable {
    var extent = Extent3(6, 8, 12)
    var channels = 16
    var stride = Extent3(1, 1, 1)
    var dilation = 1
    let scheme: WinogradScheme
    /// Products, for so many taps.
    let products: Int
    let taps: Int
  }

  /// F(2x2, 3x3) makes 16 products of 36, F(3, 3) along depth 5 of 9, F(2, 3) 4 of 6, stride 2 25 of 36; a tile that is not
  /// full costs as much as a full one, and channels are stored by sixteen.
  static let windows: [Windows] = [
    Windows(scheme: WinogradScheme(.small, slices: 1), products: 16, taps: 36),
    Windows(scheme: WinogradScheme(.small, slices: 3), products: 5 * 16, taps: 9 * 36),
    Windows(channels: 32, scheme: WinogradScheme(.small, slices: 2), products: 4 * 16, taps: 6 * 36),
    Windows(scheme: WinogradScheme(.large, slices: 1), products: 36, taps: 144),
    Windows(
      extent: Extent3(6, 7, 11), scheme: WinogradScheme(.small, slices: 1), products: 16 * 8 * 12, taps: 36 * 7 * 11),
    Windows(
      extent: Extent3(5, 8, 12), scheme: WinogradScheme(.small, slices: 3), products: 5 * 16 * 6, taps: 9 * 36 * 5),
    Windows(channels: 9, scheme: WinogradScheme(.small, slices: 1), products: 16 * 256, taps: 36 * 81),
    Windows(dilation: 2, scheme: WinogradScheme(.small, slices: 1), products: 16, taps: 36),
    Windows(
      extent: Extent3(6, 8, 16), stride: Extent3(1, 2, 2), scheme: WinogradScheme(.strided, slices: 1), products: 25,
      taps: 36),
  ]

  @Test(.enabled(if: InstructionSet.best != .scalar), arguments: windows)
  func windowsMultiplyLess(example: Windows) throws {
    let geometry = ConvolutionGeometry(
      input: Shape(batch: 2, example.extent, channels: example.channels), outChannels: example.channels,
      stride: example.stride, dilation: Extent3(1, example.dilation, example.dilation))
    let kernel = ConvolutionKernel(geometry, workers: 2, algorithm: .winograd(example.scheme))
    let products = try #require(kernel.products)
    #expect(products.forward * example.taps == geometry.multiplyAdds * example.products)
    #expect(products.backwardWeights == products.forward)
    #expect(example.scheme.tile == .strided || products.backwardInput == products.forward)
    let both = kernel.passes(.backward(givesInput: true)).products
    #expect(both == products.backwardInput + products.backwardWeights)
    #expect(kernel.passes(.backward(givesInput: false)).products == products.backwardWeights)
    #expect(kernel.passes(.recompute).products == products.forward)
  }

  /// Forward for the sums alone: the classifier normalises what it reads. Nothing is computed again.
  @Test func aNormalisationThatItsReaderAppliesReadsOnce() throws {
    let forward = try traffic(.forward, "n")
    #expect(forward.needed == tensor + norm + scales && forward.moved == forward.needed)
    let reader = try traffic(.forward, "classify")
    #expect(reader.needed == 2 * tensor + norm + (3 * 16 + 3) * 4 && reader.moved == reader.needed)
    #expect(!plan.traffic.contains { $0.label.phase == .recompute })
    let backward = try traffic(.backward, "n")
    #expect(backward.needed == 3 * tensor + norm + 2 * scales && backward.moved == 5 * tensor + norm + 2 * scales)
  }

  /// For the sums, and for a result that others read than convolutions.
  @Test func aNormalisationWithAPassOfItsOwnReadsTwice() throws {
    struct Pooled: NetworkModel {
      func logits(of image: Node, classes: Int) -> Node {
        image.convolved(16, "c").batchNormalized("n").globalMean().broadcast(to: image.shape.extent)
          .convolved(classes, kernel: 1, "classify")
      }
    }
    let plan = CompiledPlan(
      Pooled().graph(batch: 2, extent: Extent3(3, 7, 5), classes: 3), mode: .training, CPUBackend(workers: 2))
    let forward = try #require(plan.traffic.first { $0.label.phase == .forward && $0.label.name == "n" })
    #expect(forward.needed == 2 * tensor + norm + scales && forward.moved == 3 * tensor + norm + scales)
  }

  /// A gradient that has two readers' parts is written by the first and added to by the second.
  @Test func aSecondPartOfAGradientIsReadToo() throws {
    struct Twice: NetworkModel {
      func logits(of image: Node, classes: Int) -> Node {
        let stem = image.convolved(16, "c")
        return stem.convolved(classes, kernel: 1, "a") + stem.convolved(classes, kernel: 1, "b")
      }
    }
    let plan = CompiledPlan(
      Twice().graph(batch: 2, extent: Extent3(3, 7, 5), classes: 3), mode: .training, CPUBackend(workers: 2))
    let needed = ["a", "b"].map { name in
      plan.traffic.first { $0.label.phase == .backward && $0.label.name == name }?.needed ?? 0
    }
    // Backward meets b first.
    #expect(needed[0] - needed[1] == tensor && needed[1] == 3 * tensor + 2 * 3 * 16 * 4)
  }

  @Test func inferenceHasOnePassOverEverything() {
    let plan = CompiledPlan(
      Chain().graph(batch: 1, extent: Extent3(3, 7, 5), classes: 3), mode: .inference, CPUBackend(workers: 2))
    #expect(plan.traffic.allSatisfy { $0.moved == $0.needed })
  }
}
