import Compute

/// Sums of pairs of inputs, their channels one after the other: additions that a concatenation alone reads, written where it
/// would copy them.
///
/// - Inputs: `a₀, b₀, a₁, b₁, ...`, each pair of one shape, channels multiples of 16
package struct ConcatenatedSums: Operation {
  /// As tables of cost and time name it.
  package var kind: String { "concat sums" }

  /// The inputs' extent with the sum of the pairs' channels.
  package func outputShape(of inputs: [Shape]) -> Shape {
    let pairs = stride(from: 0, to: inputs.count, by: 2).map { (inputs[$0], inputs[$0 + 1]) }
    precondition(
      pairs.allSatisfy { $0 == $1 && $0.channels == $0.paddedChannels }, "cannot add and concatenate \(inputs)")
    return Concatenation().outputShape(of: pairs.map(\.0))
  }
}
