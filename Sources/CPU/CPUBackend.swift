import CKernels
import Compute
import Networks

/// The kernels of this processor, as one program uses them.
package struct CPUBackend: Backend, Hashable {
  package var precision: Precision
  /// The largest number of threads that scratch memory is laid out for.
  package var workers: Int
  package var instructionSet: InstructionSet

  package init(precision: Precision = .float32, workers: Int, instructionSet: InstructionSet = .best) {
    precondition(workers > 0, "kernels need workers, not \(workers)")
    precondition(InstructionSet.available.contains(instructionSet), "this processor has no \(instructionSet.rawValue)")
    (self.precision, self.workers, self.instructionSet) = (precision, workers, instructionSet)
  }

  package func kernel(for operation: any Operation, inputs: [Shape]) -> any Kernel {
    guard let operation = operation as? any CPUOperation else {
      preconditionFailure("the processor has no kernel for \(operation.kind)")
    }
    return operation.kernel(inputs, on: self)
  }

  package func headScratchBytes(logits: Shape, extent: Extent3, loss: AnyLoss?) -> Int {
    Head(logits: logits, extent: extent, loss: loss, self).scratchBytes
  }

  package var roundsConvolutions: Bool { precision.rounds(on: instructionSet) }

  package var kernels: cpu_kernels { instructionSet.kernels }
}

/// An operation that the processor has a kernel for. Each conforms beside its kernel.
package protocol CPUOperation: Operation {
  func kernel(_ inputs: [Shape], on cpu: CPUBackend) -> any Kernel
}

/// The caller's images are copied to their place before the first call.
extension ImageInput: CPUOperation {
  package func kernel(_ inputs: [Shape], on cpu: CPUBackend) -> any Kernel { ImageKernel() }
}

private struct ImageKernel: Kernel {
  func forward(_ call: ForwardCall) {}
  func backward(_ call: BackwardCall) {}
}
