import Compute

/// Deep supervision (Lee et al. 2015) as nnU-Net has it: the loss of every supervised resolution, from fine to coarse,
///
///     L = Σ_k w_k L_k,  w_k = 2⁻ᵏ / Σ_j 2⁻ʲ
///
/// each against the labels at its own extent, of which a voxel takes the one nearest to its centre (`nearest-exact` of
/// `torch.nn.functional.interpolate`).
package enum DeepSupervision {
  /// w of so many resolutions; 1 where there is one alone.
  package static func weights(_ count: Int) -> [Double] {
    let halves = (0..<count).map { 1 / Double(1 << $0) }
    let sum = halves.reduce(0, +)
    return halves.map { $0 / sum }
  }

  /// Of every place along an axis that is resized, the place that it takes its label from: `⌊(i + ½) · source / target⌋`.
  package static func sources(from source: Int, to target: Int) -> [Int] {
    (0..<target).map { (2 * $0 + 1) * source / (2 * target) }
  }
}
