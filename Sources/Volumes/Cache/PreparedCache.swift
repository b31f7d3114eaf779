import Crypto
import Foundation
import System

/// What the cache holds, without the voxels.
package struct CacheSummary: Hashable, Sendable {
  /// In natural order of their names.
  package var cases: [CaseFacts]

  package init(cases: [CaseFacts]) { self.cases = cases }

  /// Case name to structures present: what folds are balanced by.
  package var present: [String: [Bool]] { Dictionary(uniqueKeysWithValues: cases.map { ($0.name, $0.present) }) }
}

/// Cases prepared once for a dataset, a label map and a preprocessing, and read by every run that has the same three.
///
/// One file per case in `directory/key`, written once and never changed, so processes share it without coordination;
/// a lock only keeps two processes from doing the same work at the same time. Every file says whose it is (the key, the
/// case, the hashes of what it was prepared from), and every reader checks: a file of another cache is prepared anew.
package struct PreparedCache: Sendable {
  /// SHA-256 (hex) of the dataset's fingerprint, the label map, the preprocessing, and the file format.
  package let key: String
  /// Where this key's files are.
  package let folder: URL
  private let check: CaseCheck
  /// The format that the key counts; that of a file may be a later one, which an earlier program's file is brought to.
  private static let keyFormat = 1

  /// What the network sees of a volume of any extent.
  package var preprocessing: Preprocessing { check.preprocessing }
  /// What its masks were read by.
  package var labels: LabelMap { check.labels }

  /// - Parameters:
  ///   - directory: shared by all caches of a workspace.
  ///   - fingerprint: `DatasetFingerprint.digest`.
  package init(directory: URL, fingerprint: String, labels: LabelMap, preprocessing: Preprocessing) {
    check = CaseCheck(labels: labels, preprocessing: preprocessing)
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    var sum = SHA256()
    sum.update(data: Data("\(Self.keyFormat)\n\(fingerprint)\n".utf8))
    // Both types encode to plain strings and numbers, which cannot fail.
    sum.update(data: try! encoder.encode(labels))
    sum.update(data: try! encoder.encode(preprocessing))
    key = sum.finalize().hex
    folder = directory.appendingPathComponent(String(key.prefix(16)))
  }

  /// Prepares every case that is not there yet, and checks every case: throws `DatasetErrors` with all that is wrong,
  /// or `CacheError` when files cannot be written.
  ///
  /// - Parameters:
  ///   - contents: what the dataset's fingerprint was made from; what is prepared is compared with it.
  ///   - progress: called with the number of cases done and of all cases, in no particular thread.
  package func prepare(
    _ dataset: Dataset, _ contents: DatasetContents, workers: Int,
    progress: @escaping @Sendable (Int, Int) -> Void = { _, _ in }
  ) throws -> CacheSummary {
    do { try Folder.create(folder) } catch {
      throw CacheError.cannotWrite(file: folder.path, reason: error.reason, advice: error.advice)
    }
    let lock = FolderLock(folder)
    defer { lock.release() }
    lock.removeOrphans()
    let summary = try inspect(dataset, contents, workers: workers, keeping: true, progress: progress)
    try write(try SummaryFile.encode(summary, key: key), to: summaryFile)
    return summary
  }

  /// What `prepare` would find, without writing anything.
  ///
  /// - Parameter keeping: whether each case that is not there yet is written.
  package func inspect(
    _ dataset: Dataset, _ contents: DatasetContents, workers: Int, keeping: Bool = false,
    progress: @escaping @Sendable (Int, Int) -> Void = { _, _ in }
  ) throws -> CacheSummary {
    let results = parallelMap(dataset.cases, workers: workers, progress: progress) { one in
      Result { try self.facts(of: one, contents, keeping: keeping) }
    }
    // A case that is taken out may be as it likes.
    let excluded = dataset.excludedNames
    let kept = zip(dataset.cases, results).filter { one, result in
      !excluded.contains(one.name) || (try? result.get()) != nil
    }
    let cases = try Self.collect(kept.map(\.1))
    let duplicates = CaseCheck.duplicates(
      zip(kept, cases).filter { !excluded.contains($1.name) }.map { ($0.0.image, $1.imageDigest) })
    guard duplicates.isEmpty else { throw DatasetErrors(duplicates) }
    return CacheSummary(cases: cases)
  }

  private func write(_ data: Data, to file: URL) throws(CacheError) {
    do { try AtomicFile.write(data, to: file) } catch {
      throw .cannotWrite(file: file.path, reason: error.reason, advice: error.advice)
    }
  }

  /// A case from its files when they are sound, its own and of the same bytes, else from the dataset.
  private func facts(of one: DatasetCase, _ contents: DatasetContents, keeping: Bool) throws -> CaseFacts {
    // Caches of earlier programs hold no truths.
    if let known = try? read(one.name), known.facts.source == contents[one.name], (try? truth(one.name)) != nil {
      return known.facts
    }
    let both = try check.prepareWithTruth(one, of: contents).get()
    guard keeping else { return both.checked.facts }
    try write(try TruthFile.encode(both.truth, key: key), to: truthFile(one.name))
    try write(try PreparedCaseFile.encode(both.checked, key: key), to: file(one.name))
    return both.checked.facts
  }

  /// The dataset's problems are collected; any other error (a full disk) stops at once.
  private static func collect(_ results: [Result<CaseFacts, any Error>]) throws -> [CaseFacts] {
    try DatasetErrors.collect(
      results.map { result in
        do { return .success(try result.get()) } catch let errors as DatasetErrors { return .failure(errors) }
      })
  }

  /// What the last complete `prepare` of this key found; nil when there was none, or its file is damaged or another's.
  package func readSummary() -> CacheSummary? { summaryData.flatMap { SummaryFile.decode($0, key: key) } }

  /// The same, where it knows every case of the dataset that is not taken out.
  package func readSummary(of dataset: Dataset) -> CacheSummary? {
    readSummary().flatMap { summary in
      let needed = Set(dataset.names).subtracting(dataset.excludedNames)
      return needed.isSubset(of: summary.present.keys) ? summary : nil
    }
  }

  /// Case name to structures present as far as it is known without reading an image: from the summary, or from one that
  /// an earlier program wrote for cases of these names. Good for showing; training checks every case first.
  package func readPresence(of dataset: Dataset) -> [String: [Bool]]? {
    if let summary = readSummary(of: dataset) { return summary.present }
    let earlier = summaryData.flatMap(SummaryFile.decodeEarlier)
    return earlier.flatMap { found in Set(found.keys) == Set(dataset.names) ? found : nil }
  }

  private var summaryData: Data? { try? RegularFile.read(summaryFile, limit: 1 << 30) }

  /// A prepared case; its checksum, its name and whose it is verified.
  package func load(_ name: String) throws(CacheError) -> PreparedCase { try read(name).prepared }

  private func read(_ name: String) throws(CacheError) -> CaseCheck.Checked {
    let file = file(name)
    // Of a spacing the file alone knows how large the image became.
    let limit =
      check.preprocessing.spacing == nil
      ? PreparedCaseFile.mostBytes(
        voxels: check.preprocessing.size.count, channels: ChannelName.most) : 1 << 36
    let data = try read(file, limit: limit)
    let one = try PreparedCaseFile.decode(
      data, key: key, ignores: check.labels.ignore != nil, file: file.path)
    guard one.facts.name == name else { throw .damaged(file: file.path, reason: "it is case \(one.facts.name)") }
    return one
  }

  /// A case's truth on its image's own grid, its checksum verified.
  package func truth(_ name: String) throws(CacheError) -> TruthVolume {
    let file = truthFile(name)
    let data = try read(file, limit: 1 << 31)
    let truth = try TruthFile.decode(
      data, key: key, classes: check.labels.classes, ignores: check.labels.ignore != nil, file: file.path)
    guard truth.name == name else { throw .damaged(file: file.path, reason: "it is case \(truth.name)") }
    return truth
  }

  private func read(_ file: URL, limit: Int) throws(CacheError) -> Data {
    do throws(RegularFile.Refusal) { return try RegularFile.read(file, limit: limit) } catch {
      throw error == .system(code: ENOENT)
        ? .notPrepared(file: file.path) : .cannotRead(file: file.path, reason: error.reason)
    }
  }

  private var summaryFile: URL { folder.appendingPathComponent("summary.json") }
  private func file(_ name: String) -> URL { folder.appendingPathComponent(name + ".case") }
  private func truthFile(_ name: String) -> URL { folder.appendingPathComponent(name + ".truth") }
}
