import Compute
import Foundation
import Networks

/// A schedule bound to memory: the list of kernel calls of one batch size, ready to run any number of times.
///
/// Running allocates nothing: every pointer was resolved when the program was made.
final class Program {
  private enum Call {
    case forward(any Kernel, ForwardCall)
    case measure(any NormalizationKernel, ForwardCall)
    case recompute(any Kernel, ForwardCall)
    case backward(any Kernel, BackwardCall)
    case head
  }

  let heads: SupervisedHeads
  /// The image's copy in the arena, `[N, D, H, W]`, or `[N, D, H, W, C]` in whole blocks where it has several channels.
  let image: UnsafeMutablePointer<Float>
  /// The network's own class scores, then those of deep supervision.
  let logits: [UnsafePointer<Float>]
  /// Empty for inference.
  let logitsGradients: [UnsafeMutablePointer<Float>]
  let headScratch: UnsafeMutableRawPointer
  private let pool: WorkerPool
  private let calls: [Call]
  private let commits: [(any Kernel, CommitCall)]
  /// Seconds of the last run, call by call.
  private var seconds: [Double]
  private let labels: [CallLabel]

  /// - Parameter weights: of the classes in the loss; nil: each is 1.
  init(
    _ plan: CompiledPlan, weights: ClassWeights? = nil, _ cpu: CPUBackend, arena: UnsafeMutableRawPointer,
    memory: ParameterMemory, pool: WorkerPool
  ) {
    self.pool = pool
    let binder = Binder(plan: plan, arena: arena, memory: memory, pool: pool)
    heads = SupervisedHeads(plan.supervised, extent: plan.extent, loss: plan.loss, weights: weights, cpu)
    image = binder.activation(.activation(0)).floats
    logits = plan.graph.supervised.map { UnsafePointer(binder.activation(.activation($0)).floats) }
    let isTraining = plan.schedule.mode == .training
    logitsGradients = isTraining ? plan.graph.supervised.map { binder.activation(.gradient($0)).floats } : []
    headScratch = binder.raw(.scratch(step: plan.headStep))
    var written = Set(plan.graph.supervised)
    calls = plan.schedule.steps.enumerated().map { number, step in
      switch step.work {
      case .forward(let index):
        .forward(plan.kernels[index], binder.forward(index, step, number))
      case .measure(let index):
        .measure(plan.kernels[index] as! any NormalizationKernel, binder.forward(index, step, number))
      case .recompute(let index):
        .recompute(plan.kernels[index], binder.forward(index, step, number))
      case .backward(let index):
        .backward(plan.kernels[index], binder.backward(index, step, number, &written))
      case .head: .head
      }
    }
    commits = binder.commits()
    seconds = Array(repeating: 0, count: calls.count)
    labels = plan.schedule.steps.map { CallLabel($0.work, plan.graph) }
  }

  /// Runs every call in order; `atHead` runs between forward and backward and may stop the program.
  func run(atHead: () throws -> Void) rethrows {
    for (number, call) in calls.enumerated() {
      let (start, saved) = (DispatchTime.now().uptimeNanoseconds, pool.savedSeconds)
      switch call {
      case .forward(let kernel, let call): kernel.forward(call)
      case .measure(let kernel, let call): kernel.measure(call)
      case .recompute(let kernel, let call): kernel.recompute(call)
      case .backward(let kernel, let call): kernel.backward(call)
      case .head: try atHead()
      }
      let savedMeanwhile = pool.savedSeconds - saved
      seconds[number] = Double(DispatchTime.now().uptimeNanoseconds - start) * 1e-9 - savedMeanwhile
    }
  }

  /// What the last run took, call by call.
  var times: [CallTime] { zip(labels, seconds).map { (label: $0, seconds: $1) } }

  /// Updates running statistics.
  func commit() {
    for (kernel, call) in commits { kernel.commit(call) }
  }
}

/// Resolves a plan's buffers and names to pointers.
private struct Binder {
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

  /// An input, by its entry, in the memory that holds it or what the reader makes it of.
  private func input(_ index: Int, from source: Schedule.Source) -> Activation {
    switch source {
    case .stored(let buffer): return Activation(activation(buffer))
    case .normalized(let raw, let norm):
      let memory = input(plan.graph.entries[norm].inputs[0], from: raw)
      let kernel = plan.kernels[norm] as! any NormalizationKernel
      return Activation(memory.address, memory.storage, pending: kernel.pending(self.raw(.saved(norm))))
    case .joined(let sources):
      return Activation(
        joining: zip(plan.graph.entries[index].inputs, sources).map {
          Activation.Part(input($0, from: $1), channels: plan.graph.entries[$0].shape.paddedChannels)
        })
    }
  }

  /// Where the gradient of an entry's output goes: where its inputs' do, if these are read in its place.
  private func gradientTarget(_ index: Int, _ written: inout Set<Int>) -> GradientTarget {
    if plan.schedule.isJoined[index] {
      return GradientTarget(
        joining: plan.graph.entries[index].inputs.map {
          GradientTarget.Part(gradientTarget($0, &written), channels: plan.graph.entries[$0].shape.paddedChannels)
        })
    }
    let (isFirst, _) = written.insert(index)
    return GradientTarget(activation(.gradient(index)), accumulate: !isFirst)
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
      inputs: zip(entry.inputs, step.inputs).map { input($0, from: $1!) },
      output: activation(step.work == .recompute(index) ? .recomputed(index) : .activation(index)),
      parameters: parameters(index, in: memory.parameters.base).map { UnsafePointer($0) },
      statistics: statistics(index), saved: raw(.saved(index)), scratch: raw(.scratch(step: number)),
      mode: plan.schedule.mode, pool: pool)
  }

  /// `written` holds the entries whose gradient an earlier call has begun.
  func backward(_ index: Int, _ step: Schedule.Step, _ number: Int, _ written: inout Set<Int>) -> BackwardCall {
    let entry = plan.graph.entries[index]
    let targets = entry.inputs.enumerated().map { slot, input in
      plan.schedule.producesGradient(index, slot: slot) ? gradientTarget(input, &written) : nil
    }
    return BackwardCall(
      inputs: zip(entry.inputs, step.inputs).map { input, source in source.map { self.input(input, from: $0) } },
      output: step.output.map { Activation(activation($0)) },
      outputGradient: Activation(activation(.gradient(index))), inputGradients: targets,
      parameters: parameters(index, in: memory.parameters.base).map { UnsafePointer($0) },
      parameterGradients: parameters(index, in: memory.gradients.base), saved: raw(.saved(index)),
      scratch: raw(.scratch(step: number)), pool: pool)
  }

  func commits() -> [(any Kernel, CommitCall)] {
    plan.graph.entries.indices.filter { !statistics($0).isEmpty }.map { index in
      (plan.kernels[index], CommitCall(statistics: statistics(index), saved: raw(.saved(index))))
    }
  }
}
