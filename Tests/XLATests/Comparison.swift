import Compute
import Networks
import TestSupport
import Testing

import XLA

/// What a session computed, tensor by tensor.
struct Computed {
  var tensors: [NamedTensor] = []

  /// - Parameter logits: whether a program for inference is compiled too.
  init(_ session: any NetworkSession, _ example: DeviceCase, logits: Bool) throws {
    if logits {
      let scores = try session.logits(image: example.images)
      tensors.append(NamedTensor(name: "logits", shape: [scores.count], values: scores))
    }
    let record = try example.step(session)
    tensors.append(
      NamedTensor(name: "loss and norm", shape: [2], values: [Float(record.loss), Float(record.gradientNorm)]))
    tensors += try session.exportGradients()
    tensors += try session.exportState().statistics
  }
}

/// The device's programs in double and in single precision, and the processor's engine, each of which computed the same.
///
/// A fault of a program's text is in both of the device's results and not in the processor's, which then is much further
/// from the one in double than rounding explains. Two bounds say how far that is:
///
/// - the processor's distance is at most `allowance` times that of the device in single precision: both are sums of the same
///   roundings in another order, but the processor's long sums are in double, so its are fewer;
/// - the device's is at most as many times the processor's as there are voxels in a batch: a sum of n numbers in single
///   precision errs by up to n units where the processor's errs by one.
///
/// In a few tensors large terms cancel out, which err more for their size, and an engine may be lucky in them. So a tensor is
/// never held to less than what a tenth of the other engine's tensors exceed, relative to their largest numbers (half, where
/// there are few); nor to less than two units.
struct Comparison {
  let exact: Computed
  let device: Computed
  let processor: Computed
  /// Of a batch.
  let voxels: Int

  /// How many times further from double than another engine one may be.
  static let allowance: Float = 8

  init(exact: Computed, device: Computed, processor: Computed, voxels: Int) {
    (self.exact, self.device, self.processor, self.voxels) = (exact, device, processor, voxels)
  }

  /// One case on all three.
  init(_ example: DeviceCase, logits: Bool = false) throws {
    self.init(
      exact: try Computed(example.onDevice(inDouble: true), example, logits: logits),
      device: try Computed(example.onDevice(), example, logits: logits),
      processor: try Computed(example.onProcessor(), example, logits: logits),
      voxels: example.batch * example.request.extent.count)
  }

  func check(_ words: String = "", sourceLocation: SourceLocation = #_sourceLocation) throws {
    for other in [device, processor] {
      try #require(exact.tensors.map(\.name) == other.tensors.map(\.name), sourceLocation: sourceLocation)
    }
    let largest = exact.tensors.map { $0.values.map(abs).max() ?? 0 }
    let (own, theirs) = (errors(device, largest), errors(processor, largest))
    for (index, tensor) in exact.tensors.enumerated() {
      let message: Comment =
        "\(words) \(tensor.name): device \(own.all[index]), processor \(theirs.all[index]) of \(largest[index])"
      #expect(
        theirs.all[index] <= Self.allowance * max(own.all[index], largest[index] * own.worst), message,
        sourceLocation: sourceLocation)
      #expect(
        own.all[index] <= Float(voxels) * max(theirs.all[index], largest[index] * theirs.worst), message,
        sourceLocation: sourceLocation)
    }
  }

  /// The largest error of every tensor; and relative to the tensors' largest numbers, what a tenth of them exceed, or half of few.
  private func errors(_ other: Computed, _ largest: [Float]) -> (all: [Float], worst: Float) {
    let all = zip(other.tensors, exact.tensors).map { tensor, truth in
      zip(tensor.values, truth.values).map { abs($0 - $1) }.max() ?? 0
    }
    let relative = zip(all, largest).filter { $1 > 0 }.map { $0 / $1 }.sorted()
    let place = relative.count < 40 ? relative.count / 2 : relative.count * 9 / 10
    return (all, max(relative[place], 0x1p-23))
  }
}
