import Compute
import Experiments
import Foundation
import Models
import Networks
import Store
import TestSupport
import Training

/// The bits that `NumericsVersion.current` stands for, as `Golden/numerics.json` keeps them.
struct NumericsPins: Codable, Equatable {
  var numericsVersion: NumericsVersion
  /// By instruction set, then by network and precision: the digest of one training step.
  var steps: [String: [String: String]] = [:]
  /// By instruction set, then by network and precision: how many layers each kernel serves at the paper's size.
  var kernels: [String: [String: [String: Int]]] = [:]
  /// By instruction set: the digest of a whole run of two epochs, with augmentation and its last, smaller batch.
  var runs: [String: String] = [:]

  static let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("Golden/numerics.json")

  static func stored() throws -> NumericsPins {
    try JSONDecoder().decode(NumericsPins.self, from: Data(contentsOf: file))
  }

  func store() throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try (encoder.encode(self) + Data("\n".utf8)).write(to: Self.file)
  }

  /// What this processor computes now.
  static func measured() throws -> NumericsPins {
    var pins = NumericsPins(numericsVersion: .current)
    for instructionSet in InstructionSet.available {
      for (name, model) in try networks() {
        for precision in Precision.allCases {
          pins.steps[key(instructionSet), default: [:]]["\(name) \(precision)"] = try step(
            model, precision, instructionSet)
        }
      }
    }
    let best = key(.best)
    for network in Models.networks {
      for precision in Precision.allCases {
        pins.kernels[best, default: [:]]["\(network.kind) \(precision)"] = kernels(
          ModelConfiguration(network.init()), precision)
      }
    }
    pins.runs[best] = try run()
    return pins
  }

  /// A processor without products of bfloat16 computes other bits on the same instruction set.
  private static func key(_ instructionSet: InstructionSet) -> String {
    Precision.bfloat16.rounds(on: instructionSet) ? "\(instructionSet) with bfloat16" : "\(instructionSet)"
  }

  /// A small network of each kind, by name.
  private static func networks() throws -> [(String, ModelConfiguration)] {
    let data = try Data(contentsOf: file.deletingLastPathComponent().appendingPathComponent("networks.json"))
    return try JSONDecoder().decode([String: ModelConfiguration].self, from: data).sorted { $0.key < $1.key }
  }

  /// Loss, norm of the gradients, and the state after one step of two cases of 5x38x27 voxels.
  private static func step(
    _ model: ModelConfiguration, _ precision: Precision, _ instructionSet: InstructionSet
  ) throws -> String {
    let extent = Extent3(5, 38, 27)
    let session = NetworkSession(
      model: model, extent: extent, classes: 4, trainingBatches: [2], precision: precision,
      pool: WorkerPool(threads: 2), instructionSet: instructionSet)
    session.initialize(seed: 3)
    var stream = RandomStream(seed: 7, purpose: .test)
    let labels = (0..<2 * extent.count).map { UInt8($0 / 27 % 38 / 10) }
    let images = labels.map { Float($0) / 4 + stream.nextUniform(in: -0.1...0.1) }
    let record = try session.step(images: images, labels: labels, batch: 2, learningRate: 1e-3)
    var digest = Digest()
    digest.append([record.loss, record.gradientNorm])
    for (_, tensors) in session.exportState().sections.sorted(by: { $0.key < $1.key }) {
      for tensor in tensors { digest.append(tensor.values) }
    }
    return digest.text
  }

  private static func kernels(_ model: ModelConfiguration, _ precision: Precision) -> [String: Int] {
    let cost = NetworkSession.cost(
      model, extent: Extent3(18, 256, 128), classes: 18, trainingBatch: 2, precision: precision)
    return cost.layers.compactMap(\.kernel).reduce(into: [:]) { $0[$1, default: 0] += 1 }
  }

  private static func run() throws -> String {
    let fixture = try Fixture()
    let run = try fixture.undisturbed(
      Fixture.plan(epochs: 2) { ($0.training.loss, $0.training.monitor) = (.crossEntropy, .voxelAccuracy) })
    var digest = Digest()
    for (_, tensors) in try RunResult(of: run).networks.sorted(by: { $0.key < $1.key }) {
      for tensor in tensors { digest.append(tensor.values) }
    }
    return digest.text
  }
}
