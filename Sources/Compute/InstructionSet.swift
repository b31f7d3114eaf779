import CKernels

/// A family of kernels. Results differ between families by rounding only, and never with the number of threads.
package enum InstructionSet: String, CaseIterable, Sendable, Codable {
  case avx512, avx2, scalar

  /// What this processor runs, fastest first; `scalar`, the definitions, is always among them.
  package static let available: [InstructionSet] = allCases.filter(\.isSupported)

  package static let best: InstructionSet = available[0]

  private var isSupported: Bool {
    switch self {
    case .avx512: processor_has_avx512() != 0
    case .avx2: processor_has_avx2() != 0
    case .scalar: true
    }
  }
}
