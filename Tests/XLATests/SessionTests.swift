import CPU
import Compute
import Networks
import TestSupport
import Testing

import XLA

/// Whole steps against the processor's engine: every rule, averages, parts of a batch, and what a checkpoint holds.
@Suite(.needsDevicePlugin) struct SessionTests {
  static let network = OperationNetwork("steps", [5]) {
    $0[0].convolved(6, "c").batchNormalized("n").relu()
  }

  static func example(
    batch: Int = 2, change: (inout SessionRequest) -> Void = { _ in }
  ) throws -> DeviceCase {
    try DeviceCase(network, Extent3(3, 5, 7), batch: batch, change: change)
  }

  static func optimiser(_ change: (inout Optimiser) -> Void) -> Optimiser {
    var optimiser = Optimiser()
    change(&optimiser)
    return optimiser
  }

  static let optimisers: [(String, Optimiser)] = [
    ("adam", Optimiser()),
    (
      "adamw",
      optimiser {
        $0.rule = .adamw; $0.adam.weightDecay = 0.05
      }
    ),
    ("nesterov", optimiser { $0.rule = .sgd }),
    (
      "sgd",
      optimiser {
        $0.rule = .sgd; $0.nesterov = false; $0.momentum = 0.9
      }
    ),
    ("clipped", optimiser { $0.clip = 0.05 }), ("average", optimiser { $0.average = 0.9 }),
  ]

  /// Everything of a state, one after another.
  private static func numbers(_ state: SessionState) -> [NamedTensor] {
    state.parameters + state.statistics + state.firstMoments + state.secondMoments + state.averagedParameters
      + state.averagedStatistics
  }

  /// Twenty steps of the device's program in double, of itself, and of the processor: each is at most `allowance`
  /// times as far from the first as the other. A step's roundings go into the next, so the least error grows with them.
  private static func compareSteps(_ example: DeviceCase, _ name: String, steps: Int = 20) throws {
    let sessions: [any NetworkSession] = [
      try example.onDevice(inDouble: true), try example.onDevice(), try example.onProcessor(),
    ]
    for session in sessions { for _ in 0..<steps { _ = try example.step(session, rate: 1e-3) } }
    let states = try sessions.map { try $0.exportState() }
    #expect(states.allSatisfy { $0.step == steps })
    let all = states.map(numbers)
    for (index, truth) in all[0].enumerated() {
      func error(_ other: Int) -> Float {
        zip(all[other][index].values, truth.values).map { abs($0 - $1) }.max() ?? 0
      }
      let largest = truth.values.map(abs).max() ?? 0
      let (own, theirs, least) = (error(1), error(2), largest * 0x1p-24 * Float(4 * steps))
      #expect(
        theirs <= Comparison.allowance * max(own, least) && own <= Comparison.allowance * max(theirs, least),
        "\(name) \(truth.name): device \(own), processor \(theirs) of \(largest)")
    }
  }

  @Test(arguments: optimisers.indices) func twentySteps(_ index: Int) throws {
    let (name, optimiser) = Self.optimisers[index]
    try Self.compareSteps(Self.example { $0.optimiser = optimiser }, name)
  }

  /// Five cases in parts of two, the last smaller.
  @Test(arguments: [1, 2]) func partsOfABatch(channels: Int) throws {
    let example = try Self.example(batch: 5) {
      $0.channels = channels
      $0.parts = BatchParts(largest: 2)
      $0.optimiser.clip = 0.05
    }
    try Self.compareSteps(example, "parts", steps: 5)
    let (device, processor) = (try example.onDevice(), try example.onProcessor())
    let own = try device.gradients(images: example.images, labels: example.labels, batch: 5)
    let theirs = try processor.gradients(images: example.images, labels: example.labels, batch: 5)
    #expect(abs(own.loss - theirs.loss) < 1e-6 && abs(own.gradientNorm - theirs.gradientNorm) < 1e-5)
    #expect(try device.exportState().statistics == example.state.statistics)
  }

  /// The same bits on every run, and after a checkpoint in between.
  @Test func theSameBits() throws {
    let example = try Self.example { $0.optimiser.average = 0.9 }
    let straight = try example.onDevice()
    let records = try (0..<6).map { _ in try example.step(straight) }
    let first = try example.onDevice()
    let before = try (0..<3).map { _ in try example.step(first) }
    let second = try example.onDevice()
    try second.importState(first.exportState())
    let after = try (0..<3).map { _ in try example.step(second) }
    #expect(records == before + after)
    #expect(try straight.exportState() == second.exportState())
    #expect(try straight.logits(image: example.images) == second.logits(image: example.images))
  }

  /// A checkpoint of either engine goes on under the other.
  @Test func statesAreInterchangeable() throws {
    let example = try Self.example { $0.optimiser.average = 0.9 }
    let (device, processor) = (try example.onDevice(), try example.onProcessor())
    _ = try example.step(device)
    try processor.importState(device.exportState())
    #expect(try processor.exportState() == device.exportState())
    _ = try example.step(processor)
    try device.importState(processor.exportState())
    #expect(try device.exportState() == processor.exportState() && device.steps == 2)
  }

  @Test func freshParametersAreTheProcessors() throws {
    let example = try Self.example()
    let (device, processor) = (try example.onDevice(), try example.onProcessor())
    _ = try example.step(device)
    try device.initialize(seed: 9)
    processor.initialize(seed: 9)
    #expect(try device.exportState() == processor.exportState())
  }

  /// A state of another network changes nothing.
  @Test func aStrangersStateIsRefused() throws {
    let example = try Self.example()
    let device = try example.onDevice()
    var state = example.state
    let name = state.parameters.removeLast().name
    #expect(throws: SessionStateError.missing(section: "parameters", name: name)) { try device.importState(state) }
    state = example.state
    state.step = -1
    #expect(throws: SessionStateError.negativeStep(-1)) { try device.importState(state) }
    #expect(try device.exportState() == example.state)
  }

  /// A step that is not finite changes nothing: not its tensors, not their moments, not their number.
  @Test(arguments: [0, 2]) func anInfiniteStepChangesNothing(_ part: Int) throws {
    let example = try Self.example(batch: 3) { $0.parts = BatchParts(largest: part) }
    let device = try example.onDevice()
    _ = try example.step(device)
    let before = try device.exportState()
    var images = example.images
    images[17] = .infinity
    #expect(throws: TrainingError.self) {
      try device.step(images: images, labels: example.labels, batch: 3, learningRate: 1e-3)
    }
    #expect(try device.exportState() == before && device.steps == 1)
    _ = try example.step(device)
    #expect(device.steps == 2)
  }

  /// The loss is finite, a gradient is not.
  @Test func anInfiniteGradientChangesNothing() throws {
    let deep = OperationNetwork("deep", [5]) { $0[0].convolved(6, kernel: 1, "a") }
    var example = try DeviceCase(deep, Extent3(3, 5, 7), batch: 1)
    // Activations and scores are 0; what comes back to the first layer is the product of the weights of two others.
    for index in example.state.parameters.indices {
      let name = example.state.parameters[index].name
      let value: Float = name == "a.weight" || name == "end.weight" ? 1e30 : 0
      example.state.parameters[index].values = example.state.parameters[index].values.enumerated().map {
        $0.offset % 2 == 0 ? value : 0
      }
    }
    let device = try example.onDevice()
    let before = try device.exportState()
    let error = #expect(throws: TrainingError.self) { _ = try example.step(device) }
    if let error, case .gradientNotFinite = error {} else { Issue.record("\(error as Any)") }
    #expect(try device.exportState() == before)
  }
}
