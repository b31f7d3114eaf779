import CPU
import Compute
import TestSupport

/// The operations on arrays. Results hold NaN before the call, and so does scratch: what is read unwritten, or left
/// unwritten, shows.
func filled(_ count: Int, start: [Float]? = nil, _ body: (UnsafeMutablePointer<Float>) -> Void) -> [Float] {
  var result = start ?? [Float](repeating: .nan, count: count)
  result.withUnsafeMutableBufferPointer { body($0.baseAddress!) }
  return result
}

extension MaxPoolingKernel {
  func forward(_ x: [Float], threads: Int = 1) -> [Float] {
    filled(output.storedCount) { forward(x: x, y: $0, pool: WorkerPool(threads: threads)) }
  }

  func backward(_ x: [Float], _ dy: [Float], addingTo start: [Float]? = nil, threads: Int = 1) -> [Float] {
    filled(input.storedCount, start: start) {
      backward(x: x, dy: dy, dx: $0, accumulate: start != nil, pool: WorkerPool(threads: threads))
    }
  }
}

/// In floats, as both keep them.
extension ConvolutionPasses {
  fileprivate func forward(
    x: UnsafePointer<Float>, weights: UnsafePointer<Float>, bias: UnsafePointer<Float>, y: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutableRawPointer, pool: WorkerPool
  ) {
    forward(x: x, weights: weights, bias: bias, y: MutableActivation(y), scratch: scratch, pool: pool)
  }

  fileprivate func backwardInput(
    dy: UnsafePointer<Float>, weights: UnsafePointer<Float>, dx: UnsafeMutablePointer<Float>, accumulate: Bool,
    scratch: UnsafeMutableRawPointer, pool: WorkerPool
  ) {
    backwardInput(
      dy: Activation(dy), weights: weights, dx: dx, accumulate: accumulate, scratch: scratch, pool: pool)
  }

  fileprivate func backwardWeights(
    x: UnsafePointer<Float>, dy: UnsafePointer<Float>, dWeights: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutableRawPointer, pool: WorkerPool
  ) {
    backwardWeights(x: x, dy: Activation(dy), dWeights: dWeights, scratch: scratch, pool: pool)
  }
}

extension TransposedConvolutionKernel {
  func forward(_ x: [Float], _ weights: [Float], _ bias: [Float], threads: Int = 1) -> [Float] {
    withScratch(scratchBytes) { scratch in
      filled(output.storedCount) {
        forward(x: x, weights: weights, bias: bias, y: $0, scratch: scratch, pool: WorkerPool(threads: threads))
      }
    }
  }

  func backwardInput(_ dy: [Float], _ weights: [Float], addingTo start: [Float]? = nil, threads: Int = 1) -> [Float] {
    withScratch(scratchBytes) { scratch in
      filled(input.storedCount, start: start) {
        backwardInput(
          dy: dy, weights: weights, dx: $0, accumulate: start != nil, scratch: scratch,
          pool: WorkerPool(threads: threads))
      }
    }
  }

  func backwardWeights(_ x: [Float], _ dy: [Float], threads: Int = 1) -> [Float] {
    withScratch(scratchBytes) { scratch in
      filled(weightCount) {
        backwardWeights(x: x, dy: dy, dWeights: $0, scratch: scratch, pool: WorkerPool(threads: threads))
      }
    }
  }
}

extension DepthwiseConvolutionKernel {
  func forward(_ x: [Float], _ weights: [Float], _ bias: [Float]) -> [Float] {
    withScratch(scratchBytes) { scratch in
      filled(shape.storedCount) {
        forward(x: x, weights: weights, bias: bias, y: $0, scratch: scratch, pool: WorkerPool(threads: workers))
      }
    }
  }

  func backwardInput(_ dy: [Float], _ weights: [Float], addingTo start: [Float]? = nil) -> [Float] {
    withScratch(scratchBytes) { scratch in
      filled(shape.storedCount, start: start) {
        backwardInput(
          dy: dy, weights: weights, dx: $0, accumulate: start != nil, scratch: scratch,
          pool: WorkerPool(threads: workers))
      }
    }
  }

