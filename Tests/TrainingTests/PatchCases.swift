import Compute
import Experiments
import Foundation
import Networks
import Training
import Volumes

/// The made-up cases as images of many heights, prepared to a spacing: nothing is cropped, and the network sees patches.
struct CasesOfManySizes: CaseSource {
  static let patch = Extent3(4, 16, 16)

  static func plan(change: (inout Plan) -> Void = { _ in }) -> Plan {
    Fixture.plan {
      $0.preprocessing = Preprocessing(spacing: [4, 1, 1.5], crop: .none)
      $0.training.patch = patch
      change(&$0)
    }
  }

  func load(_ name: String) throws -> PreparedCase {
    let one = try MadeUpCases().load(name)
    // 13 to 31 voxels high: one is lower than the patch.
    let height = name == "Case8" ? 13 : 21 + Int(name.dropFirst(4))!
    return one.part(from: Offset3(0, 0, 0), Extent3(4, height, 16))
  }

  func truth(_ name: String) throws -> TruthVolume {
    let labels = try load(name).labels
    let affine = Affine(rows: [SIMD4(4, 0, 0, 0), SIMD4(0, 0, -1.5, 0), SIMD4(0, -1, 0, 0)])
    let shape = [labels.extent.depth, labels.extent.height, labels.extent.width]
    return TruthVolume(name: name, labels: labels, geometry: Geometry(shape: shape, affine: affine))
  }
}

/// A network whose scores a test makes up; it cannot be trained.
final class MadeUpNetwork: NetworkSession {
  let extent: Extent3
  let classes: Int
  private let scores: (Grid3<Float>) -> [Float]
  private(set) var calls = 0

  /// - Parameter scores: `[K, D, H, W]` of a patch.
  init(_ extent: Extent3, classes: Int, _ scores: @escaping (Grid3<Float>) -> [Float]) {
    (self.extent, self.classes, self.scores) = (extent, classes, scores)
  }

  let steps = 0
  let unusedParameters: [String] = []

  func logits(image: UnsafePointer<Float>) throws -> [Float] {
    calls += 1
    return scores(Grid3(extent, values: Array(UnsafeBufferPointer(start: image, count: extent.count))))
  }

  func predict(image: UnsafePointer<Float>, into labels: UnsafeMutablePointer<UInt8>) throws {
    let scores = try logits(image: image)
    for voxel in 0..<extent.count {
      let best = (0..<classes).max { scores[$0 * extent.count + voxel] < scores[$1 * extent.count + voxel] }
      labels[voxel] = UInt8(best ?? 0)
    }
  }

  struct NotTrained: Error {}
  func initialize(seed: UInt64) throws { throw NotTrained() }
  func step(
    images: UnsafePointer<Float>, labels: UnsafePointer<UInt8>, batch: Int, learningRate: Float
  ) throws -> StepRecord { throw NotTrained() }
  func gradients(images: UnsafePointer<Float>, labels: UnsafePointer<UInt8>, batch: Int) throws -> StepRecord {
    throw NotTrained()
  }
  func exportState() throws -> SessionState { throw NotTrained() }
  func importState(_ state: SessionState) throws { throw NotTrained() }
  func exportGradients() throws -> [NamedTensor] { throw NotTrained() }
}
