import CPU
import Compute
import Experiments
import Networks
import Testing
import Training
import Workbench

/// The product works with a loss that it has never seen; its sessions as with those of two passes of its own.
@Suite struct ToyLossTests {
  private static func product() -> WholeProduct {
    var product = WholeProduct(training: #""epochs": 1, "loss": { "kind": "toy", "background": false }"#)
    product.losses = .withToy
    return product
  }

  @Test func itsRunsAreEstimatedTrainedAndReported() throws {
    let product = Self.product()
    #expect(try product.estimate().variants.map(\.variant.training.loss.name) == ["toy"])
    #expect(try product.sweep().finished.count == 2)
    let report = try product.report()
    #expect(report.status == nil)
    #expect(report.table(.folds)?.cell(row: "Toy", column: "Mean").map { $0.content != .missing } == true)
    let run = try #require(product.workspace.runDirectories().first)
    let loss = try #require(RunResult(of: run).epochs.first).trainingLoss
    #expect(loss > 0 && loss < 1, "1 - Jaccard, where the paper's loss would be near K log 2")
    #expect(try RunDescription(of: run, losses: .withToy).plan.training.loss == AnyLoss(ToyLoss(background: false)))
  }

  @Test func plansHoldItsFieldsAndReadBack() throws {
    let plan = try Self.product().opened().plan.runs[0].plan
    #expect(String(decoding: plan.canonicalJSON, as: UTF8.self).contains(#""loss":{"background":false,"kind":"toy"},"#))
    let read = try Plan(json: plan.canonicalJSON, file: "plan.json", losses: .withToy)
    #expect(read == plan && read.identity == plan.identity)
  }

  @Test func withoutItsRegistrationItIsAStranger() throws {
    var product = Self.product()
    let plan = try product.opened().plan.runs[0].plan
    product.losses = .standard
    let error = #expect(throws: SpecificationErrors.self) { try product.specification() }
    #expect(error?.description.contains("training.loss.kind: found \"toy\"") == true)
    #expect(throws: SpecificationErrors.self) { try Plan(json: plan.canonicalJSON, file: "plan.json") }
  }

  // MARK: Its sessions

  static let losses = [AnyLoss(ToyLoss()), AnyLoss(DiceLoss()), AnyLoss(DiceCrossEntropyLoss())]
  static let extent = Extent3(3, 7, 5)

  private func session(_ loss: AnyLoss, threads: Int = 2) throws -> any NetworkSession {
    let session = try CPUEngine().session(
      SessionRequest(
        model: ToyNetwork(), extent: Self.extent, classes: 3, trainingBatches: [2], loss: loss,
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
    let model = ToyNetwork()
    let session = CPUSession(
      model: model, extent: Self.extent, classes: 3, trainingBatches: [2], loss: Self.losses[0],
      pool: WorkerPool(threads: 2))
    let cost = CPUEngine().cost(
      of: SessionRequest(
        model: model, extent: Self.extent, classes: 3, trainingBatches: [2], loss: Self.losses[0], threads: 2))
    #expect(session.arenaBytes + session.parameterBytes == cost.trainingBytes)
  }
}
