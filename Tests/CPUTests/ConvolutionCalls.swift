import CPU
import Compute
import Foundation

/// The operations on arrays, each in memory that holds NaN before the call: what is read unwritten, or left unwritten,
/// shows.
extension ConvolutionKernel {
  func forward(
    _ x: [Float], _ weights: [Float], scale: [Float]? = nil, bias: [Float]? = nil, rectifies: Bool = false
  ) -> [Float] {
    precondition(x.count == geometry.inputCount && weights.count == geometry.weightCount)
    return filled(geometry.output.storedCount) { y, scratch, pool in
      withPointer(scale) { scale in
        withPointer(bias) { bias in
          let finish = ConvolutionFinish(scale: scale, bias: bias, rectifies: rectifies)
          forward(
            x: x, weights: weights, finish: finish, y: MutableActivation(y), scratch: scratch, pool: pool)
        }
      }
    }
  }

  func backwardInput(_ dy: [Float], _ weights: [Float], addingTo start: [Float]? = nil) -> [Float] {
    precondition(dy.count == geometry.output.storedCount && weights.count == geometry.weightCount)
    return filled(geometry.inputCount, start: start) { dx, scratch, pool in
      dy.withUnsafeBufferPointer { dy in
        backwardInput(
          dy: Activation(dy.baseAddress!), weights: weights, dx: dx, accumulate: start != nil, scratch: scratch,
          pool: pool)
      }
    }
  }

  func backwardWeights(_ x: [Float], _ dy: [Float]) -> [Float] {
    precondition(x.count == geometry.inputCount && dy.count == geometry.output.storedCount)
    return filled(geometry.weightCount) { dWeights, scratch, pool in
      dy.withUnsafeBufferPointer { dy in
        backwardWeights(x: x, dy: Activation(dy.baseAddress!), dWeights: dWeights, scratch: scratch, pool: pool)
      }
    }
  }

  /// The same three with bfloat16 in place of floats, as bits, where a network may have it.
  func forwardToBfloat16(
    _ x: [Float], _ weights: [Float], scale: [Float]? = nil, bias: [Float]? = nil, rectifies: Bool = false
  ) -> [UInt16] {
    filled(geometry.output.storedCount) { (y: UnsafeMutablePointer<UInt16>, scratch, pool) in
      withPointer(scale) { scale in
        withPointer(bias) { bias in
          let finish = ConvolutionFinish(scale: scale, bias: bias, rectifies: rectifies)
          forward(
            x: x, weights: weights, finish: finish, y: MutableActivation(y, .bfloat16), scratch: scratch, pool: pool)
        }
      }
    }
  }

  func backwardInput(_ dy: [UInt16], _ weights: [Float], addingTo start: [Float]? = nil) -> [Float] {
    filled(geometry.inputCount, start: start) { dx, scratch, pool in
      dy.withUnsafeBytes { dy in
        backwardInput(
          dy: Activation(dy.baseAddress!, .bfloat16), weights: weights, dx: dx, accumulate: start != nil,
          scratch: scratch, pool: pool)
      }
    }
  }

  func backwardWeights(_ x: [Float], _ dy: [UInt16]) -> [Float] {
    filled(geometry.weightCount) { dWeights, scratch, pool in
      dy.withUnsafeBytes { dy in
        backwardWeights(
          x: x, dy: Activation(dy.baseAddress!, .bfloat16), dWeights: dWeights, scratch: scratch, pool: pool)
      }
    }
  }

  func filled<Number: NotANumber>(
    _ count: Int, start: [Number]? = nil,
    _ body: (UnsafeMutablePointer<Number>, UnsafeMutableRawPointer, WorkerPool) -> Void
  ) -> [Number] {
    withScratch(scratchBytes) { scratch in
      var result = start ?? [Number](repeating: .nan, count: count)
      result.withUnsafeMutableBufferPointer { body($0.baseAddress!, scratch, WorkerPool(threads: workers)) }
      return result
    }
  }
}

/// What memory holds before a call.
protocol NotANumber { static var nan: Self { get } }
extension Float: NotANumber {}
/// Bits of bfloat16.
extension UInt16: NotANumber { static var nan: UInt16 { 0x7FFF } }

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

extension ConvolutionPasses {
  /// Of floats, as most tests have them.
  func forward(
    x: UnsafePointer<Float>, weights: UnsafePointer<Float>, bias: UnsafePointer<Float>?, y: MutableActivation,
    scratch: UnsafeMutableRawPointer, pool: WorkerPool
  ) {
    forward(x: Activation(x), weights: weights, bias: bias, y: y, scratch: scratch, pool: pool)
  }

  func backwardWeights(
    x: UnsafePointer<Float>, dy: Activation, dWeights: UnsafeMutablePointer<Float>, scratch: UnsafeMutableRawPointer,
    pool: WorkerPool
  ) {
    backwardWeights(x: Activation(x), dy: dy, dWeights: dWeights, scratch: scratch, pool: pool)
  }
}

extension ConvolutionKernel {
  func forward(
    x: UnsafePointer<Float>, weights: UnsafePointer<Float>, finish: ConvolutionFinish, y: MutableActivation,
    scratch: UnsafeMutableRawPointer, pool: WorkerPool
  ) {
    forward(x: Activation(x), weights: weights, finish: finish, y: y, scratch: scratch, pool: pool)
  }
}
