import Compute
import Networks

/// How a convolution is summed.
package enum ConvolutionAlgorithm: Hashable, Sendable {
  /// The definition, in double.
  case scalar
  /// Every tap in single precision.
  case direct
  /// The one tap of a 1x1x1 convolution: a product of matrices.
  case conv1x1
  /// Every tap, activations and weights rounded to bfloat16, sums in single precision.
  case bfloat16
  /// Windows transformed so that fewer products than taps are left.
  case winograd(WinogradScheme)

  /// Whether this processor has the kernels; all that do not round come with their instruction set.
  package var isSupported: Bool {
    switch self {
    case .bfloat16: DirectKernels.bfloat16 != nil
    case .winograd(let scheme): !scheme.rounds || WinogradKernels.bfloat16 != nil
    case .scalar, .direct, .conv1x1: true
    }
  }

  /// What sums the weight gradients of a convolution that this sums forward: rounded windows have none.
  var gradient: ConvolutionAlgorithm {
    if case .winograd(let scheme) = self, scheme.rounds { .bfloat16 } else { self }
  }

  /// As `safnet plan --explain` prints it.
  package var name: String {
    switch self {
    case .scalar: "scalar"
    case .direct: "direct"
    case .conv1x1: "1x1x1"
    case .bfloat16: "direct bfloat16"
    case .winograd(let scheme): scheme.name
    }
  }
}

/// Tiles of a Winograd convolution.
package struct WinogradScheme: Hashable, Sendable {
  /// Over H and W.
  package enum Tile: Hashable, Sendable, CaseIterable {
    /// F(2x2, 3x3): 16 products instead of 36; forward errors below direct's, weight gradients' two to three
    /// times.
    case small
    /// F(4x4, 3x3): 36 products instead of 144, errors several times direct's; not for `Precision.float32`.
    case large
    /// Stride 2: 25 products instead of 36, additions only; forward errors like direct's, weight gradients' two to
    /// three times.
    case strided
  }

  /// How large a block of the output is transformed back at a time, over H and W.
  package var tile: Tile
  /// Slices transformed together along depth: two take 4 products instead of 6 (F(2, 3)), three take 5 instead of 9
  /// (F(3, 3), errors up to twice those of two). With 1, depth taps are summed in the products.
  package var slices: Int
  /// The transformed operands are rounded to bfloat16; forward and backward input only.
  package var rounds: Bool

  /// - Precondition: one to three slices.
  package init(_ tile: Tile, slices: Int, rounds: Bool = false) {
    precondition(1...3 ~= slices, "no transform of \(slices) slices")
    (self.tile, self.slices, self.rounds) = (tile, slices, rounds)
  }

  /// As `safnet plan --explain` prints it: `winograd 2x4x4 bfloat16`.
  package var name: String {
    let plane =
      switch tile {
      case .small: "2x2"
      case .large: "4x4"
      case .strided: "2x2 stride 2"
      }
    return "winograd " + (slices == 1 ? "" : "\(slices)x") + plane + (rounds ? " bfloat16" : "")
  }

  /// 3x3 over H and W, whole depth, dilated over H and W at most (which makes as many interleaved images, each undilated);
  /// 3 deep to be transformed along it.
  package func serves(_ geometry: ConvolutionGeometry) -> Bool {
    let (kernel, stride) = (geometry.kernel, geometry.stride)
    let side = tile == .strided ? 2 : 1
    return kernel.height == 3 && kernel.width == 3 && stride == Extent3(1, side, side)
      && geometry.dilation.depth == 1 && geometry.dilation.height == geometry.dilation.width
      && (geometry.dilation == 1 || side == 1) && !geometry.inputIsPlanar && (slices == 1 || kernel.depth == 3)
  }
}

/// Which kernel serves which shape: this fixed table, never a timing, which would change the bits from run to run.
///
/// | 3x3 over H and W            | `float32` | `fast`    | `bfloat16` |
/// |-----------------------------|-----------|-----------|------------|
/// | stride 1                    | `small`   | `large`   | `large`    |
/// | stride 2                    | `strided` | `strided` | `strided`  |
/// | 1x1x1, stride 1             | `conv1x1` | `conv1x1` | `bfloat16` |
/// | any other, or small         | `direct`  | `direct`  | `bfloat16` |
///
/// Winograd tiles transform depth where that saves more than it costs, and are `large` only where sides are four voxels or
/// more. Three slices at a time where errors stay those of `direct`: stride 1 with small tiles, and weight gradients (their
/// errors are small beside those that reach dy); under `fast`, strided tiles too.
/// Under `bfloat16` strided tiles are rounded, and their weight gradients are `bfloat16`; what a training step keeps of a
/// convolution for the normalisation behind it is stored so too, by every kernel of that column.
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
    let tile = Self.tile(geometry, large: precision != .float32)
    if precision.rounds(on: instructionSet) && tile != .large && !geometry.inputIsPlanar {
      gather =
        tile == .strided ? Self.windows(geometry, .strided, slices: 2, deepFrom: 32 * 64, rounds: true) : .bfloat16
      gradient = .bfloat16
    } else if let tile {
      let takesThree = tile == .small || tile == .strided && precision != .float32
      gather = Self.windows(geometry, tile, slices: takesThree ? 3 : 2, deepFrom: 32 * 64)
      gradient = Self.windows(geometry, tile, slices: tile == .large ? 2 : 3, deepFrom: 32 * 32)
    } else {
      gather = Conv1x1.serves(geometry) ? .conv1x1 : .direct
      gradient = gather
    }
  }

  /// Nil where transforms and partial tiles would cost more than the products saved. Few channels are no such case: memory
  /// holds a multiple of 16.
  private static func tile(_ geometry: ConvolutionGeometry, large: Bool) -> WinogradScheme.Tile? {
    let tile: WinogradScheme.Tile =
      geometry.stride.height == 2 ? .strided : large && side(geometry) >= 4 ? .large : .small
    return side(geometry) >= leastSide(geometry, tile) && WinogradScheme(tile, slices: 1).serves(geometry)
      ? tile : nil
  }

  /// Partial tiles, and direct sums that skip the taps a wide dilation puts outside, decide.
  private static func leastSide(_ geometry: ConvolutionGeometry, _ tile: WinogradScheme.Tile) -> Int {
    if geometry.dilation != 1 { return 2 }
    return tile != .strided || min(geometry.input.channels, geometry.outChannels) >= 256 ? 4 : 6
  }

  /// Depth is transformed where the products saved outweigh the transforms.
  ///
  /// - Parameters:
  ///   - slices: at a time, at most; two where three leave more products, as for four slices.
  ///   - deepFrom: channels times output channels.
  private static func windows(
    _ geometry: ConvolutionGeometry, _ tile: WinogradScheme.Tile, slices: Int, deepFrom: Int, rounds: Bool = false
  ) -> ConvolutionAlgorithm {
    let depth = geometry.output.extent.depth
    let threePays = (depth + 2) / 3 * 5 < (depth + 1) / 2 * 4
    let deep = WinogradScheme(tile, slices: threePays ? slices : 2, rounds: rounds)
    let gains =
      depth >= 4 && geometry.input.channels * geometry.outChannels >= deepFrom
      && (tile != .large || side(geometry) >= 16)
    return .winograd(gains && deep.serves(geometry) ? deep : WinogradScheme(tile, slices: 1, rounds: rounds))
  }

  /// The shorter side of the output, or of its interleaved images.
  private static func side(_ geometry: ConvolutionGeometry) -> Int {
    min(geometry.output.extent.height, geometry.output.extent.width) / geometry.dilation.height
  }
}
