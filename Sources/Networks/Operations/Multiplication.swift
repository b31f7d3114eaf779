import CKernels
import Compute

/// `y = a b`, voxel by voxel; `a` may be a single vector per volume (a gate), then it multiplies every voxel.
struct Multiplication: Operation {
  var kind: String { "multiply" }

  func outputShape(of inputs: [Shape]) -> Shape {
    let (a, b) = (inputs[0], inputs[1])
    precondition(
      a.batch == b.batch && a.channels == b.channels && (a.extent == b.extent || a.extent == 1),
      "cannot multiply \(a) and \(b)")
    return b
  }

  var backwardReads: BackwardReads { BackwardReads(inputs: [0, 1]) }
  var forwardInPlace: Int? { 1 }
  var backwardInPlace: Int? { 1 }

  func scratchBytes(_ inputs: [Shape], _ phase: Phase, _ settings: ExecutionSettings) -> Int {
    isGate(inputs) && phase == .backward
      ? ColumnSums(voxels: inputs[1].extent.count, inputs[1].channels).bytes : 0
  }

  private func isGate(_ inputs: [Shape]) -> Bool { inputs[0].extent != inputs[1].extent }

  func forward(_ call: ForwardCall) {
    let (shape, kernels) = (call.outputShape, call.settings.kernels)
    if isGate(call.inputShapes) {
      for volume in 0..<shape.batch {
        let gate = call.inputs[0].voxel(volume, of: shape)
        spread(gate, times: call.inputs[1], to: call.output, accumulate: false, volume, shape, kernels, call.pool)
      }
    } else {
      call.pool.forEach(shape.voxels) { range, _ in
        let start = range.lowerBound
        kernels.multiply(
          call.inputs[0].voxel(start, of: shape), call.inputs[1].voxel(start, of: shape),
          call.output.voxel(start, of: shape), range.count * shape.paddedChannels)
      }
    }
  }

  func backward(_ call: BackwardCall) {
    let (shape, kernels) = (call.outputShape, call.settings.kernels)
    if isGate(call.inputShapes) { return gateBackward(call) }
    let (left, right) = (call.inputGradients[0], call.inputGradients[1])
    call.pool.forEach(shape.voxels) { range, _ in
      let start = range.lowerBound
      kernels.multiply_backward(
        call.outputGradient.voxel(start, of: shape), call.inputs[0].voxel(start, of: shape),
        call.inputs[1].voxel(start, of: shape), left?.pointer.voxel(start, of: shape),
        left?.accumulate == true ? 1 : 0, right?.pointer.voxel(start, of: shape), right?.accumulate == true ? 1 : 0,
        range.count * shape.paddedChannels)
    }
  }

  /// The gate's gradient first: the other one may take the memory of `dy`.
  private func gateBackward(_ call: BackwardCall) {
    let (shape, kernels, dy) = (call.outputShape, call.settings.kernels, call.outputGradient)
    let sums = ColumnSums(voxels: shape.extent.count, shape.channels)
    for volume in 0..<shape.batch {
      let start = volume * shape.extent.count
      if let target = call.inputGradients[0] {
        let gradient = target.pointer.voxel(volume, of: shape)
        (gradient + shape.channels).update(repeating: 0, count: shape.paddedChannels - shape.channels)
        sums(
          of: dy.voxel(start, of: shape), times: call.inputs[1].voxel(start, of: shape), into: gradient,
          accumulate: target.accumulate, call.settings, scratch: call.scratch, pool: call.pool)
      }
      if let target = call.inputGradients[1] {
        let gate = call.inputs[0].voxel(volume, of: shape)
        spread(
          gate, times: dy, to: target.pointer, accumulate: target.accumulate, volume, shape, kernels, call.pool)
      }
    }
  }

  private func spread(
    _ gate: UnsafePointer<Float>, times values: UnsafePointer<Float>, to output: UnsafeMutablePointer<Float>,
    accumulate: Bool, _ volume: Int, _ shape: Shape, _ kernels: operations_table, _ pool: WorkerPool
  ) {
    let first = volume * shape.extent.count
    pool.forEach(shape.extent.count) { range, _ in
      let start = first + range.lowerBound
      kernels.spread(
        gate, values.voxel(start, of: shape), output.voxel(start, of: shape), accumulate ? 1 : 0, range.count,
        Int32(shape.paddedChannels))
    }
  }
}

extension Node {
  /// `a` may be a single vector per volume.
  package static func * (a: Node, b: Node) -> Node { a.applying(Multiplication(), with: [b]) }
}
