import CPU
import Compute
import Networks
import TestSupport
import Testing

import XLA

/// Training in bfloat16 on a device beside training in single precision on the processor, and beside training there with kernels
/// that are moved anew in every step as rounding would move them (`RoundedComparison`).
@Suite(.needsDevicePlugin) struct RoundedStepsTests {
  private static let steps = 20
  private static let rate: Float = 3e-3

  private static func example() throws -> DeviceCase {
    let model = SmallNetworks.baselines[0]
    return try DeviceCase(model, SmallNetworks.extent(of: model), batch: 2)
  }

  private static func losses(_ example: DeviceCase, _ session: any NetworkSession) throws -> [Double] {
    try (0..<steps).map { _ in try example.step(session, rate: rate).loss }
  }

  /// A step is taken with moved kernels, and what it changes is put upon those of before.
  private static func movedLosses(_ example: DeviceCase, seed: UInt64) throws -> [Double] {
    let session = try example.onProcessor()
    return try (0..<steps).map { step in
      var masters = example
      masters.state = session.exportState()
      let moved = masters.moved(seed: seed + UInt64(step))
      try session.importState(moved.state)
      let loss = try moved.step(session, rate: rate).loss
      var after = session.exportState()
      for index in after.parameters.indices {
        let places = zip(masters.state.parameters[index].values, moved.state.parameters[index].values)
        after.parameters[index].values = zip(after.parameters[index].values, places).map { $0 - $1.1 + $1.0 }
      }
      try session.importState(after)
      return loss
    }
  }

  @Test func twentyStepsDescendAsInSinglePrecision() throws {
    var example = try Self.example()
    let exact = try Self.losses(example, example.onProcessor())
    let moved = try (0..<RoundedComparison.samples).map {
      try Self.movedLosses(example, seed: 1000 * UInt64($0 + 1))
    }
    example.request.precision = .bfloat16
    let device = try Self.losses(example, example.onDevice())
    let (first, last) = (exact[0], exact[Self.steps - 1])
    for step in 0..<Self.steps {
      let one = moved.map { Float($0[step] - exact[step]) }.rootMeanSquare
      let bound = Double(RoundedComparison.allowance * example.roundings * one)
      #expect(abs(device[step] - exact[step]) <= bound, "step \(step): \(device[step]), \(exact[step]) ± \(bound)")
      // Else the bound would show nothing.
      #expect(bound < (first - last) / 4, "step \(step): \(bound) of \(first - last)")
    }
    #expect(device != exact, "is anything rounded?")
  }

  /// The same bits on every run, and after a checkpoint in between, which the processor's engine takes too.
  @Test func theSameBits() throws {
    let example = try SessionTests.example { ($0.optimiser.average, $0.precision) = (0.9, .bfloat16) }
    let straight = try example.onDevice()
    let records = try (0..<4).map { _ in try example.step(straight) }
    let first = try example.onDevice()
    let before = try (0..<2).map { _ in try example.step(first) }
    let second = try example.onProcessor()
    try second.importState(first.exportState())
    let third = try example.onDevice()
    try third.importState(second.exportState())
    let after = try (0..<2).map { _ in try example.step(third) }
    #expect(records == before + after)
    #expect(try straight.exportState() == third.exportState())
    #expect(try straight.logits(image: example.images) == third.logits(image: example.images))
  }

  /// Parts of a batch are rounded each for itself, and their gradients summed in single precision: for this network, whose
  /// statistics are the batch's, only the loss of equal parts is the whole's.
  @Test func partsOfABatchTrain() throws {
    let example = try SessionTests.example(batch: 5) { ($0.parts, $0.precision) = (BatchParts(largest: 2), .bfloat16) }
    let (device, processor) = (try example.onDevice(), try example.onProcessor())
    for _ in 0..<3 {
      let (own, theirs) = (try example.step(device), try example.step(processor))
      #expect(abs(own.loss - theirs.loss) < 0x1p-7 * theirs.loss && own != theirs)
    }
  }
}
