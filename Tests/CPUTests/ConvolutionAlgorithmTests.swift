import CPU
import Compute
import Networks
import Testing

/// The table of kernels, shape by shape.
struct ConvolutionAlgorithmTests {
  struct Example: Sendable {
    var channels = 32
    var outChannels = 32
    var extent = Extent3(18, 64, 32)
    var kernel: Extent3 = 3
    var stride: Extent3 = 1
    var dilation: Extent3 = 1
    /// Without the instruction set.
    var float32, fast: String
  }

  static let strided = Extent3(1, 2, 2)
  static let stridedFloat32 = "winograd 2x2x2 stride 2, weights winograd 3x2x2 stride 2"
  static let examples = [
    Example(float32: "winograd 2x2, weights winograd 3x2x2", fast: "winograd 4x4, weights winograd 2x4x4"),
    Example(
      extent: Extent3(18, 65, 31), float32: "winograd 2x2, weights winograd 3x2x2",
      fast: "winograd 4x4, weights winograd 2x4x4"),
    Example(channels: 16, float32: "winograd 2x2", fast: "winograd 4x4"),
    Example(outChannels: 64, float32: "winograd 3x2x2", fast: "winograd 2x4x4"),
    Example(outChannels: 64, extent: Extent3(18, 15, 32), float32: "winograd 3x2x2", fast: "winograd 4x4"),
    Example(outChannels: 64, extent: Extent3(3, 64, 32), float32: "winograd 2x2", fast: "winograd 4x4"),
    // Three slices at a time where that leaves fewer products.
    Example(outChannels: 64, extent: Extent3(4, 64, 32), float32: "winograd 2x2x2", fast: "winograd 2x4x4"),
    Example(outChannels: 64, extent: Extent3(5, 64, 32), float32: "winograd 3x2x2", fast: "winograd 2x4x4"),
    Example(outChannels: 64, extent: Extent3(8, 64, 32), float32: "winograd 3x2x2", fast: "winograd 2x4x4"),
    Example(outChannels: 64, stride: strided, float32: stridedFloat32, fast: "winograd 3x2x2 stride 2"),
    Example(outChannels: 64, kernel: Extent3(5, 3, 3), float32: "winograd 2x2", fast: "winograd 4x4"),
    Example(kernel: Extent3(1, 3, 3), float32: "winograd 2x2", fast: "winograd 4x4"),
    Example(channels: 16, stride: strided, float32: "winograd 2x2 stride 2", fast: "winograd 2x2 stride 2"),
    Example(stride: 2, float32: "direct", fast: "direct"),
    Example(stride: Extent3(1, 2, 1), float32: "direct", fast: "direct"),
    Example(
      dilation: Extent3(1, 2, 2), float32: "winograd 2x2, weights winograd 3x2x2",
      fast: "winograd 4x4, weights winograd 2x4x4"),
    Example(dilation: Extent3(1, 8, 8), float32: "winograd 2x2, weights winograd 3x2x2", fast: "winograd 4x4"),
    Example(
      dilation: Extent3(1, 16, 16), float32: "winograd 2x2, weights winograd 3x2x2",
      fast: "winograd 2x2, weights winograd 3x2x2"),
    Example(dilation: Extent3(1, 17, 17), float32: "direct", fast: "direct"),
    Example(dilation: Extent3(1, 2, 4), float32: "direct", fast: "direct"),
    Example(stride: strided, dilation: Extent3(1, 2, 2), float32: "direct", fast: "direct"),
    Example(dilation: 2, float32: "direct", fast: "direct"),
    Example(dilation: 12, float32: "direct", fast: "direct"),
    Example(kernel: 1, float32: "1x1x1", fast: "1x1x1"),
    Example(channels: 1, kernel: 1, float32: "direct", fast: "direct"),
    Example(kernel: 1, stride: strided, float32: "direct", fast: "direct"),
    Example(kernel: 5, float32: "direct", fast: "direct"),
    Example(channels: 1, float32: "direct", fast: "direct"),
    Example(channels: 8, float32: "winograd 2x2", fast: "winograd 4x4"),
    Example(outChannels: 8, float32: "winograd 2x2", fast: "winograd 4x4"),
    Example(extent: Extent3(18, 3, 32), float32: "direct", fast: "direct"),
    Example(
      extent: Extent3(18, 5, 32), float32: "winograd 2x2, weights winograd 3x2x2",
      fast: "winograd 4x4"),
    Example(
      outChannels: 64, extent: Extent3(18, 11, 32), stride: strided, float32: stridedFloat32,
      fast: "winograd 3x2x2 stride 2"),
    Example(outChannels: 64, extent: Extent3(18, 9, 32), stride: strided, float32: "direct", fast: "direct"),
    Example(
      channels: 256, outChannels: 256, extent: Extent3(18, 8, 32), stride: strided, float32: stridedFloat32,
      fast: "winograd 3x2x2 stride 2"),
  ]

  @Test(arguments: examples, InstructionSet.available) func theTableIsFixed(_ example: Example, _ set: InstructionSet) {
    let geometry = ConvolutionGeometry(
      input: Shape(batch: 2, example.extent, channels: example.channels), outChannels: example.outChannels,
      kernel: example.kernel, stride: example.stride, dilation: example.dilation)
    let float32 = ConvolutionKernel(geometry, workers: 2, instructionSet: set)
    let fast = ConvolutionKernel(geometry, precision: .fast, workers: 2, instructionSet: set)
    let detail = example.channels == 1 ? " one channel" : ""
    for (kernel, name) in [(float32, example.float32), (fast, example.fast)] {
      #expect(kernel.chosenKernel == (set == .scalar ? "scalar" : "\(name)\(detail) \(set.rawValue)"))
    }
  }

  /// All three operations round to bfloat16 where no Winograd kernel with large tiles serves; strided windows do so after
  /// their transform, but for weights.
  @Test(arguments: examples) func bfloat16RoundsWhereItIsFaster(_ example: Example) {
    let geometry = ConvolutionGeometry(
      input: Shape(batch: 2, example.extent, channels: example.channels), outChannels: example.outChannels,
      kernel: example.kernel, stride: example.stride, dilation: example.dilation)
    for set in InstructionSet.available {
      let convolution = ConvolutionKernel(geometry, precision: .bfloat16, workers: 2, instructionSet: set)
      let fast = ConvolutionKernel(geometry, precision: .fast, workers: 2, instructionSet: set)
      let rounds =
        set == .avx512 && ConvolutionAlgorithm.bfloat16.isSupported
        && !example.fast.hasPrefix("winograd 4x4") && !example.fast.hasPrefix("winograd 2x4x4") && example.channels > 1
      let isStrided = example.fast.hasPrefix("winograd") && example.fast.hasSuffix("stride 2")
      let windows = example.fast.replacing("3x2x2", with: "2x2x2") + " bfloat16"
      let name = rounds ? (isStrided ? windows : "direct bfloat16") : fast.algorithm.name
      #expect(convolution.algorithm.name == name)
      #expect(convolution.gradientAlgorithm == (rounds ? .bfloat16 : fast.gradientAlgorithm))
    }
  }

  /// Few channels: deep tiles pay for the weights' gradient only.
  @Test(.enabled(if: InstructionSet.best != .scalar)) func twoKernelsAreNamedWhereTwoServe() {
    let geometry = ConvolutionGeometry(input: Shape(batch: 1, Extent3(4, 64, 32), channels: 32), outChannels: 32)
    #expect(
      ConvolutionKernel(geometry, workers: 1).chosenKernel
        == "winograd 2x2, weights winograd 2x2x2 \(InstructionSet.best.rawValue)")
  }
}
