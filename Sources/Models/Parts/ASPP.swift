import Compute
import Networks

/// Atrous spatial pyramid pooling (Fig. 4; Chen 2017): the same features at several dilations and pooled over the whole
/// volume, concatenated and projected back.
///
/// Rates apply to all three axes. The pooled branch has a bias and ReLU but no norm: one value per channel cannot be
/// batch-normalised at batch 1.
///
/// - Input:  `[N, D, H, W, C]`
/// - Output: `[N, D, H, W, channels]`
package struct ASPP: Layer {
  /// The dilation of every 3x3x3 branch, along D, H and W alike.
  package var rates: [Int]
  /// Nil: as many as the input has.
  package var channels: Int?

  /// One 1x1x1 branch, one for each rate, and the pooled one; each of `channels`.
  package init(rates: [Int], channels: Int? = nil) { (self.rates, self.channels) = (rates, channels) }

  /// Adds the branches under `name.point`, `name.dilated.0` ..., `name.pooled`, and their projection under
  /// `name.project`.
  package func callAsFunction(_ x: Node, _ name: Name) -> Node {
    let channels = channels ?? x.shape.channels
    var branches = [ConvNormReLU(channels, kernel: 1)(x, name / "point")]
    for (index, rate) in rates.enumerated() {
      branches.append(ConvNormReLU(channels, dilation: Extent3(rate, rate, rate))(x, name / "dilated" / index))
    }
    let pooled = x.globalMean().convolved(channels, kernel: 1, bias: true, name / "pooled").relu()
    branches.append(pooled.broadcast(to: x.shape.extent))
    return ConvNormReLU(channels, kernel: 1)(.concatenated(branches), name / "project")
  }
}
