import CPU
import Compute
import Networks

extension OperationCase {
  private static let map = Shape(batch: 2, Extent3(4, 5, 3), channels: 1)

  /// What the baselines need besides. Their scalar definitions sum in double, so instruction sets differ by rounding;
  /// gradients of weights sum over 120 voxels.
  static let ofBaselines: [OperationCase] = [
    OperationCase("max-pooling", [plain], forward: (0, 1), backward: (0, 1)) { $0[0].maxPooled() },
    // A sum of as many numbers as the window has, times a power of two.
    OperationCase("average-pooling", [plain], forward: (7, 1), backward: (1, 1)) { $0[0].averagePooled(2) },
    OperationCase("average-pooling-rows", [wide], forward: (1, 1), backward: (1, 1)) {
      $0[0].averagePooled(Extent3(1, 2, 1))
    },
    OperationCase("transposed-convolution", [plain], forward: (7, 6), backward: (124, 120), products: true) {
      $0[0].doubled(18, to: Extent3(4, 11, 6), "c")
    },
    OperationCase("depthwise-convolution", [plain], forward: (51, 50), backward: (124, 120), products: true) {
      $0[0].convolvedDepthwise("c")
    },
    OperationCase("depthwise-convolution-wide", [wide], forward: (51, 50), backward: (124, 120), products: true) {
      $0[0].convolvedDepthwise(dilation: 3, "c")
    },
    // Normalised values up to 3, from means and variances of 18 channels.
    OperationCase("layer-norm", [wide], forward: (24, 6), backward: (124, 360), products: true) {
      $0[0].layerNormalized("n")
    },
    OperationCase("gelu", [wide], forward: (12, 1), backward: (12, 2), products: true) { $0[0].gelu() },
    OperationCase("layer-scale", [wide, wide], forward: (2, 2), backward: (124, 120), products: true) {
      $0[0].adding(layerScaled: $0[1], initialValue: 1, "s")
    },
    OperationCase("attention-gate", [wide, map], forward: (8, 1), backward: (32, 18), products: true) {
      $0[0].gated(by: $0[1])
    },
    OperationCase("leaky-relu", [plain], forward: (1, 1), backward: (1, 1)) { $0[0].leakyRelu() },
    // As "norm", over the 60 voxels of a case.
    OperationCase("instance-norm", [wide], forward: (6, 3), backward: (10, 120)) { $0[0].instanceNormalized("n") },
    OperationCase("instance-norm-leaky-relu", [wide], forward: (7, 3), backward: (11, 120)) {
      $0[0].instanceNormalized("n").leakyRelu()
    },
    OperationCase("transposed-convolution-deep", [plain], forward: (7, 6), backward: (146, 145), products: true) {
      $0[0].upsampled(18, by: 2, to: Extent3(8, 10, 6), "c")
    },
    OperationCase("transposed-convolution-rows", [wide], forward: (20, 19), backward: (124, 120), products: true) {
      $0[0].upsampled(5, by: Extent3(1, 2, 1), to: Extent3(4, 10, 3), "c")
    },
    OperationCase("transposed-convolution-ends", [wide], forward: (20, 19), backward: (124, 120), products: true) {
      $0[0].upsampled(5, by: Extent3(2, 1, 2), to: Extent3(8, 5, 6), "c")
    },
  ]
}
