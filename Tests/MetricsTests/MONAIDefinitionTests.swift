import Compute
import Foundation
import Metrics
import Testing

/// MONAI's distances differ from the tables' by definition only: it counts surface voxels, each once, and takes the
/// larger of both directions. Put together that way, our surfaces and distances give MONAI's numbers.
/// `Golden/make_monai.py` made them; MONAI keeps distances and the rank of its percentile in float32: the rank of one of n
/// distances is off by up to n 2⁻²⁴ steps between neighbours, so that five to six digits agree.
struct MONAIDefinitionTests {
  /// By case, spacing and class: HD95, HD, mean over both surfaces.
  private static let golden: [[[[Double]?]]] = {
    let url = Bundle.module.url(forResource: "Golden/monai", withExtension: "json")!
    return try! JSONDecoder().decode([[[[Double]?]]].self, from: Data(contentsOf: url))
  }()

  @Test func countedVoxelsAndTheLargerDirectionAreMONAIs() {
    #expect(DrawnMaps.all.count == Self.golden.count)
    var compared = 0
    for (number, (pair, expected)) in zip(DrawnMaps.all, Self.golden).enumerated() {
      for (spacing, rows) in zip(SurfaceGolden.spacings, expected) {
        for (index, row) in rows.enumerated() {
          guard let row else { continue }
          compared += 1
          let ours = scores(of: UInt8(index + 1), pair, spacing)
          for (name, (a, b)) in zip(["HD95", "HD", "ASSD"], zip(ours, row)) {
            #expect(abs(a - b) <= 3e-6 * max(1, b), "case \(number), class \(index + 1) at \(spacing): \(name)")
          }
        }
      }
    }
    #expect(compared > 400, "only \(compared) structures lie in both maps")
  }

  private func scores(of structure: UInt8, _ pair: DrawnMaps.Pair, _ spacing: SIMD3<Double>) -> [Double] {
    func mask(_ map: Grid3<UInt8>) -> Grid3<Bool> { Grid3(map.extent, values: map.values.map { $0 == structure }) }
    let surfaces = (surface(of: mask(pair.prediction)), surface(of: mask(pair.truth)))
    let there = distances(from: surfaces.0, to: surfaces.1, spacing)
    let back = distances(from: surfaces.1, to: surfaces.0, spacing)
    let largest = [95.0, 100.0].map { max(percentile($0, ofSorted: there), percentile($0, ofSorted: back)) }
    return largest + [(there + back).reduce(0, +) / Double(there.count + back.count)]
  }

  private func distances(from: Grid3<Bool>, to: Grid3<Bool>, _ spacing: SIMD3<Double>) -> [Double] {
    let squared = squaredDistances(to: to, spacing: spacing)
    return zip(from.values, squared.values).filter(\.0).map { $1.squareRoot() }.sorted()
  }
}
