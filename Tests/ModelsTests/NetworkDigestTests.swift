import CPU
import Compute
import Foundation
import Models
import Networks
import TestSupport
import Testing

/// The bits of one training step and one inference of every network: at two sizes (one odd), in every precision, on
/// every instruction set of this processor, with one thread and with two.
struct NetworkDigestTests {
  static let extents = [Extent3(3, 32, 16), Extent3(5, 38, 27)]

  @Test(arguments: smallModels) func stepAndInference(_ model: ModelConfiguration) throws {
    for extent in Self.extents {
      for precision in Precision.allCases {
        for instructionSet in InstructionSet.available {
          let digests = try [1, 2].map { try Self.digest(model, extent, precision, instructionSet, threads: $0) }
          #expect(digests[0] == digests[1], "\(extent), \(precision), \(instructionSet): bits depend on threads")
        }
      }
    }
  }

  /// Wide enough that convolutions read concatenations from their parts, on one thread and on three.
  @Test(arguments: wideModels) func stepAndInferenceOfJoinedParts(_ model: ModelConfiguration) throws {
    let extent = Extent3(4, 38, 27)
    let plan = CompiledPlan(
      model.graph(batch: 1, extent: extent, classes: 4), mode: .training, CPUBackend(workers: 1))
    #expect(plan.schedule.isJoined.contains(true) == (InstructionSet.best != .scalar))
    for precision in Precision.allCases {
      for instructionSet in InstructionSet.available where instructionSet != .scalar {
        let digests = try [1, 3].map { try Self.digest(model, extent, precision, instructionSet, threads: $0) }
        #expect(digests[0] == digests[1], "\(precision), \(instructionSet): bits depend on threads")
      }
    }
  }

  /// Of the step's loss and norm, all gradients, the state after it, and the class scores of the first case.
  static func digest(
    _ model: ModelConfiguration, _ extent: Extent3, _ precision: Precision, _ instructionSet: InstructionSet,
    threads: Int
  ) throws -> String {
    let small = SmallCase(extent: extent, batch: 2, classes: 4)
    let session = CPUSession(
      model: model, extent: extent, classes: 4, trainingBatches: [2], precision: precision,
      pool: WorkerPool(threads: threads), instructionSet: instructionSet)
    session.initialize(seed: 3)
    let record = try small.step(session)
    let state = session.exportState()
    let logits = session.logits(image: small.images)
    var digest = Digest()
    digest.append([record.loss, record.gradientNorm])
    let tensors =
      session.exportGradients() + state.parameters + state.statistics + state.firstMoments + state.secondMoments
    for tensor in tensors {
      DigestLog.record(tensor.values)
      digest.append(tensor.values)
    }
    DigestLog.record(logits)
    digest.append(logits)
    return digest.text
  }
}
