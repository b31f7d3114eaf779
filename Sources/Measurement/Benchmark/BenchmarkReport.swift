import Compute
import Foundation
import Models
import Networks
import Text

/// What `safnet benchmark` measured.
package struct BenchmarkReport: Codable, Sendable {
  /// All calls of one kind, or of one layer, in one phase of a training step.
  package struct Operation: Codable, Sendable, Equatable {
    /// `forward`, `recompute`, `head` or `backward`.
    package let phase: String
    /// The operation's kind, as tables name it.
    package let kind: String
    /// The layer's path; nil where calls are added up by kind.
    package let layer: String?
    /// How many calls of a step are added up.
    package let calls: Int
    /// Median over repetitions of the sum over calls.
    package let seconds: Double
    /// Nominal, two per multiply-add; nil where there are none to speak of.
    package let gigaflopsPerSecond: Double?
  }

  /// Memory of a device; nil where it does not tell.
  package struct Device: Codable, Sendable, Equatable {
    /// Bytes that training takes, as its programs were compiled.
    package let stepBytes: Int?
    /// Bytes that inference takes, likewise.
    package let inferenceBytes: Int?
    /// Bytes that its allocator has handed out at most.
    package let peakBytes: Int?
    /// Bytes that it may hand out.
    package let limitBytes: Int?
  }

  /// Another implementation of the same network, measured in turns with ours.
  package struct Twin: Codable, Sendable {
    /// Which of the twin's settings ran.
    package let name: String
    /// Seconds of its training step.
    package let step: TimingSummary
    /// Seconds of its inference.
    package let inference: TimingSummary
    /// The largest resident memory that its process had.
    package let peakMemoryBytes: Int
    /// The most that it has taken of a device's memory; nil without a device of its own.
    package let devicePeakBytes: Int?
    /// Its median over ours: above 1, ours is faster.
    package let stepRatio: Double
    /// Its median time of inference over ours.
    package let inferenceRatio: Double
  }

  /// The network that was measured.
  package let model: ModelConfiguration
  /// Depth, height and width of the case.
  package let extent: Extent3
  /// Cases per training step.
  package let batch: Int
  /// How far convolutions could round.
  package let precision: Precision
  /// Worker threads.
  package let threads: Int
  /// The engine's `hardware`.
  package let instructionSet: String
  /// How many numbers are trained.
  package let parameters: Int
  /// Nominal products of one case's forward pass.
  package let multiplyAdds: Int
  /// Nil where the engine does not tell.
  package let measuredPeakGigaflops: Double?
  /// Seconds of a training step.
  package let step: TimingSummary
  /// Seconds of the inference of one case.
  package let inference: TimingSummary
  /// Nominal operations of a step, two for each multiply-add, in billions per second.
  package let stepGigaflops: Double
  /// Nominal operations of an inference, two for each multiply-add, in billions per second.
  package let inferenceGigaflops: Double
  /// Parameters, their gradients and moments, and the arena of the larger program.
  package let plannedBytes: Int
  /// What the process held before.
  package let programBytes: Int
  /// Pages of fresh memory that a step touched.
  package let stepPageFaults: Int
  /// The largest resident memory that this process had.
  package let peakMemoryBytes: Int
  /// What calls took, slowest first.
  package let operations: [Operation]
  /// The same network in PyTorch, for each of its settings.
  package let twins: [Twin]
  /// Bytes beside times, where they were asked for.
  package let traffic: StepTraffic?
  /// Where the engine has a device of its own.
  package let device: Device?
  /// What programs that were not measured took of the processors meanwhile, of 1; nil where the system does not tell.
  package let othersShare: Double?
}

extension BenchmarkReport {
  /// The report in words, for a terminal.
  package var text: String {
    let header = [
      "\(model.kind), \(extent), batch \(batch), \(precision.rawValue), \(Quantity.of(threads, "thread")), "
        + instructionSet,
      "parameters \(parameters), \((Double(multiplyAdds) * 1e-9).fixed(1)) G multiply-adds per case forward",
      "step       \(line(step)), \(share(stepGigaflops))",
      "inference  \(line(inference)), \(share(inferenceGigaflops))",
      "memory     planned \(plannedBytes >> 20) MB beside the program's \(programBytes >> 20) MB, peak of the process "
        + "\(peakMemoryBytes >> 20) MB, \(stepPageFaults) page faults a step",
    ]
    let bytes = traffic.map { [""] + $0.lines } ?? []
    return (header + deviceLines + twins.flatMap(lines) + busyLines + [""] + operations.map(line) + bytes)
      .joined(separator: "\n")
  }

  /// Less than this changes a median by less than repetitions differ.
  private static let busyShare = 0.05

  private var busyLines: [String] {
    guard let othersShare, othersShare >= Self.busyShare else { return [] }
    return [
      "busy       other programs took \((100 * othersShare).fixed(0)) % of the processors while this was measured; the figures are"
        + " of a busy machine"
    ]
  }

  private var deviceLines: [String] {
    guard let device else { return [] }
    func megabytes(_ bytes: Int?) -> String { bytes.map { "\($0 >> 20) MB" } ?? "not told" }
    return [
      "device     compiled for \(megabytes(device.stepBytes)) to train, \(megabytes(device.inferenceBytes)) to predict; "
        + "peak \(megabytes(device.peakBytes)), of \(megabytes(device.limitBytes))"
    ]
  }

  private func line(_ timing: TimingSummary) -> String {
    "\(timing.median.fixed(3)) s median (quartiles \(timing.lowerQuartile.fixed(3)) to "
      + "\(timing.upperQuartile.fixed(3)), fastest \(timing.minimum.fixed(3)), n = \(timing.samples))"
  }

  private func share(_ gigaflops: Double) -> String {
    let rate = "\(gigaflops.fixed(0)) GFLOP/s"
    guard let peak = measuredPeakGigaflops else { return rate }
    return rate + ", \((100 * gigaflops / peak).fixed(0)) % of the measured peak \(peak.fixed(0))"
  }

  private func lines(_ twin: Twin) -> [String] {
    [
      "\(twin.name): step \(line(twin.step)), \(twin.stepRatio.fixed(2)) times ours",
      "\(twin.name): inference \(line(twin.inference)), \(twin.inferenceRatio.fixed(2)) times ours",
      "\(twin.name): peak of the process \(twin.peakMemoryBytes >> 20) MB"
        + (twin.devicePeakBytes.map { ", on the device \($0 >> 20) MB" } ?? ""),
    ]
  }

  private func line(_ operation: Operation) -> String {
    let rate = operation.gigaflopsPerSecond.map { "  \($0.fixed(0)) GFLOP/s" } ?? ""
    let time = (operation.seconds * 1e3).fixed(1)
    let layer = operation.layer.map { " \($0)" } ?? ""
    return String(repeating: " ", count: max(0, 9 - time.count)) + time
      + " ms  \(operation.phase) \(operation.kind)\(layer) x \(operation.calls)\(rate)"
  }
}
