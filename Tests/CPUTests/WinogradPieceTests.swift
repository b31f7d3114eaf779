import CKernels
import CPU
import Compute
import TestSupport
import Testing

/// A weight gradient in pieces against the same gradient over whole dU, bit by bit.
struct WinogradPieceTests {
  struct Example: Sendable, CustomTestStringConvertible {
    var channels: Int32
    var outChannels: Int32
    var extent: (Int32, Int32, Int32)
    var stride: Int32 = 1
    var dilation: Int32 = 1
    var slices: Int32

    var testDescription: String { "\(channels) to \(outChannels) at \(extent), \(stride) \(dilation) \(slices)" }

    var shape: convolution_shape {
      var shape = convolution_shape()
      (shape.batch, shape.channels, shape.out_channels) = (2, channels, outChannels)
      shape.in = extent
      shape.out = (extent.0, (extent.1 + stride - 1) / stride, (extent.2 + stride - 1) / stride)
      (shape.kernel, shape.stride, shape.dilation) = ((3, 3, 3), (1, stride, stride), (1, dilation, dilation))
      return shape
    }
  }

  static let examples = [
    Example(channels: 80, outChannels: 72, extent: (4, 5, 3), slices: 2),
    Example(channels: 80, outChannels: 72, extent: (4, 5, 3), slices: 3),
    Example(channels: 51, outChannels: 150, extent: (3, 5, 4), slices: 0),
    Example(channels: 272, outChannels: 256, extent: (4, 8, 9), slices: 3),
    Example(channels: 96, outChannels: 130, extent: (4, 9, 7), stride: 2, slices: 2),
    Example(channels: 144, outChannels: 96, extent: (2, 6, 7), dilation: 2, slices: 2),
  ]

  @Test(arguments: examples, WinogradConvolutionTests.vectorSets)
  func piecesHaveTheBitsOfTheWhole(_ example: Example, _ set: InstructionSet) throws {
    let kernels = try #require(Self.kernels(set)).pointee
    var shape = example.shape
    let plan = winograd_make_plan(&shape, winograd_backward_weights, 0, example.slices, 0, kernels.block, 1)
    try #require(plan.piecewise != 0)
    let x = Self.numbers(2 * Int(example.extent.0 * example.extent.1 * example.extent.2) * Int(plan.source_channels), 1)
    let dy = Self.numbers(2 * Int(shape.out.0 * shape.out.1 * shape.out.2) * Int(plan.target_channels), 2)
    let pieces = Self.gradient(plan, kernels, shape, x, dy, inPieces: true)
    let whole = Self.gradient(plan, kernels, shape, x, dy, inPieces: false)
    #expect(pieces.allSatisfy(\.isFinite) && pieces.contains { $0 != 0 })
    #expect(pieces.map(\.bitPattern) == whole.map(\.bitPattern))
  }

  private static func gradient(
    _ plan: winograd_plan, _ kernels: winograd_kernels, _ shape: convolution_shape, _ x: AlignedBuffer<Float>,
    _ dy: AlignedBuffer<Float>, inPieces: Bool
  ) -> [Float] {
    var plan = plan
    let (v, groups) = (winograd_gradient_v(&plan), winograd_group_count(&plan))
    let group = v + winograd_gradient_m(&plan)
    let transformed = AlignedBuffer<Float>(count: winograd_all_groups(&plan))
    let sums = AlignedBuffer<Float>(count: inPieces ? winograd_piece_scratch(&plan) : winograd_gradient_du(&plan))
    for index in 0..<transformed.count { transformed[index] = .nan }
    for index in 0..<sums.count { sums[index] = .nan }
    var result = [Float](repeating: .nan, count: Int(shape.channels * shape.out_channels) * 27)
    let (source, target) = (Activation(UnsafePointer(x.base)).source, Activation(UnsafePointer(dy.base)).source)
    for index in 0..<groups {
      let place = transformed.base + index * group
      kernels.clear!(&plan, place)
      kernels.transform!(&plan, source, target, index, place, place + v, 0, winograd_transform_items(&plan))
      if inPieces { continue }
      kernels.multiply!(
        &plan, place, place + v, index == 0 ? 1 : 0, sums.base, 0, winograd_multiply_items(&plan), nil)
    }
    if inPieces {
      kernels.pieces!(
        &plan, transformed.base, shape.channels, shape.out_channels, &result, 0, winograd_piece_items(&plan), sums.base)
    } else {
      kernels.finish!(
        &plan, sums.base, shape.channels, shape.out_channels, &result, 0, winograd_finish_items(&plan))
    }
    return result
  }

  private static func kernels(_ set: InstructionSet) -> UnsafePointer<winograd_kernels>? {
    cpu_kernels_for(set == .avx512 ? cpu_avx512 : cpu_avx2)?.pointee.winograd
  }

  private static func numbers(_ count: Int, _ seed: UInt64) -> AlignedBuffer<Float> {
    var generator = SeededNumbers(seed: seed)
    let buffer = AlignedBuffer<Float>(count: count)
    for index in 0..<count { buffer[index] = Float.random(in: -1...1, using: &generator) }
    return buffer
  }
}
