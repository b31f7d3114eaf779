import Compute
import Foundation
import Volumes

/// Made-up facts of a lumbar dataset: five levels, one below the other, a little elsewhere in each case.
struct SpineFacts {
  var names = ["L1", "L2", "L3", "L4", "L5"]
  var facts: [CaseFacts]
  /// By case.
  var patients: [String: String] = [:]
  var channels: [String] = []
  var preprocessing = Preprocessing(size: Extent3(20, 220, 200), crop: .none)

  init(_ count: Int = 10) {
    facts = (1...count).map { number in
      // Unequal sizes, the least 0.8 and the largest 1.2 of the usual.
      let size = 0.8 + 0.4 * Double(number - 1) / Double(count - 1)
      let shift = 0.01 * Double(number % 4)
      let counts: [Int] = (0..<5).map { Int(size * Double(4000 + 300 * $0)) }
      var one = CaseFacts(
        name: "c\(number)", present: [true, true, true, true, true], spacing: [4, 1, 1], imageDigest: "\(number)",
        source: "", extent: Extent3(20, 220, 200), structures: counts.map(Self.voxels), lowest: 0, highest: 255,
        isBlank: false)
      one.centres = (0..<5).map { Self.centre(level: $0, shift) }
      one.voxel = [4, 1, 1]
      one.skew = 0.5
      return one
    }
  }

  private static func centre(level: Int, _ shift: Double) -> [Double] {
    let place = Double(level)
    return [0.5, 0.2 + 0.15 * place + shift, 0.5 + 0.02 * place]
  }

  static func voxels(_ count: Int) -> StructureVoxels { StructureVoxels(found: count, kept: count) }

  /// What is said of them.
  func notices() -> [String] {
    let cases = facts.map { one in
      DatasetCase(
        name: one.name, image: URL(fileURLWithPath: "/\(one.name).nii"),
        label: URL(fileURLWithPath: "/\(one.name)m.nii"), patient: patients[one.name])
    }
    let map = LabelMap(structures: names.enumerated().map { .init(name: $1, value: $0 + 1) })
    var dataset = Dataset(root: URL(fileURLWithPath: "/"), layout: .manifest, cases: cases)
    if !channels.isEmpty { (dataset.channels, dataset.channelNames) = (Array(channels.indices), channels) }
    return DatasetCensus(dataset, labels: map, preprocessing: preprocessing, facts: facts).notices
  }

  /// Of one case, the structures with other numbers: what was `order[i]` is `i`, and nil is none.
  mutating func renumber(_ place: Int, _ order: [Int?]) {
    let own = facts[place]
    facts[place].centres = order.map { $0.flatMap { own.centres?[$0] } ?? [] }
    facts[place].structures = order.map { $0.map { own.structures[$0] } ?? StructureVoxels() }
  }
}
