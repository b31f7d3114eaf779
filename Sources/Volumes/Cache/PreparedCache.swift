import Crypto
import Foundation
import System

/// What the cache holds, without the voxels.
package struct CacheSummary: Codable, Hashable, Sendable {
  package struct Case: Codable, Hashable, Sendable {
    package var name: String
    /// For each structure without background: has it a voxel on the network's grid?
    package var present: [Bool]
    /// Millimetres between voxel centres along D, H, W.
    package var spacing: [Double]
    /// SHA-256 of the prepared image: equal for two files that hold the same picture.
    package var imageDigest: String
  }

  /// In natural order of their names.
  package var cases: [Case]

  /// Case name to structures present: what folds are balanced by.
  package var present: [String: [Bool]] { Dictionary(uniqueKeysWithValues: cases.map { ($0.name, $0.present) }) }
}

/// Cases prepared once for a dataset, a label map and a preprocessing, and read by every run that has the same three.
///
/// One file per case in `directory/key`, written once and never changed, so processes share it without coordination;
/// a lock only keeps two processes from doing the same work at the same time.
package struct PreparedCache: Sendable {
  /// SHA-256 (hex) of the dataset's fingerprint, the label map, the preprocessing, and the file format.
  package let key: String
  /// Where this key's files are.
  package let folder: URL
  private let check: CaseCheck

  /// What the network sees of a volume of any extent.
  package var preprocessing: Preprocessing { check.preprocessing }

  /// - Parameters:
  ///   - directory: shared by all caches of a workspace.
  ///   - fingerprint: `DatasetFingerprint.digest`.
  package init(directory: URL, fingerprint: String, labels: LabelMap, preprocessing: Preprocessing) {
    check = CaseCheck(labels: labels, preprocessing: preprocessing)
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    var sum = SHA256()
    sum.update(data: Data("\(PreparedCaseFile.version)\n\(fingerprint)\n".utf8))
    // Both types encode to plain strings and numbers, which cannot fail.
    sum.update(data: try! encoder.encode(labels))
    sum.update(data: try! encoder.encode(preprocessing))
    key = sum.finalize().hex
    folder = directory.appendingPathComponent(String(key.prefix(16)))
  }

  /// As above, reading the whole dataset once for its fingerprint.
  package init(
    directory: URL, dataset: Dataset, labels: LabelMap, preprocessing: Preprocessing
  ) throws(DatasetErrors) {
    let fingerprint = try DatasetFingerprint(of: dataset).digest
    self.init(directory: directory, fingerprint: fingerprint, labels: labels, preprocessing: preprocessing)
  }

  /// Prepares every case that is not there yet, and checks every case: throws `DatasetErrors` with all that is wrong,
  /// or `CacheError` when files cannot be written.
  ///
  /// - Parameter progress: called with the number of cases done and of all cases, in no particular thread.
  package func prepare(
    _ dataset: Dataset, workers: Int, progress: @escaping @Sendable (Int, Int) -> Void = { _, _ in }
  ) throws -> CacheSummary {
    do { try Folder.create(folder) } catch {
      throw CacheError.cannotWrite(file: folder.path, reason: error.reason)
    }
    let lock = FolderLock(folder)
    defer { lock.release() }
    lock.removeOrphans()
    let results = parallelMap(dataset.cases, workers: workers, progress: progress) { one in
      Result { try self.summary(of: one) }
    }
    let cases = try Self.collect(results)
    let duplicates = CaseCheck.duplicates(zip(dataset.cases, cases).map { ($0.image, $1.imageDigest) })
    guard duplicates.isEmpty else { throw DatasetErrors(duplicates) }
    let summary = CacheSummary(cases: cases)
    try write(try SummaryFile.encode(summary), to: summaryFile)
    return summary
  }

  private func write(_ data: Data, to file: URL) throws(CacheError) {
    do { try AtomicFile.write(data, to: file) } catch {
      throw .cannotWrite(file: file.path, reason: error.reason)
    }
  }

  /// A case from its file when that is sound, else from the dataset.
  private func summary(of one: DatasetCase) throws -> CacheSummary.Case {
    let prepared: PreparedCase
    // Caches of earlier programs hold no truths.
    if let known = try? load(one.name), (try? truth(one.name)) != nil {
      prepared = known
    } else {
      let both = try check.prepareWithTruth(one).get()
      prepared = both.prepared
      try write(try TruthFile.encode(both.truth, key: key), to: truthFile(one.name))
      try write(try PreparedCaseFile.encode(prepared), to: file(one.name))
    }
    let spacing = [prepared.spacing.x, prepared.spacing.y, prepared.spacing.z]
    return .init(name: one.name, present: prepared.present, spacing: spacing, imageDigest: prepared.imageDigest)
  }

  /// The dataset's problems are collected; any other error (a full disk) stops at once.
  private static func collect(_ results: [Result<CacheSummary.Case, any Error>]) throws -> [CacheSummary.Case] {
    try DatasetErrors.collect(
      results.map { result in
        do { return .success(try result.get()) } catch let errors as DatasetErrors { return .failure(errors) }
      })
  }

  /// What the last complete `prepare` of this key found; nil when there was none, or its file is damaged.
  package func readSummary() -> CacheSummary? {
    (try? Data(contentsOf: summaryFile)).flatMap(SummaryFile.decode)
  }

  /// A prepared case, its checksum verified.
  package func load(_ name: String) throws(CacheError) -> PreparedCase {
    let file = file(name)
    guard let data = try? Data(contentsOf: file) else { throw .notPrepared(file: file.path) }
    let one = try PreparedCaseFile.decode(data, file: file.path)
    guard one.name == name else { throw .damaged(file: file.path, reason: "it is case \(one.name)") }
    return one
  }

  /// A case's truth on its image's own grid, its checksum verified.
  package func truth(_ name: String) throws(CacheError) -> TruthVolume {
    let file = truthFile(name)
    guard let data = try? Data(contentsOf: file) else { throw .notPrepared(file: file.path) }
    let truth = try TruthFile.decode(data, key: key, classes: check.labels.classes, file: file.path)
    guard truth.name == name else { throw .damaged(file: file.path, reason: "it is case \(truth.name)") }
    return truth
  }

  private var summaryFile: URL { folder.appendingPathComponent("summary.json") }
  private func file(_ name: String) -> URL { folder.appendingPathComponent(name + ".case") }
  private func truthFile(_ name: String) -> URL { folder.appendingPathComponent(name + ".truth") }
}
