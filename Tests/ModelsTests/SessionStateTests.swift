import CPU
import Compute
import Foundation
import Models
import Networks
import TestSupport
import Testing

/// What a session promises about its state, whatever the model.
struct SessionStateTests {
  static let extent = Extent3(3, 16, 8)

  static func session(batches: [Int] = [1, 2]) -> CPUSession {
    let session = CPUSession(
      model: smallModels[4], extent: extent, classes: 3, trainingBatches: batches, pool: WorkerPool(threads: 2))
    session.initialize(seed: 5)
    return session
  }

  @Test func aRestoredSessionContinuesBitForBit() throws {
    let (two, one) = (SmallCase(extent: Self.extent, batch: 2, classes: 3), SmallCase(extent: Self.extent, classes: 3))
    let original = Self.session()
    _ = try two.step(original)
    let state = original.exportState()
    let restored = Self.session()
    try restored.importState(state)
    #expect(restored.exportState() == state && state.step == 1)
    for small in [two, one, two] { #expect(try small.step(original) == small.step(restored)) }
    #expect(original.exportState() == restored.exportState())
  }

  /// By name, a variant begins with the weights of another where it has the same layers; by place it does not.
  @Test func weightsByNameAreSharedByVariants() throws {
    func weights(_ model: ModelConfiguration, _ rule: InitialWeights) -> [String: [Float]] {
      let session = CPUSession(
        model: model, extent: Self.extent, classes: 3, trainingBatches: [], initialWeights: rule,
        pool: WorkerPool(threads: 1))
      session.initialize(seed: 5)
      let drawn = session.exportState().parameters.filter { Set($0.values).count > 1 }
      return Dictionary(uniqueKeysWithValues: drawn.map { ($0.name, $0.values) })
    }
    let (base, full) = (weights(smallVariants[0], .byName), weights(smallVariants[4], .byName))
    #expect(base.count > 10 && base.allSatisfy { full[$0.key] == $0.value })
    #expect(Set(full.values).count == full.count, "no two parameters share their numbers")
    let places = weights(smallVariants[0], .byPlace)
    #expect(places.contains { weights(smallVariants[4], .byPlace)[$0.key] != $0.value })
    #expect(places.allSatisfy { base[$0.key] != $0.value })
  }

  @Test func aBadLossChangesNothing() throws {
    let small = SmallCase(extent: Self.extent, classes: 3)
    let session = Self.session()
    _ = try small.step(session)
    let before = session.exportState()
    var images = small.images
    images[7] = .nan
    #expect {
      try session.step(images: images, labels: small.labels, batch: 1, learningRate: 1e-3)
    } throws: {
      guard case TrainingError.lossNotFinite(let loss, let step)? = $0 as? TrainingError else { return false }
      return loss.isNaN && step == 2
    }
    #expect(session.exportState() == before)
  }

