import CKernels
import Compute

/// A residual whose weight is learnt: `y = x + scale · a`, with one parameter `scale` that starts at 0.
struct LearntScale: Operation {
  var kind: String { "scaled add" }

  func outputShape(of inputs: [Shape]) -> Shape {
    precondition(inputs[0] == inputs[1], "cannot add \(inputs[1]) to \(inputs[0])")
    return inputs[0]
  }

  func parameters(of inputs: [Shape]) -> [ParameterDeclaration] { [ParameterDeclaration("scale", [1], .constant(0))] }
  var backwardReads: BackwardReads { BackwardReads(inputs: [1]) }
  var forwardInPlace: Int? { 0 }
  var backwardInPlace: Int? { 0 }

  /// Voxels of one partial sum of the scale's gradient.
  private static let tile = ColumnSums.tile
  private func tiles(_ shape: Shape) -> Int { (shape.voxels + Self.tile - 1) / Self.tile }

  func scratchBytes(_ inputs: [Shape], _ phase: Phase, _ settings: ExecutionSettings) -> Int {
    phase == .backward ? tiles(inputs[0]) * MemoryLayout<Double>.stride : 0
  }

  func forward(_ call: ForwardCall) {
    let (shape, kernels, scale) = (call.outputShape, call.settings.kernels, call.parameters[0][0])
    call.pool.forEach(shape.voxels) { range, _ in
      let start = range.lowerBound
      kernels.scaled_add(
        call.inputs[0].voxel(start, of: shape), call.inputs[1].voxel(start, of: shape), scale,
        call.output.voxel(start, of: shape), range.count * shape.paddedChannels)
    }
  }

  /// The scale's gradient and `a`'s first: `x`'s may take the memory of `dy`.
  func backward(_ call: BackwardCall) {
    let (shape, kernels, dy) = (call.outputShape, call.settings.kernels, call.outputGradient)
    call.parameterGradients[0][0] = Float(scaleGradient(call))
    for (target, factor) in [(call.inputGradients[1], call.parameters[0][0]), (call.inputGradients[0], 1)] {
      guard let target, UnsafePointer(target.pointer) != dy else { continue }
      call.pool.forEach(shape.voxels) { range, _ in
        kernels.scale(
          dy.voxel(range.lowerBound, of: shape), factor, target.pointer.voxel(range.lowerBound, of: shape),
          target.accumulate ? 1 : 0, range.count * shape.paddedChannels)
      }
    }
  }

  private func scaleGradient(_ call: BackwardCall) -> Double {
    let (shape, kernels, a) = (call.outputShape, call.settings.kernels, call.inputs[1])
    let partials = call.scratch.assumingMemoryBound(to: Double.self)
    call.pool.forEach(tiles(shape)) { range, _ in
      for tile in range {
        let end = min((tile + 1) * Self.tile, shape.voxels)
        partials[tile] = kernels.dot(
          call.outputGradient, a, tile * Self.tile * shape.paddedChannels, end * shape.paddedChannels)
      }
    }
    return (0..<tiles(shape)).reduce(0) { $0 + partials[$1] }
  }
}

extension Node {
  /// `self + scale · a` with the parameter `name.scale`.
  package func addingScaled(_ a: Node, _ name: Name) -> Node { applying(LearntScale(), with: [a], name) }
}
