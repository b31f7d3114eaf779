/// How a convolution is summed.
package enum ConvolutionAlgorithm: String, Sendable, CaseIterable {
  /// The definition, in double.
  case scalar
  /// Every tap in single precision.
  case direct
  /// F(2x2, 3x3): 16 products instead of 36; forward errors below direct's, weight gradients' up to twice.
  case winogradTile2 = "winograd 2x2"
  /// F(4x4, 3x3): 36 products instead of 144, errors several times direct's; `Precision.fast` only.
  case winogradTile4 = "winograd 4x4"
  /// Stride 2 over H and W: 25 products instead of 36, additions only; forward errors like direct's, weight
  /// gradients' up to three times.
  case winogradStrided = "winograd stride 2"

  /// Which kernel serves which shape: this fixed table, never a timing, which would change the bits from run to run.
  static func serving(
    _ geometry: ConvolutionGeometry, _ precision: Precision, _ instructionSet: InstructionSet
  ) -> ConvolutionAlgorithm {
    if instructionSet == .scalar { return .scalar }
    guard isWinogradShape(geometry), isLargeEnough(geometry) else { return .direct }
    if geometry.stride.height == 2 { return .winogradStrided }
    return precision == .fast ? .winogradTile4 : .winogradTile2
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