  @Test func errorsHaveTheirWords() {
    #expect(
      "\(TrainingError.lossNotFinite(loss: .nan, step: 3))" == "the loss of step 3 is nan; the parameters are unchanged"
    )
    #expect(
      "\(TrainingError.gradientNotFinite(norm: .infinity, step: 4))"
        == "the gradient of step 4 has norm inf; the parameters are unchanged")
    let errors: [SessionStateError] = [
      .missing(section: "parameters", name: "a"), .unexpected(section: "statistics", name: "b"),
      .shape(section: "first moments", name: "c", found: [2], expected: [3, 1]),
      .duplicate(section: "second moments", name: "d"), .negativeStep(-1),
    ]
    #expect(
      errors.map(\.description) == [
        "the parameters hold no a", "the statistics hold b, which the model does not have",
        "c in the first moments has shape [2], the model's is [3, 1]", "the second moments hold d twice",
        "the state claims -1 optimiser steps",
      ])
  }

  @Test func aForeignStateIsRefusedAsAWhole() throws {
    let session = Self.session()
    let state = session.exportState()
    func expect(_ error: SessionStateError, _ spoil: (inout SessionState) -> Void) {
      var spoilt = state
      for index in spoilt.parameters.indices { spoilt.parameters[index].values[0] += 1 }
      spoil(&spoilt)
      #expect(throws: error) { try session.importState(spoilt) }
      #expect(session.exportState() == state)
    }
    let name = state.parameters[0].name
    expect(.missing(section: "parameters", name: name)) { $0.parameters.removeFirst() }
    expect(.duplicate(section: "first moments", name: name)) { $0.firstMoments.append($0.firstMoments[0]) }
    expect(.unexpected(section: "second moments", name: "x")) {
      $0.secondMoments.append(NamedTensor(name: "x", shape: [1], values: [0]))
    }
    let mean = state.statistics[0]
    expect(.shape(section: "statistics", name: mean.name, found: [1], expected: mean.shape)) {
      $0.statistics[0] = NamedTensor(name: mean.name, shape: [1], values: [0])
    }
    expect(.negativeStep(-2)) { $0.step = -2 }
  }

  /// Along the gradient g the loss grows by |g| per unit: a check that shares nothing with the backward pass.
  @Test(arguments: smallModels) func theLossFollowsItsGradient(_ model: ModelConfiguration) throws {
    let small = SmallCase(extent: SessionTests.extent, classes: 4)
    let session = SessionTests.session(model)
    var state = session.exportState()
    for index in state.parameters.indices where state.parameters[index].name.hasSuffix("scale") {
      state.parameters[index].values = state.parameters[index].values.map { _ in 0.5 }
    }
    try session.importState(state)
    func loss(_ state: SessionState) throws -> Double {
      try session.importState(state)
      return try session.gradients(images: small.images, labels: small.labels, batch: 1).loss
    }
    let norm = try session.gradients(images: small.images, labels: small.labels, batch: 1).gradientNorm
    let gradients = session.exportGradients()
    let length = 1e-5
    let (ahead, behind) = (
      shifted(state, along: gradients, by: length / norm), shifted(state, along: gradients, by: -length / norm)
    )
    let slope = try (loss(ahead) - loss(behind)) / (2 * length)
    // What is left are curvature and roundings of the loss (1e-8 of 1e-5): a wrong factor shows at 50 % or more.
    #expect(abs(slope / norm - 1) < 0.05, "slope \(slope), norm \(norm)")
  }

  private func shifted(_ state: SessionState, along direction: [NamedTensor], by factor: Double) -> SessionState {
    var state = state
    for index in state.parameters.indices {
      for element in state.parameters[index].values.indices {
        state.parameters[index].values[element] += Float(factor * Double(direction[index].values[element]))
      }
    }
    return state
  }

  @Test func unusedParametersHaveZeroGradients() throws {
    let session = Self.session(batches: [1])
    _ = try SmallCase(extent: Self.extent, classes: 3).step(session)
    let unused = session.exportGradients().filter { session.unusedParameters.contains($0.name) }
    #expect(unused.count == 4 && unused.allSatisfy { $0.values.allSatisfy { $0 == 0 } })
  }

  /// In a process of its own: after the first steps, further ones touch no page that was not there before.
  @Test func stepsTakeNoMemory() async {
    await #expect(processExitsWith: .success) {
      let session = SessionStateTests.session(batches: [1])
      let small = SmallCase(extent: SessionStateTests.extent, classes: 3)
      for _ in 0..<5 { _ = try small.step(session) }
      let before = pageFaults()
      for _ in 0..<20 { _ = try small.step(session) }
      precondition(pageFaults() - before < 10, "\(pageFaults() - before) page faults in 20 steps")
    }
  }

  @Test func anUnplannedBatchTraps() async {
    await #expect(processExitsWith: .failure) {
      let small = SmallCase(extent: SessionStateTests.extent, batch: 3, classes: 3)
      _ = try small.step(SessionStateTests.session(batches: [1, 2]))
    }
  }

  @Test func aLabelBeyondTheClassesTraps() async {
    await #expect(processExitsWith: .failure) {
      _ = try SmallCase(extent: SessionStateTests.extent, classes: 4).step(SessionStateTests.session(batches: [1]))
    }
  }
}

/// Pages this process was given so far.
private func pageFaults() -> Int {
  var usage = rusage()
  getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
  return usage.ru_minflt
}
