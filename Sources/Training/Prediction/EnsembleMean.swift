import Compute
import Foundation
import Volumes

/// Class probabilities of a case, `[K, D, H, W]`, added up over the members of an ensemble.
///
/// A member's probabilities are `p = softmax(logits)`, worked out in double and rounded to float32. The mean runs over
/// members in their order, in double: the result is NumPy's `numpy.mean` of the members' maps, bit for bit.
struct EnsembleMean {
  let extent: Extent3
  let classes: Int
  private(set) var members = 0
  private var sums: [Double]
  /// Sums over members of the entropy of each voxel, in nats; empty where nobody asks.
  private var entropies: [Double]

  init(extent: Extent3, classes: Int, countsEntropy: Bool) {
    (self.extent, self.classes) = (extent, classes)
    sums = Array(repeating: 0, count: classes * extent.count)
    entropies = Array(repeating: 0, count: countsEntropy ? extent.count : 0)
  }

  /// The softmax of class scores `[K, D, H, W]`, voxel by voxel.
  static func softmax(_ logits: [Float], classes: Int) -> [Float] {
    let voxels = logits.count / classes
    var (result, row) = (logits, [Double](repeating: 0, count: classes))
    for voxel in 0..<voxels {
      var largest = -Double.infinity
      for k in 0..<classes { largest = max(largest, Double(logits[k * voxels + voxel])) }
      var sum = 0.0
      for k in 0..<classes {
        row[k] = exp(Double(logits[k * voxels + voxel]) - largest)
        sum += row[k]
      }
      for k in 0..<classes { result[k * voxels + voxel] = Float(row[k] / sum) }
    }
    return result
  }

  /// The mean of two maps, as of an image and its mirrored twin.
  static func mean(_ a: [Float], _ b: [Float]) -> [Float] {
    zip(a, b).map { Float((Double($0) + Double($1)) / 2) }
  }

  /// `[K, D, H, W]` with left and right exchanged.
  static func mirrored(_ maps: [Float], classes: Int, extent: Extent3) -> [Float] {
    (0..<classes).flatMap { k in
      Grid3(extent, values: Array(maps[k * extent.count..<(k + 1) * extent.count])).mirrored.values
    }
  }

  mutating func add(_ probabilities: [Float]) {
    members += 1
    for index in sums.indices { sums[index] += Double(probabilities[index]) }
    guard !entropies.isEmpty else { return }
    for voxel in entropies.indices { entropies[voxel] += entropy(at: voxel) { Double(probabilities[$0]) } }
  }

  /// `-sum p ln p` over the classes of a voxel, in nats.
  private func entropy(at voxel: Int, _ probability: (Int) -> Double) -> Double {
    (0..<classes).reduce(0) { sum, k in
      let p = probability(k * extent.count + voxel)
      return p > 0 ? sum - p * log(p) : sum
    }
  }

  /// The class of the largest mean probability, the lowest of equals.
  var labels: Grid3<UInt8> {
    let voxels = extent.count
    let values = (0..<voxels).map { voxel -> UInt8 in
      var best = 0
      for k in 1..<classes where mean(k * voxels + voxel) > mean(best * voxels + voxel) { best = k }
      return UInt8(truncatingIfNeeded: best)
    }
    return Grid3(extent, values: values)
  }

  /// Of a class (first) in a voxel (second).
  func probability(_ label: Int, _ voxel: Int) -> Double { mean(label * extent.count + voxel) }

  private func mean(_ index: Int) -> Double { sums[index] / Double(members) }

  /// Mean probabilities of one class.
  func probabilities(of label: Int) -> Grid3<Float> {
    let start = label * extent.count
    return Grid3(extent, values: (start..<start + extent.count).map { Float(mean($0)) })
  }

  /// How undecided the mean is: `H(mean) / ln K`, 0 (certain) to 1 (every class is as likely).
  var entropy: Grid3<Float> {
    let scale = log(Double(classes))
    return Grid3(extent, values: (0..<extent.count).map { Float(entropy(at: $0, mean) / scale) })
  }

  /// How much the members contradict each other: the mutual information of class and member,
  /// `(H(mean) - mean of H) / ln K`; 0 where all say the same, however undecided each is.
  var disagreement: Grid3<Float> {
    let scale = log(Double(classes))
    return Grid3(
      extent,
      values: (0..<extent.count).map { voxel in
        // Not negative but for rounding: the entropy is concave.
        Float(max(0, entropy(at: voxel, mean) - entropies[voxel] / Double(members)) / scale)
      })
  }
}
