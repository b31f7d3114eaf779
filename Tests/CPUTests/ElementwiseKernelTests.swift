import CPU
import Compute
import Foundation
import TestSupport
import Testing

/// Layer norm, GELU, layer scale and gate: vector kernels against the definitions, and the same bits for every set and
/// number of threads.
struct ElementwiseKernelTests {
  static let shapes = [
    Shape(batch: 1, 1, channels: 1), Shape(batch: 2, Extent3(3, 5, 7), channels: 5),
    Shape(batch: 1, Extent3(2, 20, 19), channels: 16), Shape(batch: 2, Extent3(2, 17, 18), channels: 40),
  ]

  /// What layer norm sees: a mean far from zero, a spread of one.
  private static func shifted(_ shape: Shape) -> [Float] {
    let values = randomActivation(shape, seed: 1)
    return channelsLast(channelsFirst(values, shape).map { $0 + 3 }, shape)
  }

  /// Rounding errors of a voxel's mean and scale, each a sum over C channels in lanes and halves, reach y through
  /// n = (x - mean) scale: |δn| <= u (C/16 + 10) (|n| + M), M = max|x| scale.
  private struct Voxel {
    var n: [Double], scale: Double, unit: Double, spread: [Double]

    init(_ x: ArraySlice<Float>, epsilon: Double) {
      let values = x.map(Double.init), count = Double(x.count)
      let mean = values.reduce(0, +) / count
      let scale = 1 / (values.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / count + epsilon).squareRoot()
      let largest = values.map(\.magnitude).max()! * scale
      n = values.map { ($0 - mean) * scale }
      self.scale = scale
      unit = 0x1p-24 * (count / 16 + 10)
      spread = n.map { $0.magnitude + largest }
    }
  }

  @Test(arguments: shapes, vectorSets) func layerNormIsTheDefinition(_ shape: Shape, _ set: InstructionSet) {
    let norm = LayerNormalizationKernel(shape, epsilon: 1e-3, instructionSet: set)
    let definition = LayerNormalizationKernel(shape, epsilon: 1e-3, instructionSet: .scalar)
    let (x, dy) = (Self.shifted(shape), randomActivation(shape, seed: 2))
    let gamma = randomValues(shape.channels, seed: 3), beta = randomValues(shape.channels, seed: 4)
    var yBounds = [Float](repeating: 0, count: shape.storedCount), dxBounds = yBounds
    for voxel in 0..<shape.voxels {
      let start = voxel * shape.paddedChannels, real = start..<start + shape.channels
      let v = Voxel(x[real], epsilon: 1e-3)
      let g = zip(gamma, dy[real]).map { Double($0 * $1).magnitude }
      let mean = g.reduce(0, +) / Double(g.count)
      let product = zip(g, v.spread).map(*).reduce(0, +) / Double(g.count)
      for (c, i) in real.enumerated() {
        yBounds[i] = Float(
          v.unit * (v.spread[c] * Double(gamma[c].magnitude) + Double(beta[c].magnitude)))
        dxBounds[i] = Float(2 * v.unit * v.scale * (g[c] + mean + v.spread[c] * product))
      }
    }
    expectClose(norm.forward(x, gamma, beta), definition.forward(x, gamma, beta), bounds: yBounds)
    let actual = norm.backward(x, gamma, dy), expected = definition.backward(x, gamma, dy)
    expectClose(actual[0], expected[0], bounds: dxBounds)
    let terms = Double(shape.voxels)
    let largest = (0..<shape.voxels).map { Voxel(x[channelRange($0, shape)], epsilon: 1e-3) }
      .map { $0.spread.max()! * ($0.unit + 512 * 0x1p-24) }.max()!
    expectClose(actual[1], expected[1], bound: Float(largest * terms))
    expectClose(actual[2], expected[2], bound: Float(512 * 0x1p-24 * terms))
  }

