import CPU
import Compute
import Networks
import TestSupport
import Testing

/// Which activations a program keeps in bfloat16, and that it keeps them so.
struct ActivationStorageTests {
  static func plan(_ graph: Graph, _ mode: Mode = .training, _ precision: Precision = .bfloat16) -> CompiledPlan {
    CompiledPlan(graph, mode: mode, CPUBackend(precision: precision, workers: 2))
  }

  private func stored(_ plan: CompiledPlan) -> [String] {
    plan.graph.entries.indices.filter { plan.schedule.storage(of: .activation($0)) == .bfloat16 }
      .map { plan.graph.entries[$0].name.path }
  }

  /// Not: a convolution with a bias, one that others read too, one before no normalisation, or a norm's own output.
  @Test(.enabled(if: bfloat16IsHere)) func convolutionsThatOneNormalizationReadsAreHalved() {
    #expect(stored(Self.plan(FoldingTests.graph)) == ["stem.conv"])
    let branching = MemoryPlanTests.Branching().graph(batch: 2, extent: Extent3(3, 7, 5), classes: 3)
    #expect(stored(Self.plan(branching)) == ["stem.conv", "left.conv", "right.conv"])
  }

  @Test func nothingElseIs() {
    for precision in Precision.allCases {
      #expect(stored(Self.plan(FoldingTests.graph, .inference, precision)).isEmpty)
      if precision != .bfloat16 { #expect(stored(Self.plan(FoldingTests.graph, .training, precision)).isEmpty) }
    }
    for set in InstructionSet.available where set != .avx512 {
      let settings = CPUBackend(precision: .bfloat16, workers: 2, instructionSet: set)
      #expect(stored(CompiledPlan(FoldingTests.graph, mode: .training, settings)).isEmpty)
    }
  }

  /// An output that waits for backward, its gradient: half the bytes each, and the plan's size follows.
  @Test(.enabled(if: bfloat16IsHere), arguments: [1, 3]) func halvesTakeHalfTheMemory(batch: Int) {
    let graph = MemoryPlanTests.Branching().graph(batch: batch, extent: Extent3(3, 7, 5), classes: 3)
    let (halves, floats) = (Self.plan(graph), Self.plan(graph, .training, .fast))
    var saved = 0
    for (buffer, bytes) in floats.schedule.bytes {
      if case .scratch = buffer { continue }
      if case .saved = buffer { continue }
      saved += bytes - halves.schedule.bytes[buffer]!
      let isHalf = halves.schedule.storage(of: buffer) == .bfloat16
      #expect(halves.schedule.bytes[buffer]! == bytes / (isHalf ? 2 : 1), "\(buffer)")
    }
    // Three outputs of 16 stored channels and their gradients, two bytes less a number.
    #expect(saved == 3 * 2 * 2 * batch * 3 * 7 * 5 * 16)
    #expect(halves.memory.totalBytes < floats.memory.totalBytes)
  }

  /// Floats never move into the memory of the halves they come from, nor halves into that of floats.
  @Test(.enabled(if: bfloat16IsHere)) func normalizationsDoNotWorkInPlace() {
    let graph = MemoryPlanTests.Branching().graph(batch: 2, extent: Extent3(3, 7, 5), classes: 3)
    let plan = Self.plan(graph)
    var handed = 0
    for (operand, result) in plan.schedule.steps.compactMap(\.inPlace) {
      if plan.schedule.storage(of: operand) == plan.schedule.storage(of: result) { continue }
      handed += 1
      #expect(plan.memory.placement[operand] != plan.memory.placement[result], "\(operand) and \(result)")
    }
    #expect(handed == 6)
  }

  @Test func operationsForFloatsAreNeverHandedHalves() async {
    await #expect(processExitsWith: .failure) {
      let memory = AlignedBuffer<Float>(count: 16)
      _ = Activation(UnsafeRawPointer(memory.base), .bfloat16).floats
    }
    await #expect(processExitsWith: .failure) {
      let memory = AlignedBuffer<Float>(count: 16)
      _ = GradientTarget(MutableActivation(UnsafeMutableRawPointer(memory.base), .bfloat16), accumulate: false).pointer
    }
    await #expect(processExitsWith: .success) {
      let memory = AlignedBuffer<Float>(count: 16)
      precondition(Activation(memory.base).floats == UnsafePointer(memory.base))
    }
  }
}

/// Whether programs on this machine round to bfloat16.
let bfloat16IsHere = Precision.bfloat16.rounds(on: .best)
