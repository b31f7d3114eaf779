import Foundation

extension RandomStream {
  /// Two independent normal numbers (Box & Muller 1958).
  package mutating func nextNormalPair() -> (Double, Double) {
    let radius = (-2 * log(1 - Double(nextUniform()))).squareRoot()
    let angle = 2 * .pi * Double(nextUniform())
    return (radius * cos(angle), radius * sin(angle))
  }
}
