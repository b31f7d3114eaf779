import Foundation
import TestSupport
import Testing
import Volumes

/// Every file of the cache says whose it is, and what was prepared is what was identified.
@Suite struct CacheOwnershipTests {
  let small: SmallDataset
  let dataset: Dataset
  let contents: DatasetContents
  let cache: PreparedCache

  init() throws {
    small = try SmallDataset(mrSpineSeg: [1, 2])
    dataset = try Dataset.open(small.root)
    contents = try DatasetContents(of: dataset)
    cache = PreparedCache(
      directory: small.folder.file("cache"), fingerprint: contents.fingerprint.digest, labels: SmallDataset.map,
      preprocessing: SmallDataset.preprocessing)
  }

  /// Of the same names, with other images.
  func another() throws -> (small: SmallDataset, cache: PreparedCache) {
    let other = try SmallDataset(mrSpineSeg: [])
    try other.write("MR/Case1.nii.gz", "Mask/mask_case1.nii.gz", seed: 11)
    try other.write("MR/Case2.nii.gz", "Mask/mask_case2.nii.gz", seed: 12)
    let set = try Dataset.open(other.root)
    let contents = try DatasetContents(of: set)
    let cache = PreparedCache(
      directory: other.folder.file("cache"), fingerprint: contents.fingerprint.digest, labels: SmallDataset.map,
      preprocessing: SmallDataset.preprocessing)
    _ = try cache.prepare(set, contents, workers: 1)
    return (other, cache)
  }

  func replace(_ name: String, from other: PreparedCache) throws {
    let file = cache.folder.appendingPathComponent(name)
    try Data(contentsOf: other.folder.appendingPathComponent(name)).write(to: file)
  }

  /// The mask is replaced after the dataset was identified: nothing is kept under the old identity.
  @Test(arguments: ["Mask/mask_case2.nii.gz", "MR/Case2.nii.gz"])
  func aFileThatChangedMeanwhileIsRefused(name: String) throws {
    if name.hasPrefix("MR") {
      try small.writeImage(name, SmallDataset.imageValues(seed: 99))
    } else {
      try small.writeLabel(name, SmallDataset.labelValues.reversed())
    }
    let one = dataset.cases[1]
    #expect(throws: DatasetErrors([.changed(image: one.image.path, label: one.label.path)])) {
      try cache.prepare(dataset, contents, workers: 1)
    }
    #expect(cache.readSummary() == nil)
    #expect(throws: CacheError.self) { try cache.load("Case2") }
    // Identified anew it is prepared under its new identity.
    let again = try DatasetContents(of: dataset)
    #expect(again.fingerprint != contents.fingerprint)
    #expect(throws: Never.self) { try cache.prepare(dataset, again, workers: 1) }
  }

  @Test func aCaseOfAnotherDatasetIsNotBelieved() throws {
    _ = try cache.prepare(dataset, contents, workers: 1)
    let sound = try cache.load("Case2")
    let other = try another()
    try withExtendedLifetime(other) { try replace("Case2.case", from: other.cache) }
    let file = cache.folder.appendingPathComponent("Case2.case").path
    #expect(throws: CacheError.foreign(file: file)) { try cache.load("Case2") }
    _ = try cache.prepare(dataset, contents, workers: 1)
    #expect(try cache.load("Case2") == sound)
  }

  @Test func aSummaryOfAnotherDatasetIsNotBelieved() throws {
    let summary = try cache.prepare(dataset, contents, workers: 1)
    let other = try another()
    try withExtendedLifetime(other) { try replace("summary.json", from: other.cache) }
    #expect(cache.readSummary() == nil && cache.readPresence(of: dataset) == nil)
    #expect(try cache.prepare(dataset, contents, workers: 1) == summary)
    #expect(cache.readSummary() == summary && cache.readPresence(of: dataset) == summary.present)
  }

  /// A case that was prepared of other bytes under the same key, as earlier programs did.
  @Test func aCaseOfOtherBytesIsPreparedAnew() throws {
    try small.writeLabel("Mask/mask_case2.nii.gz", SmallDataset.labelValues.reversed())
    _ = try cache.prepare(dataset, DatasetContents(of: dataset), workers: 1)
    let wrong = try cache.load("Case2")
    try small.writeLabel("Mask/mask_case2.nii.gz", SmallDataset.labelValues(seed: 1))
    _ = try cache.prepare(dataset, contents, workers: 1)
    #expect(try cache.load("Case2").labels != wrong.labels)
  }

  @Test func whatIsNoFileOrTooLongIsNotRead() throws {
    _ = try cache.prepare(dataset, contents, workers: 1)
    let file = cache.folder.appendingPathComponent("Case1.case")
    #expect(truncate(file.path, 1 << 40) == 0)
    let long = #expect(throws: CacheError.self) { try cache.load("Case1") }
    #expect(long?.description.contains("bytes, such a file has at most") == true)
    try FileManager.default.removeItem(at: file)
    #expect(mkfifo(file.path, 0o600) == 0)
    #expect(throws: CacheError.cannotRead(file: file.path, reason: "it is a pipe, not a file")) {
      try cache.load("Case1")
    }
  }
}