  @Test(arguments: shapes) func layerNormAddsToGradients(_ shape: Shape) {
    for set in InstructionSet.available {
      let norm = LayerNormalizationKernel(shape, epsilon: 1e-3, instructionSet: set)
      let (x, dy, start) = (Self.shifted(shape), randomActivation(shape, seed: 2), randomActivation(shape, seed: 5))
      let gamma = randomValues(shape.channels, seed: 3)
      let alone = norm.backward(x, gamma, dy)[0], sum = norm.backward(x, gamma, dy, addingTo: start)[0]
      let expected = zip(alone, start).map { $0 + $1 }
      expectClose(sum, expected, bounds: zip(alone, start).map { 0x1p-22 * ($0.magnitude + $1.magnitude) })
    }
  }

  @Test(arguments: vectorSets) func geluStaysWithinItsBound(_ set: InstructionSet) {
    let shape = Shape(batch: 1, Extent3(1, 40, 63), channels: 16)
    var x = randomValues(shape.storedCount, seed: 1).map { $0 * 13 }
    for i in 0..<4000 { x[i] *= 0x1p-10 }
    let dy = randomValues(shape.storedCount, seed: 2)
    let (gelu, definition) = (GELUKernel(shape, instructionSet: set), GELUKernel(shape, instructionSet: .scalar))
    // 1e-38: where the exponential is cut off.
    let y = definition.forward(x)
    expectClose(gelu.forward(x), y, bounds: y.map { $0.magnitude * GELUKernel.relativeError + 1e-38 })
    let slopes = zip(x, dy).map { geluSlopeBound(Double($0)) * Double($1.magnitude) }
    let bounds = slopes.map { Float($0) * (GELUKernel.relativeError + 0x1p-23) + 1e-37 }
    expectClose(gelu.backward(x, dy), definition.backward(x, dy), bounds: bounds)
    let sums = zip(bounds, dy).map { $0 + 0x1p-22 * ($1.magnitude * 3) }
    expectClose(gelu.backward(x, dy, addingTo: dy), definition.backward(x, dy, addingTo: dy), bounds: sums)
  }

  @Test(arguments: InstructionSet.available) func geluFarOutIsZeroOrItself(_ set: InstructionSet) {
    let shape = Shape(batch: 1, 1, channels: 5)
    let x = channelsLast([-1e30, -100, 20, 1e30, 0], shape)
    let y = channelsFirst(GELUKernel(shape, instructionSet: set).forward(x), shape)
    #expect(y.map(\.magnitude) == [0, 0, 20, 1e30, 0])
    let slope = channelsFirst(
      GELUKernel(shape, instructionSet: set).backward(x, channelsLast([1, 1, 1, 1, 1], shape)), shape)
    #expect(slope.map(\.magnitude) == [0, 0, 1, 1, 0.5])
  }

  /// 512-voxel tiles in single precision, then tiles in double.
  @Test(arguments: shapes, vectorSets) func layerScaleIsTheDefinition(_ shape: Shape, _ set: InstructionSet) {
    let (scaling, definition) = (
      LayerScaleKernel(shape, instructionSet: set), LayerScaleKernel(shape, instructionSet: .scalar)
    )
    let (x, dy) = (randomActivation(shape, seed: 1), randomActivation(shape, seed: 2))
    let scale = randomValues(shape.channels, seed: 3)
    expectClose(
      scaling.forward(x, scale, shortcut: dy), definition.forward(x, scale, shortcut: dy), bound: 0x1p-22)
    let (actual, expected) = (scaling.backward(x, scale, dy), definition.backward(x, scale, dy))
    expectSameBits(actual[0], expected[0])
    let magnitudes = definition.backward(x.absolutes, scale, dy.absolutes)[1]
    expectClose(actual[1], expected[1], bounds: magnitudes.map { $0 * roundingBound(terms: 514) })
    let sums = (scaling.backward(x, scale, dy, addingTo: x)[0], definition.backward(x, scale, dy, addingTo: x)[0])
    expectClose(sums.0, sums.1, bound: 0x1p-22)
  }

