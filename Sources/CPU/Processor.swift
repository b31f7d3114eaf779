import CKernels
import Compute

/// What this processor runs.
extension InstructionSet {
  /// Fastest first; `scalar`, the definitions, is always among them.
  package static let available: [InstructionSet] = allCases.filter(\.isSupported)

  /// The fastest instruction set that this build, this processor and this operating system have.
  package static let best: InstructionSet = available[0]

  private var isSupported: Bool {
    switch self {
    case .avx512: processor_has_avx512() != 0
    case .avx2: processor_has_avx2() != 0
    case .scalar: true
    }
  }
}

extension Precision {
  /// Whether there are kernels here that round to bfloat16, and this asks for them.
  package func rounds(on instructionSet: InstructionSet) -> Bool {
    self == .bfloat16 && instructionSet == .avx512 && DirectKernels.bfloat16 != nil
  }
}

extension WorkerPool {
  /// Threads that spare their neighbours on the processor while they wait.
  package convenience init(ofProcessor threads: Int) { self.init(threads: threads) { processor_pause() } }

  /// The same for whoever can say that there are not so many threads.
  package convenience init(startingOnProcessor threads: Int) throws(Shortage) {
    try self.init(starting: threads) { processor_pause() }
  }
}
