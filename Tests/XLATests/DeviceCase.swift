import CPU
import Compute
import Networks
import PJRT
import TestSupport
import Testing

import XLA

/// The plugin's first device, opened once: a plugin is never unloaded.
enum Device {
  static func client() throws -> Client { try Client(Plugin(path: try #require(devicePlugin)), device: 0) }
}

/// A network with weights, images and labels, for sessions of any engine.
struct DeviceCase {
  var request: SessionRequest
  let batch: Int
  var images: [Float]
  var labels: [UInt8]
  var state: SessionState

  init(
    _ model: some NetworkModel, _ extent: Extent3, batch: Int, classes: Int = 4, loss: AnyLoss = .crossEntropy,
    seed: UInt64 = 5, change: (inout SessionRequest) -> Void = { _ in }
  ) throws {
    var request = SessionRequest(
      model: model, extent: extent, classes: classes, trainingBatches: [batch], loss: loss, threads: 2)
    change(&request)
    (self.request, self.batch) = (request, batch)
    images = randomValues(batch * request.channels * extent.count, seed: seed)
    labels = randomValues(batch * extent.count, seed: seed + 1).map { UInt8(($0 + 1) / 2.001 * Float(classes)) }
    let session = CPUSession(request)
    session.initialize(seed: seed)
    state = session.exportState()
    perturb(seed: seed + 2)
  }

  /// Constants off their defaults, so that a wrong norm, scale or statistic shows.
  private mutating func perturb(seed: UInt64) {
    var stream = RandomStream(seed: seed, purpose: .test)
    for index in state.parameters.indices where Set(state.parameters[index].values).count == 1 {
      state.parameters[index].values = state.parameters[index].values.map {
        ($0 == 1 ? 1 : 0.3) + stream.nextUniform(in: -0.25...0.25)
      }
    }
    for index in state.statistics.indices where !state.statistics[index].shape.isEmpty {
      let isMean = state.statistics[index].name.hasSuffix("mean")
      state.statistics[index].values = state.statistics[index].values.map { _ in
        stream.nextUniform(in: isMean ? -0.1...0.1 : 0.5...1.5)
      }
    }
    if request.optimiser.averages {
      (state.averagedParameters, state.averagedStatistics) = (state.parameters, state.statistics)
    }
  }

  func onProcessor() throws -> CPUSession { try prepared(CPUSession(request)) }

  func onDevice(inDouble: Bool = false) throws -> XLASession {
    // Programs here are small and run a few times: most of the time goes into compiling them.
    let flags = XLASession.flags + ["xla_llvm_disable_expensive_passes"]
    return try prepared(XLASession(request, on: Device.client(), inDouble: inDouble, flags: flags))
  }

  private func prepared<Session: NetworkSession>(_ session: Session) throws -> Session {
    try session.importState(state)
    return session
  }

  func step(_ session: any NetworkSession, rate: Float = 1e-3) throws -> StepRecord {
    try session.step(images: images, labels: labels, batch: batch, learningRate: rate)
  }

  func predict(_ session: any NetworkSession) throws -> [UInt8] {
    var result = [UInt8](repeating: 99, count: request.extent.count)
    try session.predict(image: images, into: &result)
    return result
  }
}

extension CPUSession {
  /// As the processor's engine makes it.
  convenience init(_ request: SessionRequest) {
    self.init(
      model: request.model, extent: request.extent, channels: request.channels, classes: request.classes,
      trainingBatches: request.trainingBatches, loss: request.loss, classWeights: request.classWeights,
      optimiser: request.optimiser, parts: request.parts,
      pool: WorkerPool(threads: request.threads))
  }
}
