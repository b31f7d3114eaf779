/// A family of kernels. Results differ between families by rounding only, and never with the number of threads.
///
/// Which of them this processor runs is for whoever has the kernels to say.
package enum InstructionSet: String, CaseIterable, Sendable, Codable {
  /// Vectors of 16 floats, and of 8; both with fused multiply-adds.
  case avx512, avx2
  /// The definitions.
  case scalar
}