  /// Sigmoid: e to 2 units, a sum and a quotient; `da` besides sums C products.
  @Test(arguments: shapes, vectorSets) func gateIsTheDefinition(_ shape: Shape, _ set: InstructionSet) {
    let (gate, definition) = (
      AttentionGateKernel(shape, instructionSet: set), AttentionGateKernel(shape, instructionSet: .scalar)
    )
    let map = Shape(batch: shape.batch, shape.extent, channels: 1)
    let (x, dy) = (randomActivation(shape, seed: 1), randomActivation(shape, seed: 2))
    let a = randomActivation(map, seed: 3).map { $0 * 9 }
    let y = definition.forward(x, a)
    expectClose(gate.forward(x, a), y, bounds: y.map { $0.magnitude * roundingBound(terms: 5) })
    let (actual, expected) = (gate.backward(x, a, dy), definition.backward(x, a, dy))
    expectClose(actual[0], expected[0], bounds: expected[0].map { $0.magnitude * roundingBound(terms: 5) })
    let magnitudes = definition.backward(x.absolutes, a, dy.absolutes)[1]
    expectClose(actual[1], expected[1], bounds: magnitudes.map { $0 * roundingBound(terms: shape.channels + 12) })
    let sum = gate.backward(x, a, dy, addingTo: (dx: dy, da: a))
    let expectedSum = definition.backward(x, a, dy, addingTo: (dx: dy, da: a))
    expectClose(sum[0], expectedSum[0], bound: 0x1p-20)
    expectClose(sum[1], expectedSum[1], bounds: zip(magnitudes, a).map { ($0 + $1.magnitude) * 0x1p-17 })
  }

  @Test(arguments: shapes) func nothingDependsOnThreadsOrSet(_ shape: Shape) {
    let map = Shape(batch: shape.batch, shape.extent, channels: 1)
    let (x, dy, a) = (Self.shifted(shape), randomActivation(shape, seed: 2), randomActivation(map, seed: 3))
    let gamma = randomValues(shape.channels, seed: 4)
    func results(_ set: InstructionSet, _ threads: Int) -> [[Float]] {
      let norm = LayerNormalizationKernel(shape, epsilon: 1e-6, instructionSet: set)
      let (gelu, scale) = (GELUKernel(shape, instructionSet: set), LayerScaleKernel(shape, instructionSet: set))
      let gate = AttentionGateKernel(shape, instructionSet: set)
      return [norm.forward(x, gamma, gamma, threads: threads), gelu.forward(x, threads: threads)]
        + norm.backward(x, gamma, dy, threads: threads) + scale.backward(x, gamma, dy, threads: threads)
        + [gelu.backward(x, dy, threads: threads), gate.forward(x, a, threads: threads)]
        + [scale.forward(x, gamma, shortcut: dy, threads: threads)] + gate.backward(x, a, dy, threads: threads)
    }
    for expected in [results(vectorSets.first ?? .scalar, 1)] {
      for (set, threads) in vectorSets.flatMap({ set in [1, 2, 3].map { (set, $0) } }) {
        for (actual, one) in zip(results(set, threads), expected) { expectSameBits(actual, one, "\(set), \(threads)") }
      }
    }
  }
}

private func channelRange(_ voxel: Int, _ shape: Shape) -> Range<Int> {
  voxel * shape.paddedChannels..<voxel * shape.paddedChannels + shape.channels
}

/// Φ(x) + |x| φ(x).
private func geluSlopeBound(_ x: Double) -> Double {
  let distribution = 0.5 * erfc(-x * 0.5.squareRoot())
  let density = exp(-0.5 * x * x) / (2 * Double.pi).squareRoot()
  return distribution + x.magnitude * density
}
