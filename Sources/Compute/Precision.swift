/// How convolutions may round; the JSON value of `training.precision`. Storage is single precision, but for what
/// `bfloat16` says.
package enum Precision: String, Codable, Sendable, CaseIterable {
  /// Errors of the size of a direct sum's in single precision.
  case float32
  /// The larger Winograd tiles: errors up to about 6e-5 of the largest value.
  case fast
  /// As `fast`, and where that is faster, products of operands rounded to bfloat16: errors up to 2⁻⁷ of the sum of
  /// magnitudes, of transformed operands where the stride is 2 (root mean squares there are twice as large). In training the
  /// outputs of convolutions before batch normalisations, and their gradients, are stored as bfloat16, in half the memory.
  /// On processors without such products, the same as `fast`; on other devices their engine says what it rounds.
  case bfloat16
}
