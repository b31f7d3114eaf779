import Compute
import Networks

/// Multiscale fusion: one branch per rate, each reducing to a share of the channels and adding an undilated and an
/// in-plane dilated block; concatenated.
///
/// - Input:  `[N, D, H, W, C]`
/// - Output: `[N, D, H, W, C]`, C a multiple of the number of rates
package struct MultiscaleFusion: Layer {
  /// The in-plane dilation of each branch's far block.
  package var rates: [Int]

  /// As many branches as rates, each with an equal share of the channels.
  package init(rates: [Int]) { self.rates = rates }

  /// For the rates i = 0, 1, ... adds `name.reduce.i`, and the sum of `name.near.i` and `name.far.i`; concatenates them
  /// in that order.
  package func callAsFunction(_ x: Node, _ name: Name) -> Node {
    let share = x.shape.channels / rates.count
    let branches = rates.enumerated().map { index, rate in
      let reduced = ConvNormReLU(share, kernel: 1)(x, name / "reduce" / index)
      let near = ConvNormReLU(share)(reduced, name / "near" / index)
      let far = ConvNormReLU(share, dilation: Extent3(1, rate, rate))(reduced, name / "far" / index)
      return near + far
    }
    return .concatenated(branches)
  }
}
