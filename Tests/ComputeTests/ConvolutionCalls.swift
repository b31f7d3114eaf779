import Compute
import Foundation

/// The operations on arrays, each in memory that holds NaN before the call: what is read unwritten, or left unwritten,
/// shows.
extension Convolution {
  func forward(
    _ x: [Float], _ weights: [Float], scale: [Float]? = nil, bias: [Float]? = nil, rectifies: Bool = false
  ) -> [Float] {
    precondition(x.count == geometry.inputCount && weights.count == geometry.weightCount)
    return filled(geometry.output.storedCount) { y, scratch, pool in
      withPointer(scale) { scale in
        withPointer(bias) { bias in
          let finish = ConvolutionFinish(scale: scale, bias: bias, rectifies: rectifies)
          forward(x: x, weights: weights, finish: finish, y: y, scratch: scratch, pool: pool)
        }
      }
    }
  }

  func backwardInput(_ dy: [Float], _ weights: [Float], addingTo start: [Float]? = nil) -> [Float] {
    precondition(dy.count == geometry.output.storedCount && weights.count == geometry.weightCount)
    return filled(geometry.inputCount, start: start) { dx, scratch, pool in
      backwardInput(dy: dy, weights: weights, dx: dx, accumulate: start != nil, scratch: scratch, pool: pool)
    }
  }

  func backwardWeights(_ x: [Float], _ dy: [Float]) -> [Float] {
    precondition(x.count == geometry.inputCount && dy.count == geometry.output.storedCount)
    return filled(geometry.weightCount) { dWeights, scratch, pool in
      backwardWeights(x: x, dy: dy, dWeights: dWeights, scratch: scratch, pool: pool)
    }
  }

  private func filled(
    _ count: Int, start: [Float]? = nil,
    _ body: (UnsafeMutablePointer<Float>, UnsafeMutableRawPointer, WorkerPool) -> Void
  ) -> [Float] {
    withScratch(scratchBytes) { scratch in
      var result = start ?? [Float](repeating: .nan, count: count)
      result.withUnsafeMutableBufferPointer { body($0.baseAddress!, scratch, WorkerPool(threads: workers)) }
      return result
    }
  }
}

/// Optional arrays as optional pointers.
func withPointer<Result>(_ values: [Float]?, _ body: (UnsafePointer<Float>?) -> Result) -> Result {
  guard let values else { return body(nil) }
  return values.withUnsafeBufferPointer { body($0.baseAddress!) }
}

/// Scratch memory full of NaN, followed by a guard that must survive.
func withScratch<Result>(_ bytes: Int, _ body: (UnsafeMutableRawPointer) -> Result) -> Result {
  let guardBytes = 4096
  let buffer = AlignedBuffer<UInt8>(count: bytes + guardBytes)
  memset(buffer.base, 0xFF, bytes + guardBytes)
  defer {
    let isIntact = (bytes..<bytes + guardBytes).allSatisfy { buffer[$0] == 0xFF }
    precondition(isIntact, "a kernel wrote past its \(bytes) bytes of scratch")
  }
  return body(buffer.base)
}
