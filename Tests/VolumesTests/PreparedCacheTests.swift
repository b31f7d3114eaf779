import Compute
import Crypto
import Foundation
import Synchronization
import TestSupport
import Testing
import Volumes

@Suite struct PreparedCacheTests {
  static func cache(_ small: SmallDataset, size: Extent3 = SmallDataset.preprocessing.size) throws -> PreparedCache {
    PreparedCache(
      directory: small.folder.file("cache"), fingerprint: try DatasetFingerprint(of: Dataset.open(small.root)).digest,
      labels: SmallDataset.map, preprocessing: Preprocessing(size: size))
  }

  @Test func loadsWhatWasPrepared() throws {
    let small = try SmallDataset(mrSpineSeg: [1, 2, 12])
    let dataset = try Dataset.open(small.root)
    let cache = try Self.cache(small)
    #expect(cache.readSummary() == nil)
    let calls = Mutex([Int]())
    let summary = try cache.prepare(dataset, DatasetContents(of: dataset), workers: 2) { done, all in
      calls.withLock { $0.append(done * 100 + all) }
    }
    #expect(calls.withLock { $0 } == [103, 203, 303])
    #expect(summary.cases.map(\.name) == ["Case1", "Case2", "Case12"])
    #expect(summary.present["Case2"] == [true, true])
    #expect(cache.readSummary() == summary)
    let check = CaseCheck(labels: SmallDataset.map, preprocessing: SmallDataset.preprocessing)
    let contents = try DatasetContents(of: dataset)
    for one in dataset.cases {
      #expect(try cache.load(one.name) == check.prepare(one, of: contents).get().prepared)
    }
  }

  @Test func secondPrepareReadsNoImage() throws {
    let small = try SmallDataset(mrSpineSeg: [1, 2])
    let dataset = try Dataset.open(small.root)
    let contents = try DatasetContents(of: dataset)
    let cache = try Self.cache(small)
    let first = try cache.prepare(dataset, contents, workers: 1)
    try small.remove("MR")
    #expect(try cache.prepare(dataset, contents, workers: 1) == first)
  }

  @Test func keyDependsOnContentLabelsAndPreprocessingOnly() throws {
    let small = try SmallDataset(mrSpineSeg: [1, 2])
    let copy = try SmallDataset(mrSpineSeg: [1, 2])
    let key = try Self.cache(small).key
    #expect(try Self.cache(copy).key == key, "the folder does not count")
    #expect(try Self.cache(small, size: Extent3(4, 8, 6)).key != key)
    try copy.writeLabel("Mask/mask_case2.nii.gz", SmallDataset.labelValues.reversed())
    #expect(try Self.cache(copy).key != key)
    let labels = LabelMap(structures: SmallDataset.map.structures, background: [0, 9])
    let other = PreparedCache(
      directory: small.root, fingerprint: try DatasetFingerprint(of: Dataset.open(small.root)).digest, labels: labels,
      preprocessing: SmallDataset.preprocessing)
    #expect(other.key != key)
  }

  /// Every single bit that is turned is noticed; nothing but the sound file is ever believed.
  @Test func noticesEveryFlippedBit() throws {
    let small = try SmallDataset(mrSpineSeg: [1])
    let cache = try Self.cache(small)
    _ = try cache.prepare(small, workers: 1)
    let file = cache.folder.appendingPathComponent("Case1.case")
    let sound = try Data(contentsOf: file)
    var stream = RandomStream(seed: 1, purpose: .test)
    for trial in 0..<500 {
      var bytes = sound
      let position = trial < 64 ? trial : stream.nextInt(below: sound.count)
      bytes[position] ^= 1 << UInt8(stream.nextInt(below: 8))
      try bytes.write(to: file)
      #expect(throws: CacheError.self, "byte \(position)") { try cache.load("Case1") }
    }
    for length in [0, 7, 48, 100, sound.count - 1] {
      try sound.prefix(length).write(to: file)
      #expect(throws: CacheError.self, "length \(length)") { try cache.load("Case1") }
    }
    try sound.write(to: file)
    #expect(throws: Never.self) { try cache.load("Case1") }
  }

  /// Folds are balanced by the summary: no bit of it may change unnoticed.
  @Test func noticesEveryFlippedBitOfTheSummary() throws {
    let small = try SmallDataset(mrSpineSeg: [1, 2])
    let cache = try Self.cache(small)
    let summary = try cache.prepare(small, workers: 1)
    let file = cache.folder.appendingPathComponent("summary.json")
    let sound = try Data(contentsOf: file)
    for bit in 0..<sound.count * 8 {
      var bytes = sound
      bytes[bit / 8] ^= 1 << UInt8(bit % 8)
      try bytes.write(to: file)
      #expect(cache.readSummary() == nil, "bit \(bit)")
    }
    for length in 0..<sound.count {
      try sound.prefix(length).write(to: file)
      #expect(cache.readSummary() == nil, "length \(length)")
    }
    try sound.write(to: file)
    #expect(cache.readSummary() == summary)
  }

  @Test func whatKilledPreparersLeftIsRemoved() throws {
    let small = try SmallDataset(mrSpineSeg: [1])
    let cache = try Self.cache(small)
    let dataset = try Dataset.open(small.root)
    _ = try cache.prepare(dataset, DatasetContents(of: dataset), workers: 1)
    try Data("half".utf8).write(to: cache.folder.appendingPathComponent(".Case1.case.0123.partial"))
    _ = try cache.prepare(dataset, DatasetContents(of: dataset), workers: 1)
    let names = try FileManager.default.contentsOfDirectory(atPath: cache.folder.path).sorted()
    #expect(names == [".lock", "Case1.case", "Case1.truth", "summary.json"])
  }

