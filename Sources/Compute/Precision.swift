/// How convolutions may round; the JSON value of `training.precision`.
package enum Precision: String, Codable, Sendable, CaseIterable {
  /// Single precision throughout, errors of the size of a direct sum's.
  case float32
  /// Single precision with the larger Winograd tiles: errors up to about 6e-5 of the largest value.
  case fast
  /// Activations and weights rounded to bfloat16, sums in single precision.
  case bfloat16

  /// What the kernels offer; a specification that asks for another is refused.
  package static let supported: [Precision] = [.float32, .fast]
}
