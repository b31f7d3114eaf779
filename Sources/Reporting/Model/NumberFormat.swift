import Text

/// How a number is written, the same in every locale.
package enum NumberFormat: Equatable, Sendable {
  case fixed(Int)
  /// With its sign, for differences.
  case signed(Int)
  /// Three decimals, or "< 0.001".
  case pValue

  /// With ASCII signs: `-0.25`, `+1.50`, `< 0.001`.
  package func text(_ value: Double) -> String {
    switch self {
    case .fixed(let decimals): return value.fixed(decimals)
    case .signed(let decimals):
      let text = value.fixed(decimals)
      return text.hasPrefix("-") || Double(text) == 0 ? text : "+" + text
    case .pValue: return value < 0.001 ? "< 0.001" : value.fixed(3)
    }
  }
}

/// "34", or "30-34" where they differ.
func range(of counts: [Int]) -> String {
  guard let least = counts.min(), let most = counts.max() else { return "0" }
  return least == most ? "\(least)" : "\(least) to \(most)"
}
