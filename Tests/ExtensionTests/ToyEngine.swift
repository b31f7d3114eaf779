import Compute
import Networks

/// A second engine in one file: it classifies every voxel by its brightness alone, whatever network it is asked for.
struct ToyEngine: Engine {
  let name = "toy"
  let hardware = "arithmetic"

  func obstacle(to request: SessionRequest) -> String? {
    request.loss == .crossEntropy ? nil : "the toy engine knows crossEntropy only"
  }

  func cost(of request: SessionRequest) -> SessionCost {
    SessionCost(
      parameters: 2 * request.classes, multiplyAdds: request.classes * request.extent.count, trainingBytes: 1 << 20,
      inferenceBytes: 1 << 20, layers: [], unusedParameters: [])
  }

  func session(_ request: SessionRequest) -> any NetworkSession { ToySession(request) }
}

/// `score(k) = weight(k) · brightness + bias(k)`, trained by gradient descent on cross-entropy.
private final class ToySession: NetworkSession {
  let extent: Extent3
  let classes: Int
  private(set) var steps = 0
  let unusedParameters: [String] = []
  /// Weights, then biases.
  private var values: [Float]
  private var slopes: [Float]

  init(_ request: SessionRequest) {
    (extent, classes) = (request.extent, request.classes)
    values = Array(repeating: 0, count: 2 * classes)
    slopes = values
  }

  func initialize(seed: UInt64) {
    var stream = RandomStream(seed: seed, purpose: .initialWeights)
    values = values.map { _ in stream.nextUniform(in: -0.1...0.1) }
    steps = 0
  }

  private func probabilities(_ brightness: Float) -> [Float] {
    let scores = (0..<classes).map { values[$0] * brightness + values[classes + $0] }
    let powers = scores.map { 1 / (1 + (scores.max()! - $0) * (scores.max()! - $0)) }
    return powers.map { $0 / powers.reduce(0, +) }
  }

  func gradients(images: UnsafePointer<Float>, labels: UnsafePointer<UInt8>, batch: Int) -> StepRecord {
    let count = batch * extent.count
    var loss = 0.0
    slopes = slopes.map { _ in 0 }
    for voxel in 0..<count {
      let p = probabilities(images[voxel])
      loss -= Double(p[Int(labels[voxel])]) / Double(count)
      for k in 0..<classes {
        let slope = (p[k] - (k == Int(labels[voxel]) ? 1 : 0)) / Float(count)
        slopes[k] += slope * images[voxel]
        slopes[classes + k] += slope
      }
    }
    return StepRecord(loss: 1 + loss, gradientNorm: Double(slopes.reduce(0) { $0 + $1 * $1 }.squareRoot()))
  }

  func step(
    images: UnsafePointer<Float>, labels: UnsafePointer<UInt8>, batch: Int, learningRate: Float
  ) -> StepRecord {
    let record = gradients(images: images, labels: labels, batch: batch)
    for index in values.indices { values[index] -= learningRate * slopes[index] }
    steps += 1
    return record
  }

  func predict(image: UnsafePointer<Float>, into labels: UnsafeMutablePointer<UInt8>) {
    for voxel in 0..<extent.count {
      let p = probabilities(image[voxel])
      labels[voxel] = UInt8(p.firstIndex(of: p.max()!)!)
    }
  }

  func logits(image: UnsafePointer<Float>) -> [Float] {
    (0..<classes).flatMap { k in (0..<extent.count).map { values[k] * image[$0] + values[classes + k] } }
  }

  private func named(_ all: [Float]) -> [NamedTensor] {
    [
      NamedTensor(name: "weight", shape: [classes], values: Array(all[..<classes])),
      NamedTensor(name: "bias", shape: [classes], values: Array(all[classes...])),
    ]
  }

  func exportState() -> SessionState {
    let zeros = named(values.map { _ in 0 })
    return SessionState(
      parameters: named(values), statistics: [], firstMoments: zeros, secondMoments: zeros, step: steps)
  }

  func importState(_ state: SessionState) {
    values = state.parameters.flatMap(\.values)
    steps = state.step
  }

  func exportGradients() -> [NamedTensor] { named(slopes) }
}
