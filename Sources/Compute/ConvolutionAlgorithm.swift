/// How a convolution is summed.
package enum ConvolutionAlgorithm: String, Sendable, CaseIterable {
  /// The definition, in double.
  case scalar
  /// Every tap in single precision.
  case direct
  /// Every tap, activations and weights rounded to bfloat16, sums in single precision.
  case bfloat16 = "direct bfloat16"
  /// F(2x2, 3x3): 16 products instead of 36; forward errors below direct's, weight gradients' up to twice.
  case winogradTile2 = "winograd 2x2"
  /// F(4x4, 3x3): 36 products instead of 144, errors several times direct's; `Precision.fast` only.
  case winogradTile4 = "winograd 4x4"
  /// Stride 2 over H and W: 25 products instead of 36, additions only; forward errors like direct's, weight gradients'
  /// up to three times.
  case winogradStrided = "winograd stride 2"

  /// Whether this processor has the kernels; all but `bfloat16` come with their instruction set.
  package var isSupported: Bool { self != .bfloat16 || ConvolutionKernels.bfloat16 != nil }
}

/// Which kernel serves which shape: this fixed table, never a timing, which would change the bits from run to run.
///
/// | 3x3 over H and W, undilated | `float32`           | `fast`              | `bfloat16`               |
/// |-----------------------------|---------------------|---------------------|--------------------------|
/// | stride 1                    | `winogradTile2`     | `winogradTile4`     | `winogradTile4`          |
/// | stride 2                    | `winogradStrided`   | `winogradStrided`   | `bfloat16`, weights `winogradStrided` |
/// | any other, or small         | `direct`            | `direct`            | `bfloat16`, weights `direct` |
///
/// The image's convolution is always `direct`, and everything is `scalar` where there are no vector kernels.
struct ConvolutionAlgorithms: Sendable {
  /// Forward and backward input.
  let gather: ConvolutionAlgorithm
  let gradient: ConvolutionAlgorithm

  init(serving geometry: ConvolutionGeometry, _ precision: Precision, _ instructionSet: InstructionSet) {
    if instructionSet == .scalar {
      (gather, gradient) = (.scalar, .scalar)
      return
    }
    let tile4 = precision != .float32
    gradient = Self.singlePrecision(geometry, tile4: tile4)
    let rounds = precision == .bfloat16 && instructionSet == .avx512 && ConvolutionKernels.bfloat16 != nil
    gather = rounds && gradient != .winogradTile4 && !geometry.inputIsPlanar ? .bfloat16 : gradient
  }

  private static func singlePrecision(_ geometry: ConvolutionGeometry, tile4: Bool) -> ConvolutionAlgorithm {
    guard isWinogradShape(geometry), isLargeEnough(geometry) else { return .direct }
    if geometry.stride.height == 2 { return .winogradStrided }
    return tile4 ? .winogradTile4 : .winogradTile2
  }

  /// What the transforms can express: 3x3 over H and W, undilated, whole depth.
  static func isWinogradShape(_ geometry: ConvolutionGeometry) -> Bool {
    let (kernel, stride) = (geometry.kernel, geometry.stride)
    return kernel.height == 3 && kernel.width == 3 && stride.depth == 1 && geometry.dilation == 1
      && stride.height == stride.width && (1...2).contains(stride.height) && !geometry.inputIsPlanar
  }

  /// Below this, transforms and partial tiles cost more than the products saved.
  private static func isLargeEnough(_ geometry: ConvolutionGeometry) -> Bool {
    let output = geometry.output.extent
    return geometry.input.channels >= 16 && geometry.outChannels >= 16 && min(output.height, output.width) >= 6
  }
}
