import Compute

/// The shapes of a convolution with odd kernels and "same" padding, `dilation · (kernel − 1) / 2` on both sides.
///
///     y[n, d, h, w, o] = b[o] + Σ x[n, d·s₀ + (i − k₀/2)·δ₀, …, c] · W[o, c, i, j, k]
///
/// - Input:  `[N, D, H, W, C]`; when `C` is 1, a plain image `[N, D, H, W]` without channel padding (`inputIsPlanar`)
/// - Output: `[N, ⌈D/s₀⌉, ⌈H/s₁⌉, ⌈W/s₂⌉, outChannels]`
/// - Weights: `[outChannels, C, k₀, k₁, k₂]`, PyTorch's layout
package struct ConvolutionGeometry: Hashable, Sendable {
  /// What is read, `[N, D, H, W, C]`.
  package let input: Shape
  /// Channels of the result.
  package let outChannels: Int
  /// k: taps along D, H and W, each odd.
  package let kernel: Extent3
  /// s: input voxels from one output voxel to the next.
  package let stride: Extent3
  /// δ: input voxels from one tap to the next.
  package let dilation: Extent3

  /// - Precondition: output channels, strides and dilations are positive, kernel sides odd with at most `largestKernel`
  ///   taps in all; the messages show what was asked for.
  package init(input: Shape, outChannels: Int, kernel: Extent3 = 3, stride: Extent3 = 1, dilation: Extent3 = 1) {
    precondition(outChannels > 0, "a convolution of \(input) needs output channels, not \(outChannels)")
    precondition(
      kernel.axes.allSatisfy { $0 > 0 && $0 % 2 == 1 } && kernel.count <= Self.largestKernel,
      "kernel \(kernel) on \(input): sides must be odd, at most \(Self.largestKernel) taps")
    precondition(
      stride.axes.allSatisfy { $0 > 0 } && dilation.axes.allSatisfy { $0 > 0 },
      "stride \(stride) and dilation \(dilation) on \(input) must be positive")
    (self.input, self.outChannels, self.kernel) = (input, outChannels, kernel)
    (self.stride, self.dilation) = (stride, dilation)
  }

  /// 7x7x7, the largest kernel of any network here.
  package static let largestKernel = 343

  /// `[N, ⌈D/s₀⌉, ⌈H/s₁⌉, ⌈W/s₂⌉, outChannels]`; dilation changes nothing, because padding grows with it.
  package var output: Shape {
    let (extent, s) = (input.extent, stride)
    return Shape(
      batch: input.batch,
      Extent3(
        (extent.depth - 1) / s.depth + 1, (extent.height - 1) / s.height + 1, (extent.width - 1) / s.width + 1),
      channels: outChannels)
  }

  /// A one-channel input is stored without channel padding: padding an image 16 times would cost more than the sum.
  package var inputIsPlanar: Bool { input.channels == 1 }

  /// Floats that `x` and `dx` take in memory.
  package var inputCount: Int { inputIsPlanar ? input.voxels : input.storedCount }

  /// How many numbers `W` has: `outChannels · C · k₀ k₁ k₂`.
  package var weightCount: Int { outChannels * input.channels * kernel.count }

  /// Products of a forward pass, those with zero padding counted.
  package var multiplyAdds: Int { output.voxels * weightCount }
}

extension Extent3 {
  fileprivate var axes: [Int] { [depth, height, width] }
}