  @Test func rebuildsWhatIsDamaged() throws {
    let small = try SmallDataset(mrSpineSeg: [1, 2])
    let dataset = try Dataset.open(small.root)
    let cache = try Self.cache(small)
    _ = try cache.prepare(dataset, DatasetContents(of: dataset), workers: 1)
    let sound = try cache.load("Case2")
    try Data("SAFNETPC and nothing".utf8).write(to: cache.folder.appendingPathComponent("Case2.case"))
    _ = try cache.prepare(dataset, DatasetContents(of: dataset), workers: 1)
    #expect(try cache.load("Case2") == sound)
  }

  @Test func errorsSayWhatToDo() throws {
    let small = try SmallDataset(mrSpineSeg: [1, 2])
    let cache = try Self.cache(small)
    let file = cache.folder.appendingPathComponent("Case1.case")
    #expect(throws: CacheError.notPrepared(file: file.path)) { try cache.load("Case1") }
    _ = try cache.prepare(small, workers: 1)
    let other = cache.folder.appendingPathComponent("Case9.case")
    try FileManager.default.copyItem(at: file, to: other)
    #expect(throws: CacheError.damaged(file: other.path, reason: "it is case Case1")) { try cache.load("Case9") }
    var newer = try Data(contentsOf: file)
    newer[8] = 3
    try newer.write(to: file)
    #expect(throws: CacheError.otherVersion(file: file.path, found: 3, wanted: 2)) { try cache.load("Case1") }
    let again = "give the same `safnet run` again: it prepares the case anew"
    let words: [(CacheError, String)] = [
      (.notPrepared(file: "f"), "f: this prepared case is gone (was the cache removed?); \(again)"),
      (
        .damaged(file: "f", reason: "its checksum differs"),
        "f: damaged (its checksum differs); \(again)"
      ),
      (
        .otherVersion(file: "f", found: 2, wanted: 1),
        "f: written in format 2, this program reads 1; \(again)"
      ),
      (
        .cannotWrite(file: "f", reason: "No space left on device", advice: "free disk space"),
        "f: cannot be written (No space left on device); free disk space"
      ),
    ]
    for (error, text) in words { #expect(error.description == text) }
  }

  /// A sound checksum over nonsense: what a hostile file could hold.
  @Test func refusesNonsenseWithASoundChecksum() throws {
    let small = try SmallDataset(mrSpineSeg: [1])
    let cache = try Self.cache(small)
    _ = try cache.prepare(small, workers: 1)
    let file = cache.folder.appendingPathComponent("Case1.case")
    let sound = try Data(contentsOf: file)
    func expectDamaged(_ reason: String, _ change: (inout Data) -> Void) throws {
      var body = sound.dropLast(32)
      change(&body)
      try (body + Data(SHA256.hash(data: body))).write(to: file)
      #expect(throws: CacheError.damaged(file: file.path, reason: reason)) { try cache.load("Case1") }
    }
    try expectDamaged("its description is unreadable") { $0[16] = 0 }
    try expectDamaged("its description is unreadable") { $0[15] = 0xff }
    try expectDamaged("its length does not fit 5x8x6 voxels") { $0 += Data([0]) }
    try expectDamaged("it holds a label above 2") { $0[$0.count - 1] = 3 }
    // That of ignored voxels, of which this map has none.
    try expectDamaged("it holds a label above 2") { $0[$0.count - 1] = 255 }
    try expectDamaged("its extent is 5x8x0") { body in
      let range = body.range(of: Data("[5,8,6]".utf8))!
      body.replaceSubrange(range, with: Data("[5,8,0]".utf8))
    }
  }

  @Test func saysWhenItCannotWrite() throws {
    let small = try SmallDataset(mrSpineSeg: [1])
    try small.writeText("cache", "a file where a folder should be")
    let cache = try Self.cache(small)
    let error = #expect(throws: CacheError.self) { try cache.prepare(small, workers: 1) }
    guard case .cannotWrite(let file, _, let advice) = error else {
      Issue.record("not cannotWrite: \(String(describing: error))")
      return
    }
    #expect(file == cache.folder.path)
    let blocking = cache.folder.deletingLastPathComponent().path
    #expect(advice == "\(blocking) is a file, and a folder is needed there: move it away, or give another path")
  }

  /// Several preparers at once, as several processes would: all succeed, and no temporary file is left.
  @Test func preparersDoNotDisturbEachOther() async throws {
    let small = try SmallDataset(mrSpineSeg: [1, 2, 3])
    let dataset = try Dataset.open(small.root)
    let cache = try Self.cache(small)
    let summaries = try await withThrowingTaskGroup(of: CacheSummary.self) { group in
      for _ in 0..<4 { group.addTask { try cache.prepare(dataset, DatasetContents(of: dataset), workers: 1) } }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(Set(summaries).count == 1)
    let names = try FileManager.default.contentsOfDirectory(atPath: cache.folder.path).sorted()
    #expect(names.filter { $0.hasSuffix(".case") } == ["Case1.case", "Case2.case", "Case3.case"])
    #expect(names.filter { $0.hasSuffix(".truth") } == ["Case1.truth", "Case2.truth", "Case3.truth"])
    #expect(names.count == 8, "\(names)")
  }
}

extension PreparedCache {
  /// Prepares a whole dataset as it is now.
  func prepare(_ small: SmallDataset, workers: Int) throws -> CacheSummary {
    let dataset = try Dataset.open(small.root)
    return try prepare(dataset, DatasetContents(of: dataset), workers: workers)
  }
}
