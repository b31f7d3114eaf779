import Compute

/// Resolves a plan's buffers and names to pointers.
struct Binder {
  private let plan: CompiledPlan
  private let arena: UnsafeMutableRawPointer
  private let memory: ParameterMemory
  private let pool: WorkerPool
  private let parameterOffsets: [String: Int]
  private let statisticOffsets: [String: Int]

  init(plan: CompiledPlan, arena: UnsafeMutableRawPointer, memory: ParameterMemory, pool: WorkerPool) {
    (self.plan, self.arena, self.memory, self.pool) = (plan, arena, memory, pool)
    parameterOffsets = Dictionary(uniqueKeysWithValues: memory.layout.parameters.map { ($0.name, $0.offset) })
    statisticOffsets = Dictionary(uniqueKeysWithValues: memory.layout.statistics.map { ($0.name, $0.offset) })
  }

  /// The arena's start where a call needs no such buffer: it will not touch it.
  func raw(_ buffer: Schedule.Buffer) -> UnsafeMutableRawPointer { arena + (plan.memory.offset(of: buffer) ?? 0) }

  /// An activation or a gradient.
  func activation(_ buffer: Schedule.Buffer) -> MutableActivation {
    MutableActivation(raw(buffer), plan.schedule.storage(of: buffer))
  }

  private func parameters(_ index: Int, in base: UnsafeMutablePointer<Float>) -> [UnsafeMutablePointer<Float>] {
    let entry = plan.graph.entries[index]
    return entry.operation.parameters(of: plan.graph.inputShapes(of: index)).map {
      base + parameterOffsets[(entry.name / $0.name).path]!
    }
  }

  private func statistics(_ index: Int) -> [UnsafeMutablePointer<Float>] {
    let entry = plan.graph.entries[index]
    return entry.operation.statistics(of: plan.graph.inputShapes(of: index)).map {
      memory.statistics.base + statisticOffsets[(entry.name / $0.name).path]!
    }
  }

  func forward(_ index: Int, _ step: Schedule.Step, _ number: Int) -> ForwardCall {
    let entry = plan.graph.entries[index]
    return ForwardCall(
      inputs: step.reads.prefix(entry.inputs.count).map { Activation(activation($0)) },
      output: activation(step.writes[0]),
      inputShapes: plan.graph.inputShapes(of: index), outputShape: entry.shape,
      parameters: parameters(index, in: memory.parameters.base).map { UnsafePointer($0) },
      statistics: statistics(index), saved: raw(.saved(index)), scratch: raw(.scratch(step: number)),
      mode: plan.schedule.mode, settings: plan.settings, pool: pool)
  }

  /// `written` holds the entries whose gradient an earlier call has begun.
  func backward(_ index: Int, _ step: Schedule.Step, _ number: Int, _ written: inout Set<Int>) -> BackwardCall {
    let (entry, reads) = (plan.graph.entries[index], plan.graph.entries[index].operation.backwardReads)
    var inputs: [Activation?] = entry.inputs.map { _ in nil }
    for (slot, buffer) in zip(reads.inputs.sorted(), step.reads.dropFirst()) {
      inputs[slot] = Activation(activation(buffer))
    }
    var targets: [GradientTarget?] = []
    for (slot, input) in entry.inputs.enumerated() {
      guard plan.schedule.producesGradient(index, slot: slot) else {
        targets.append(nil)
        continue
      }
      let (isFirst, _) = written.insert(input)
      targets.append(GradientTarget(activation(.gradient(input)), accumulate: !isFirst))
    }
    return BackwardCall(
      inputs: inputs,
      output: reads.output ? Activation(activation(step.reads[1 + reads.inputs.count])) : nil,
      outputGradient: Activation(activation(.gradient(index))), inputGradients: targets,
      inputShapes: plan.graph.inputShapes(of: index), outputShape: entry.shape,
      parameters: parameters(index, in: memory.parameters.base).map { UnsafePointer($0) },
      parameterGradients: parameters(index, in: memory.gradients.base), saved: raw(.saved(index)),
      scratch: raw(.scratch(step: number)), settings: plan.settings, pool: pool)
  }

  func commits() -> [(any Operation, CommitCall)] {
    plan.graph.entries.indices.filter { !statistics($0).isEmpty }.map { index in
      let call = CommitCall(
        statistics: statistics(index), saved: raw(.saved(index)), inputShapes: plan.graph.inputShapes(of: index))
      return (plan.graph.entries[index].operation, call)
    }
  }
}
