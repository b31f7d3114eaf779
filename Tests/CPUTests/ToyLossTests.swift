import CPU
import Compute
import Networks
import TestSupport
import Testing

/// A loss in one file, without a kernel of its own: soft Jaccard over the batch.
struct ToyLoss: Loss {
  var background = true

  static let name = "toy"
  static let summary = "1 - soft Jaccard over the batch"
  static var fields: [LossField<ToyLoss>] {
    [.flag("background", \.background, meaning: "Whether the background counts as a class")]
  }

  var passes: LossPasses {
    .overlaps { [self] cases in
      let classes = (background ? 0 : 1)..<cases[0].common.count
      let none = [Double](repeating: 0, count: cases[0].common.count)
      var result = OverlapLoss(
        value: 1, derivatives: cases.map { _ in .init(common: none, predicted: none, crossEntropy: 0) })
      for c in classes {
        let common = cases.reduce(0) { $0 + $1.common[c] }
        let union = cases.reduce(1e-5) { $0 + $1.predicted[c] + $1.labelled[c] } - common
        result.value -= common / union / Double(classes.count)
        for index in cases.indices {
          result.derivatives[index].common[c] = -(union + common) / (union * union) / Double(classes.count)
          result.derivatives[index].predicted[c] = common / (union * union) / Double(classes.count)
        }
      }
      return result
    }
  }
}

/// Training works with a loss that it has never seen, and with those of two passes of its own.
struct ToyLossTests {
  static let losses = [AnyLoss(ToyLoss()), AnyLoss(DiceLoss()), AnyLoss(DiceCrossEntropyLoss())]
  static let extent = Extent3(3, 7, 5)

  private func session(_ loss: AnyLoss, threads: Int = 2) throws -> any NetworkSession {
    let session = try CPUEngine().session(
      SessionRequest(
        model: MemoryPlanTests.Branching(), extent: Self.extent, classes: 3, trainingBatches: [2], loss: loss,
        threads: threads))
    try session.initialize(seed: 5)
    return session
  }

  /// Brightness tells the class.
  private static let labels = (0..<2 * extent.count).map { UInt8($0 / 5 % 3) }
  private static let images = labels.map { Float($0) - 1 }

  private func train(_ session: any NetworkSession, steps: Int) throws -> [Double] {
    try (0..<steps).map { _ in
      try session.step(images: Self.images, labels: Self.labels, batch: 2, learningRate: 1e-2).loss
    }
  }

  @Test(arguments: losses) func theLossFalls(_ loss: AnyLoss) throws {
    let values = try train(try session(loss), steps: 60)
    #expect(values[59] < values[0] / 3, "\(loss.name): \(values[0]) to \(values[59])")
  }

  @Test(arguments: losses) func bitsDoNotDependOnThreads(_ loss: AnyLoss) throws {
    let sessions = try [1, 3].map { try session(loss, threads: $0) }
    let values = try sessions.map { try train($0, steps: 3) }
    #expect(values[0] == values[1])
    #expect(try sessions[0].exportState() == sessions[1].exportState())
  }

  @Test func thePlanKnowsItsScratch() throws {
    let model = MemoryPlanTests.Branching()
    let session = CPUSession(
      model: model, extent: Self.extent, classes: 3, trainingBatches: [2], loss: Self.losses[0],
      pool: WorkerPool(threads: 2))
    let cost = CPUEngine().cost(
      of: SessionRequest(
        model: model, extent: Self.extent, classes: 3, trainingBatches: [2], loss: Self.losses[0], threads: 2))
    #expect(session.arenaBytes + session.parameterBytes == cost.trainingBytes)
  }
}
