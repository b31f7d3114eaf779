import Compute
import Foundation
import TestSupport
import Testing

import Volumes

@Suite struct TruthFileTests {
  static func truth() -> TruthVolume {
    let extent = Extent3(4, 5, 3)
    var labels = Grid3<UInt8>(extent, repeating: 0)
    for index in labels.values.indices where index % 7 < 3 { labels.values[index] = UInt8(index % 3) }
    let affine = Affine(rows: [SIMD4(0, 4.4, 0, -3), SIMD4(0, 0, -0.35, 2), SIMD4(-0.7, 0.1, 0, 1)])
    return TruthVolume(name: "Case1", labels: labels, geometry: Geometry(shape: [5, 4, 3], affine: affine))
  }

  @Test func roundTrip() throws {
    let data = try TruthFile.encode(Self.truth(), key: "k")
    #expect(try TruthFile.decode(data, key: "k", classes: 3, file: "f") == Self.truth())
  }

  @Test func anotherDatasetsTruthIsRefused() throws {
    let data = try TruthFile.encode(Self.truth(), key: "k")
    #expect(throws: CacheError.foreign(file: "f")) {
      try TruthFile.decode(data, key: "other", classes: 3, file: "f")
    }
  }

  @Test func everyFlippedBitAndEveryCutIsNoticed() throws {
    let data = try TruthFile.encode(Self.truth(), key: "k")
    for bit in 0..<(8 * data.count) {
      var changed = data
      changed[bit / 8] ^= 1 << UInt8(bit % 8)
      #expect(throws: CacheError.self, "bit \(bit)") {
        try TruthFile.decode(changed, key: "k", classes: 3, file: "f")
      }
    }
    for length in 0..<data.count {
      #expect(throws: CacheError.self, "cut to \(length)") {
        try TruthFile.decode(data.prefix(length), key: "k", classes: 3, file: "f")
      }
    }
  }

  @Test func aLabelThatTheMapDoesNotHaveIsRefused() throws {
    let data = try TruthFile.encode(Self.truth(), key: "k")
    #expect(throws: CacheError.self) { try TruthFile.decode(data, key: "k", classes: 2, file: "f") }
  }

  /// Caches of earlier programs hold no truths: they are made from the images, once.
  @Test func aCacheWithoutTruthsGetsThem() throws {
    let small = try SmallDataset(mrSpineSeg: [1, 2])
    let dataset = try Dataset.open(small.root)
    let cache = try PreparedCacheTests.cache(small)
    let summary = try cache.prepare(dataset, DatasetContents(of: dataset), workers: 1)
    let truth = try cache.truth("Case2")
    try FileManager.default.removeItem(at: cache.folder.appendingPathComponent("Case2.truth"))
    #expect(throws: CacheError.self) { try cache.truth("Case2") }
    #expect(try cache.prepare(dataset, DatasetContents(of: dataset), workers: 1) == summary)
    #expect(try cache.truth("Case2") == truth)
  }

  @Test func theTruthIsTheMaskOnItsOwnGrid() throws {
    let small = try SmallDataset(mrSpineSeg: [1])
    let cache = try PreparedCacheTests.cache(small)
    let dataset = try Dataset.open(small.root)
    _ = try cache.prepare(dataset, DatasetContents(of: dataset), workers: 1)
    let (truth, mask) = (try cache.truth("Case1"), try NIfTI.read(dataset.cases[0].label))
    #expect(truth.labels.extent == mask.grid.extent)
    #expect(
      truth.labels.values == mask.grid.values.map { UInt8(SmallDataset.map[Int($0)]!) })
  }

  @Test func ignoredVoxelsAreKeptWhereTheMapHasThem() throws {
    var truth = Self.truth()
    truth.labels.values[3] = ignoredLabel
    let data = try TruthFile.encode(truth, key: "k")
    #expect(try TruthFile.decode(data, key: "k", classes: 3, ignores: true, file: "f") == truth)
    #expect(throws: CacheError.self) { try TruthFile.decode(data, key: "k", classes: 3, file: "f") }
  }
}
