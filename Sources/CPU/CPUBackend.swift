import CKernels
import Compute
import Networks

/// The kernels of this processor, as one program uses them.
package struct CPUBackend: Backend, Hashable {
  /// How far convolutions may round.
  package var precision: Precision
  /// The largest number of threads that scratch memory is laid out for.
  package var workers: Int
  /// The instruction set whose kernels run; decides the bits.
  package var instructionSet: InstructionSet

  /// - Precondition: at least one worker, and an instruction set that this processor has.
  package init(precision: Precision = .float32, workers: Int, instructionSet: InstructionSet = .best) {
    precondition(workers > 0, "kernels need workers, not \(workers)")
    precondition(InstructionSet.available.contains(instructionSet), "this processor has no \(instructionSet.rawValue)")
    (self.precision, self.workers, self.instructionSet) = (precision, workers, instructionSet)
  }

  /// The operation's kernel, bound to shapes, precision and instruction set; an operation without one traps.
  package func kernel(for operation: any Operation, inputs: [Shape]) -> any Kernel {
    guard let operation = operation as? any CPUOperation else {
      preconditionFailure("the processor has no kernel for \(operation.kind)")
    }
    return operation.kernel(inputs, on: self)
  }

  /// Bytes that the heads need for these shapes.
  package func headScratchBytes(supervised: [Shape], extent: Extent3, loss: AnyLoss?) -> Int {
    SupervisedHeads(supervised, extent: extent, loss: loss, self).scratchBytes
  }

  /// Only where precision is bfloat16 and the processor multiplies bfloat16 pairs.
  package var roundsConvolutions: Bool { precision.rounds(on: instructionSet) }

  /// The C target's table for this instruction set.
  package var kernels: cpu_kernels { instructionSet.kernels }
}

/// An operation that the processor has a kernel for. Each conforms beside its kernel.
package protocol CPUOperation: Operation {
  /// The operation's kernel for inputs of these shapes, bound to the backend's precision and instruction set.
  func kernel(_ inputs: [Shape], on cpu: CPUBackend) -> any Kernel
}

/// The caller's images are copied to their place before the first call.
extension ImageInput: CPUOperation {
  /// A kernel that does nothing, forward or backward.
  package func kernel(_ inputs: [Shape], on cpu: CPUBackend) -> any Kernel { ImageKernel() }
}

private struct ImageKernel: Kernel {
  func forward(_ call: ForwardCall) {}
  func backward(_ call: BackwardCall) {}
}
