/// What one call of a step does to memory, and how much it multiplies.
package struct CallTraffic: Equatable, Sendable {
  /// The call, as tables of times name it.
  package let label: CallLabel
  /// Bytes that must move whatever the kernel: every input, result, parameter and gradient of one once, and what is saved
  /// for backward.
  package let needed: Int
  /// Bytes that move by the kernel's own design: the same with every pass over a tensor counted.
  package let moved: Int
  /// Products of numbers that the kernel makes: fewer than the operation's definition has where it transforms.
  package let products: Int
}

extension CallLabel {
  /// What a call of a schedule is called in tables.
  package init(_ work: Schedule.Work, _ graph: Graph) {
    func label(_ phase: Phase, _ index: Int) -> CallLabel {
      CallLabel(phase: phase, kind: graph.entries[index].operation.kind, name: graph.entries[index].name.path)
    }
    self =
      switch work {
      case .forward(let entry), .measure(let entry): label(.forward, entry)
      case .recompute(let entry): label(.recompute, entry)
      case .backward(let entry): label(.backward, entry)
      case .head: CallLabel(phase: .head, kind: "head", name: "")
      }
  }
}

extension CompiledPlan {
  /// Of every call, in their order.
  package var traffic: [CallTraffic] {
    // The first writer of a gradient writes; the others add to what is there, and read it.
    var begun = Set(graph.supervised.map { Schedule.Buffer.gradient($0) })
    return schedule.steps.map { step in
      let passes = passes(step)
      func bytes(_ buffer: Schedule.Buffer) -> Int { schedule.bytes[buffer] ?? 0 }
      var (needed, moved) = (parameterBytes(step.work), parameterBytes(step.work))
      for buffer in step.reads where !isKept(buffer, beyond: step) {
        needed += bytes(buffer)
        moved += bytes(buffer) * times(buffer, passes)
      }
      for buffer in step.writes {
        if case .scratch = buffer { continue }
        var isAdded = false
        if case .gradient = buffer, step.work != .head { isAdded = !begun.insert(buffer).inserted }
        needed += bytes(buffer) * (isAdded ? 2 : 1)
        moved += bytes(buffer) * (isAdded ? 2 : 1)
      }
      return CallTraffic(
        label: CallLabel(step.work, graph), needed: needed, moved: moved,
        products: passes.products ?? definedProducts(step.work))
    }
  }

  /// Whether a call holds another's saved values for the end of the step without reading them.
  private func isKept(_ buffer: Schedule.Buffer, beyond step: Schedule.Step) -> Bool {
    guard case .saved(let owner) = buffer else { return false }
    return switch step.work {
    case .forward(let index), .measure(let index), .recompute(let index), .backward(let index):
      index != owner && !step.inputs.contains { $0?.buffers.contains(buffer) == true }
    case .head: true
    }
  }

  private func passes(_ step: Schedule.Step) -> Passes {
    switch step.work {
    case .forward(let index): return kernels[index].passes(.forward(schedule.mode))
    case .measure: return Passes()
    case .recompute(let index): return kernels[index].passes(.recompute)
    case .backward(let index):
      let gives = graph.entries[index].inputs.indices.contains { schedule.producesGradient(index, slot: $0) }
      return kernels[index].passes(.backward(givesInput: gives))
    case .head: return Passes()
    }
  }

  /// Those of the operation's definition; backward has them for the input and for the parameters.
  private func definedProducts(_ work: Schedule.Work) -> Int {
    func products(_ index: Int) -> Int { graph.entries[index].operation.multiplyAdds(graph.inputShapes(of: index)) }
    return switch work {
    case .forward(let index), .measure(let index), .recompute(let index): products(index)
    case .backward(let index): 2 * products(index)
    case .head: 0
    }
  }

  private func times(_ buffer: Schedule.Buffer, _ passes: Passes) -> Int {
    switch buffer {
    case .activation, .recomputed: passes.activations
    case .gradient: passes.gradient
    case .saved, .scratch: 1
    }
  }

  /// Forward reads parameters; backward reads them and writes their gradients.
  private func parameterBytes(_ work: Schedule.Work) -> Int {
    func bytes(_ index: Int) -> Int {
      let declared = graph.entries[index].operation.parameters(of: graph.inputShapes(of: index))
      return declared.reduce(0) { $0 + $1.count } * MemoryLayout<Float>.stride
    }
    return switch work {
    case .forward(let index), .measure(let index), .recompute(let index): bytes(index)
    case .backward(let index): 2 * bytes(index)
    case .head: 0
    }
  }
}
