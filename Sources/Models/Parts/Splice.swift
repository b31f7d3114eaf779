import Networks

/// How the high features reach the result beside low and mid: readings of the paper's Eq. 6-8, whose text does not say
/// which it means. `gate` is `SelfAttention(sigmoid(mean(high)))`, one number for each channel of a case.
///
/// The maps below are concatenated at low's size, in this order. High is resized where it is concatenated itself.
package enum Splice: String, CaseIterable, Sendable {
  /// `gate · low · mid, low, mid`: the equations as they stand. Of the high features only the gate is kept.
  case gatedProduct
  /// `high, low, mid`: no gate, as in the variants of Table 2.
  case plain
  /// `gate · low · mid, high, low, mid`: the equations, and the high features beside them.
  case gatedProductWithHigh
  /// `gate · high, low, mid`: the gate weighs the features that it was made from.
  case gatedHigh
  /// `high + gate · high, low, mid`: the same with a residual.
  case gatedHighResidual
  /// `gate · low, gate · mid, low, mid`: low and mid "respectively".
  case gatedEach

  /// Whether the gate's parameters exist.
  var hasGate: Bool { self != .plain }

  /// What is concatenated.
  ///
  /// - Parameters:
  ///   - low, mid: of one size.
  ///   - high: smaller in the plane.
  ///   - gate: makes the gate, `[N, 1, 1, 1, C]`; not called by `plain`.
  func maps(low: Node, mid: Node, high: Node, gate: () -> Node) -> [Node] {
    let size = low.shape.extent
    switch self {
    case .gatedProduct: return [gate() * low * mid, low, mid]
    case .plain: return [high.resized(to: size), low, mid]
    case .gatedProductWithHigh: return [gate() * low * mid, high.resized(to: size), low, mid]
    case .gatedHigh: return [(gate() * high).resized(to: size), low, mid]
    case .gatedHighResidual: return [(high + gate() * high).resized(to: size), low, mid]
    case .gatedEach:
      let gate = gate()
      return [gate * low, gate * mid, low, mid]
    }
  }
}
