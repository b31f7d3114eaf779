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
    #expect(last.needed == 3 * tensor + 2 * classifier && last.moved == 5 * tensor + 2 * classifier)
  }

  @Test func aNormalisationReadsTwice() throws {
    let saved = try #require(plan.schedule.bytes.first { if case .saved = $0.key { true } else { false } }?.value)
    let scales = 2 * 16 * 4
    let forward = try traffic(.forward, "n")
    #expect(forward.needed == 2 * tensor + saved + scales && forward.moved == 3 * tensor + saved + scales)
    let backward = try traffic(.backward, "n")
    #expect(backward.needed == 3 * tensor + saved + 2 * scales && backward.moved == 5 * tensor + saved + 2 * scales)
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
