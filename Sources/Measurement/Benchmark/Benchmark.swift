import Compute
import Foundation
import Models
import Networks
import System

/// Measures a network's training step and inference, in turns with its twins when there are any.
package struct Benchmark {
  /// The network that is measured.
  package var model: ModelConfiguration
  /// Depth, height and width of a case; the paper's.
  package var extent = Extent3(18, 256, 128)
  /// Number of classes with the background; MRSpineSeg's.
  package var classes = 18
  /// Cases per training step; inference takes one.
  package var batch = 1
  /// How far convolutions may round.
  package var precision = Precision.float32
  /// Worker threads of the session.
  package var threads = 2
  /// Interleaved repetitions, after one of each that does not count.
  package var repetitions = 7
  /// Times of every layer instead of every kind of operation.
  package var byLayer = false
  /// Bytes of every kind of operation beside its time.
  package var countsTraffic = false

  /// The paper's case on two threads.
  package init(model: ModelConfiguration) { self.model = model }

  /// The paper's loss for SAFNet, cross-entropy for its baselines.
  package var loss: AnyLoss { model.kind == SAFNet.kind ? .pixelwise : .crossEntropy }

  /// - Parameter twins: running processes; they wait while others are measured.
  package func run(on engine: any Engine, against twins: [TwinProcess] = []) throws -> BenchmarkReport {
    let subject = try Subject(self, engine)
    try subject.repeatOnce()
    for twin in twins { try twin.repeatOnce() }
    subject.forget()
    for twin in twins { twin.forget() }
    let others = OtherPrograms(besides: twins)
    for _ in 0..<repetitions {
      // In training a step follows a step: the first one after another process' turn does not count.
      if !twins.isEmpty { try subject.step() }
      try subject.repeatOnce()
      for twin in twins { try twin.repeatOnce() }
    }
    let share = others.share
    for twin in twins { try twin.finish() }
    return report(subject, twins, engine, device: try device(subject, engine), othersShare: share)
  }

  /// What a device's memory holds; nil where there is no device.
  private func device(_ subject: Subject, _ engine: any Engine) throws -> BenchmarkReport.Device? {
    guard let memory = try engine.deviceMemory(of: request) else { return nil }
    return BenchmarkReport.Device(
      stepBytes: memory.training?.total, inferenceBytes: memory.inference?.total, peakBytes: subject.devicePeakBytes,
      limitBytes: memory.limit)
  }

  /// What is measured.
  package var request: SessionRequest {
    SessionRequest(
      model: model, extent: extent, classes: classes, trainingBatches: [batch], loss: loss, precision: precision,
      threads: threads)
  }

  private func report(
    _ subject: Subject, _ twins: [TwinProcess], _ engine: any Engine, device: BenchmarkReport.Device?,
    othersShare: Double?
  ) -> BenchmarkReport {
    let cost = engine.cost(of: request)
    let (step, inference) = (TimingSummary(subject.steps), TimingSummary(subject.inferences))
    let forward = 2e-9 * Double(cost.multiplyAdds)
    // Before copying is measured, which takes memory of its own.
    let peak = ProcessMemory.peak(ofProcess: "self")
    let traffic = countsTraffic ? subject.traffic(self, cost, engine) : nil
    return BenchmarkReport(
      model: model, extent: extent, batch: batch, precision: precision, threads: threads,
      instructionSet: engine.hardware,
      parameters: cost.parameters, multiplyAdds: cost.multiplyAdds,
      measuredPeakGigaflops: engine.peakMultiplyAddsPerSecond(threads: threads).map { 2e-9 * $0 }, step: step,
      inference: inference, stepGigaflops: 3 * forward * Double(batch) / step.median,
      inferenceGigaflops: forward / inference.median, plannedBytes: cost.trainingBytes,
      programBytes: subject.programBytes, stepPageFaults: subject.stepFaults,
      peakMemoryBytes: peak,
      operations: subject.operations(cost, byLayer: byLayer),
      twins: twins.map { $0.summary(step: step, inference: inference) }, traffic: traffic,
      device: device, othersShare: othersShare)
  }

  /// Our side: the session that is timed, and the seconds of every repetition.
  private final class Subject {
    /// Resident before the network took its memory.
    let programBytes: Int
    private let session: TimedSession
    private let batch: Int
    private var calls: [[CallTime]] = []
    private(set) var steps: [Double] = []
    private var faults: [Int] = []
    /// The median.
    var stepFaults: Int { faults.sorted()[faults.count / 2] }
    private(set) var inferences: [Double] = []
    var devicePeakBytes: Int? { session.devicePeakBytes }

    init(_ benchmark: Benchmark, _ engine: any Engine) throws {
      programBytes = ProcessMemory.now(ofProcess: "self")
      session = try TimedSession(benchmark.request, on: engine)
      batch = benchmark.batch
    }

    func forget() { (steps, inferences, calls, faults) = ([], [], [], []) }

    func repeatOnce() throws {
      let before = ProcessMemory.faults()
      steps.append(try session.step())
      faults.append(ProcessMemory.faults() - before)
      calls.append(session.calls)
      inferences.append(try session.inference())
    }

    /// One that does not count.
    func step() throws { _ = try session.step() }

    /// Nil where the engine does not tell.
    func traffic(_ benchmark: Benchmark, _ cost: SessionCost, _ engine: any Engine) -> StepTraffic? {
      let bytes = engine.traffic(of: benchmark.request, batch: batch)
      let peak = engine.peakMultiplyAddsPerSecond(threads: benchmark.threads)
      guard let bandwidth = engine.peakBytesPerSecond(threads: benchmark.threads), !bytes.isEmpty else { return nil }
      return StepTraffic(
        calls: calls, bytes: bytes, steps: steps, cost: cost, batch: batch, multiplyAddsPerSecond: peak,
        bandwidth: bandwidth, byLayer: benchmark.byLayer)
    }

    /// Calls grouped by phase and kind, and by layer if asked, the slowest group first.
    func operations(_ cost: SessionCost, byLayer: Bool) -> [BenchmarkReport.Operation] {
      CallGroup.all(calls, cost, batch: batch, byLayer: byLayer).map { group in
        BenchmarkReport.Operation(
          phase: group.phase.rawValue, kind: group.kind, layer: group.layer, calls: group.members.count,
          seconds: group.seconds,
          gigaflopsPerSecond: group.multiplyAdds == 0 ? nil : 2e-9 * Double(group.multiplyAdds) / group.seconds)
      }.sorted { ($1.seconds, $0.kind, $0.phase) < ($0.seconds, $1.kind, $1.phase) }
    }
  }
}