  func backwardWeights(_ x: [Float], _ dy: [Float]) -> [Float] {
    withScratch(scratchBytes) { scratch in
      filled(weightCount) {
        backwardWeights(x: x, dy: dy, dWeights: $0, scratch: scratch, pool: WorkerPool(threads: workers))
      }
    }
  }
}

extension LayerNormalizationKernel {
  func forward(_ x: [Float], _ gamma: [Float], _ beta: [Float], threads: Int = 1) -> [Float] {
    filled(shape.storedCount) {
      forward(x: x, gamma: gamma, beta: beta, y: $0, pool: WorkerPool(threads: threads))
    }
  }

  /// dx, dγ, dβ.
  func backward(
    _ x: [Float], _ gamma: [Float], _ dy: [Float], addingTo start: [Float]? = nil, threads: Int = 1
  ) -> [[Float]] {
    var (dGamma, dBeta) = ([Float](repeating: .nan, count: gamma.count), [Float](repeating: .nan, count: gamma.count))
    let dx = withScratch(scratchBytes) { scratch in
      filled(shape.storedCount, start: start) {
        backward(
          x: x, gamma: gamma, dy: dy, dx: $0, accumulate: start != nil, dGamma: &dGamma, dBeta: &dBeta,
          scratch: scratch, pool: WorkerPool(threads: threads))
      }
    }
    return [dx, dGamma, dBeta]
  }
}

extension GELUKernel {
  func forward(_ x: [Float], threads: Int = 1) -> [Float] {
    filled(shape.storedCount) { forward(x: x, y: $0, pool: WorkerPool(threads: threads)) }
  }

  func backward(_ x: [Float], _ dy: [Float], addingTo start: [Float]? = nil, threads: Int = 1) -> [Float] {
    filled(shape.storedCount, start: start) {
      backward(x: x, dy: dy, dx: $0, accumulate: start != nil, pool: WorkerPool(threads: threads))
    }
  }
}

extension LayerScaleKernel {
  func forward(_ x: [Float], _ scale: [Float], shortcut: [Float], threads: Int = 1) -> [Float] {
    filled(shape.storedCount) {
      forward(x: x, scale: scale, shortcut: shortcut, y: $0, pool: WorkerPool(threads: threads))
    }
  }

  /// dx, dscale.
  func backward(
    _ x: [Float], _ scale: [Float], _ dy: [Float], addingTo start: [Float]? = nil, threads: Int = 1
  ) -> [[Float]] {
    var dScale = [Float](repeating: .nan, count: scale.count)
    let dx = withScratch(scratchBytes) { scratch in
      filled(shape.storedCount, start: start) {
        backward(
          x: x, scale: scale, dy: dy, dx: $0, accumulate: start != nil, dScale: &dScale, scratch: scratch,
          pool: WorkerPool(threads: threads))
      }
    }
    return [dx, dScale]
  }
}

extension AttentionGateKernel {
  func forward(_ x: [Float], _ a: [Float], threads: Int = 1) -> [Float] {
    filled(shape.storedCount) { forward(x: x, a: a, y: $0, pool: WorkerPool(threads: threads)) }
  }

  /// dx, da.
  func backward(
    _ x: [Float], _ a: [Float], _ dy: [Float], addingTo start: (dx: [Float], da: [Float])? = nil, threads: Int = 1
  ) -> [[Float]] {
    let accumulate = start != nil
    var da = start?.da ?? [Float](repeating: .nan, count: a.count)
    let dx = filled(shape.storedCount, start: start?.dx) { dx in
      da.withUnsafeMutableBufferPointer {
        backward(
          x: x, a: a, dy: dy, dx: (dx, accumulate), da: ($0.baseAddress!, accumulate),
          pool: WorkerPool(threads: threads))
      }
    }
    return [dx, da]
  }
}

extension [Float] {
  var absolutes: [Float] { map(\.magnitude) }
}

let vectorSets = InstructionSet.available.filter { $0 != .scalar }
