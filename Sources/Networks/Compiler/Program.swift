import CKernels
import Compute
import Foundation

/// A schedule bound to memory: the list of kernel calls of one batch size, ready to run any number of times.
///
/// Running allocates nothing: every pointer was resolved when the program was made.
final class Program {
  private enum Call {
    case forward(any Operation, ForwardCall)
    case recompute(any Operation, ForwardCall)
    case backward(any Operation, BackwardCall)
    case head
  }

  let graph: Graph
  let head: Head
  /// The image's copy in the arena: `[N, D, H, W]`.
  let image: UnsafeMutablePointer<Float>
  let logits: UnsafePointer<Float>
  let logitsGradient: UnsafeMutablePointer<Float>?
  let headScratch: UnsafeMutableRawPointer
  private let calls: [Call]
  private let commits: [(any Operation, CommitCall)]
  /// Seconds of the last run, call by call.
  private var seconds: [Double]
  private let labels: [CallLabel]

  init(_ plan: CompiledPlan, arena: UnsafeMutableRawPointer, memory: ParameterMemory, pool: WorkerPool) {
    let binder = Binder(plan: plan, arena: arena, memory: memory, pool: pool)
    (graph, head) = (plan.graph, plan.head)
    image = binder.activation(.activation(0)).floats
    logits = UnsafePointer(binder.activation(.activation(plan.graph.output)).floats)
    logitsGradient = plan.schedule.mode == .training ? binder.activation(.gradient(plan.graph.output)).floats : nil
    headScratch = binder.raw(.scratch(step: plan.headStep))
    var written: Set<Int> = [plan.graph.output]
    calls = plan.schedule.steps.enumerated().map { number, step in
      switch step.work {
      case .forward(let index):
        .forward(plan.graph.entries[index].operation, binder.forward(index, step, number))
      case .recompute(let index):
        .recompute(plan.graph.entries[index].operation, binder.forward(index, step, number))
      case .backward(let index):
        .backward(plan.graph.entries[index].operation, binder.backward(index, step, number, &written))
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
      let start = DispatchTime.now().uptimeNanoseconds
      switch call {
      case .forward(let operation, let call): operation.forward(call)
      case .recompute(let operation, let call): operation.recompute(call)
      case .backward(let operation, let call): operation.backward(call)
      case .head: try atHead()
      }
      seconds[number] = Double(DispatchTime.now().uptimeNanoseconds - start) * 1e-9
    }
  }

  /// What the last run took, call by call.
  var times: [CallTime] { zip(labels, seconds).map { (label: $0, seconds: $1) } }

  /// Updates running statistics.
  func commit() {
    for (operation, call) in commits { operation.commit(call) }
  }
}

extension CallLabel {
  fileprivate init(_ work: Schedule.Work, _ graph: Graph) {
    func label(_ phase: Phase, _ index: Int) -> CallLabel {
      CallLabel(phase: phase, kind: graph.entries[index].operation.kind, name: graph.entries[index].name.path)
    }
    self =
      switch work {
      case .forward(let entry): label(.forward, entry)
      case .recompute(let entry): label(.recompute, entry)
      case .backward(let entry): label(.backward, entry)
      case .head: CallLabel(phase: .head, kind: "head", name: "")
      }
  }
}
