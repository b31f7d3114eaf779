import CPU
import Compute
import Networks
import Testing

/// The plan's one promise: no buffer is overwritten while somebody still needs it.
struct MemoryPlanTests {
  /// A network with every way of sharing memory: branches that join, a gate, in-place chains, recomputed norms.
  struct Branching: NetworkModel {
    /// With 32 the concatenation is read from its parts.
    var width = 8

    func logits(of image: Node, classes: Int) -> Node {
      let stem = image.convolved(5, "stem.conv").batchNormalized("stem.norm").relu()
      let left = stem.convolved(width, "left.conv").batchNormalized("left.norm")
      let right = stem.convolved(width, kernel: 1, "right.conv").batchNormalized("right.norm").relu()
      let sum = (left + right).relu()
      let gate = sum.globalMean().sigmoid() * sum
      let coarse = gate.convolved(width, stride: Extent3(1, 2, 2), "down.conv").resized(to: stem.shape.extent)
      let joined = Node.concatenated([coarse, sum * right, stem])
      return joined.convolved(classes, kernel: 1, bias: true, "classify")
    }
  }

  static func schedule(batch: Int, mode: Mode, _ precision: Precision = .float32, width: Int = 8) -> Schedule {
    let settings = CPUBackend(precision: precision, workers: 2)
    return CompiledPlan(
      Branching(width: width).graph(batch: batch, extent: Extent3(3, 7, 5), classes: 3), mode: mode, settings
    ).schedule
  }

  /// With a precision that stores some activations in half the bytes, too.
  @Test(
    arguments: [1, 2].flatMap { batch in [8, 32].flatMap { [(batch, Mode.training, $0), (batch, .inference, $0)] } },
    [Precision.float32, .bfloat16])
  func liveBuffersNeverOverlap(_ program: (batch: Int, mode: Mode, width: Int), _ precision: Precision) {
    let schedule = Self.schedule(batch: program.batch, mode: program.mode, precision, width: program.width)
    #expect(schedule.isJoined.contains(true) == (program.width == 32 && InstructionSet.best != .scalar))
    let plan = MemoryPlan(schedule)
    let lives = MemoryPlan.lives(of: schedule)
    let buffers = Array(lives.keys)
    for (index, a) in buffers.enumerated() {
      let first = plan.offset(of: a)!..<plan.offset(of: a)! + schedule.bytes[a]!
      #expect(first.upperBound <= plan.totalBytes && first.lowerBound % 64 == 0)
      for b in buffers[(index + 1)...] where lives[a]!.overlaps(lives[b]!) {
        let second = plan.offset(of: b)!..<plan.offset(of: b)! + schedule.bytes[b]!
        if Self.isHandedOver(a, b, schedule) || Self.isHandedOver(b, a, schedule) { continue }
        #expect(!first.overlaps(second), "\(a) \(lives[a]!) and \(b) \(lives[b]!)")
      }
    }
  }

  /// An operation said it may write its result over this operand, and nobody reads the operand afterwards.
  private static func isHandedOver(_ a: Schedule.Buffer, _ b: Schedule.Buffer, _ schedule: Schedule) -> Bool {
    let lives = MemoryPlan.lives(of: schedule)
    guard let step = schedule.steps.firstIndex(where: { $0.inPlace?.operand == a && $0.inPlace?.result == b }) else {
      return false
    }
    return lives[a]!.upperBound == step && lives[b]!.lowerBound == step
  }

  @Test(arguments: [8, 32]) func everyReadFollowsAWrite(width: Int) {
    let schedule = Self.schedule(batch: 2, mode: .training, width: width)
    var written: Set<Schedule.Buffer> = []
    for step in schedule.steps {
      for buffer in step.reads { #expect(written.contains(buffer), "\(step.work) reads \(buffer)") }
      written.formUnion(step.writes)
    }
  }

  @Test func memoryIsShared() {
    let schedule = Self.schedule(batch: 2, mode: .training)
    let plan = MemoryPlan(schedule)
    #expect(schedule.steps.contains { $0.inPlace != nil })
    #expect(plan.blocks.count < plan.placement.count)
    #expect(plan.totalBytes < schedule.bytes.values.reduce(0, +) / 2)
    let lower = schedule.steps.indices.map { step in
      plan.blocks.filter { $0.life.contains(step) }.reduce(0) { $0 + $1.bytes }
    }
    #expect(plan.totalBytes >= lower.max()! && plan.totalBytes <= lower.max()! * 5 / 4)
  }
}
