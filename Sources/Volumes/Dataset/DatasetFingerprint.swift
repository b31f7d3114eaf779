import Crypto
import Foundation
import System

/// What a dataset holds, in one number: two folders with the same cases and the same bytes have the same fingerprint,
/// wherever they lie.
package struct DatasetFingerprint: Hashable, Sendable {
  /// SHA-256 (hex) over the lines "name, hash of every channel, label hash" of the cases in order of their names.
  package var digest: String
  package var cases: Int
  /// The numbers of the channels that are read, in the order of the network's input.
  package var channels: [Int]

  package init(digest: String, cases: Int, channels: [Int] = [0]) {
    (self.digest, self.cases, self.channels) = (digest, cases, channels)
  }

  /// Reads every file of the dataset once, on `workers` threads.
  package init(of dataset: Dataset, workers: Int = 2) throws(DatasetErrors) {
    self = try DatasetContents(of: dataset, workers: workers).fingerprint
  }
}

/// The hash of every file of a dataset: what its fingerprint sums up, and what a case must still be when it is
/// prepared.
package struct DatasetContents: Hashable, Sendable {
  /// For each case, "image hash, label hash" with a tab between; further channels' hashes follow the image's.
  package let hashes: [String: String]
  private let channels: [Int]

  /// Reads every file of the dataset once, on `workers` threads.
  package init(of dataset: Dataset, workers: Int = 2) throws(DatasetErrors) {
    let results = parallelMap(dataset.cases, workers: workers) { one in
      Result { () throws(DatasetErrors) in (name: one.name, hash: try Self.hash(of: one)) }
    }
    let found = try DatasetErrors.collect(results)
    hashes = Dictionary(uniqueKeysWithValues: found.map { ($0.name, $0.hash) })
    channels = dataset.channels
  }

  /// Of a single case.
  package init(of one: DatasetCase) throws(DatasetErrors) {
    (hashes, channels) = ([one.name: try Self.hash(of: one)], [0])
  }

  package var fingerprint: DatasetFingerprint {
    let lines = hashes.map { "\($0)\t\($1)\n" }.sorted()
    return DatasetFingerprint(
      digest: SHA256.hash(data: Data(lines.joined().utf8)).hex, cases: lines.count, channels: channels)
  }

  /// A case's hashes; nil for a case that was not there.
  package subscript(name: String) -> String? { hashes[name] }

  /// The hashes of a case's files as they are now.
  static func hash(of one: DatasetCase) throws(DatasetErrors) -> String {
    var sums: [String] = []
    for file in one.images + [one.label] { sums.append(try hash(ofVolume: file)) }
    return sums.joined(separator: "\t")
  }

  /// The files that a volume's voxels come from: itself, and the other half of a header/image pair.
  static func files(ofVolume file: URL) -> [URL] {
    let pair = NIfTIFiles(header: file)
    guard let image = pair.separateImage else { return [file] }
    // A manifest may name the half that holds the voxels.
    return [file, image] + (pair.header.path == file.path ? [] : [pair.header])
  }

  /// SHA-256 (hex) of each file that a volume's voxels come from, with pluses between.
  package static func hash(ofVolume file: URL) throws(DatasetErrors) -> String {
    var sums: [String] = []
    for part in files(ofVolume: file) { sums.append(try hash(ofFile: part)) }
    return sums.joined(separator: "+")
  }

  /// SHA-256 (hex) of a file's bytes, in pieces of 1 MiB.
  private static func hash(ofFile file: URL) throws(DatasetErrors) -> String {
    do {
      let descriptor = try RegularFile.open(file).descriptor
      let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
      var sum = SHA256()
      while let piece = try handle.read(upToCount: 1 << 20), !piece.isEmpty { sum.update(data: piece) }
      return sum.finalize().hex
    } catch let refusal as RegularFile.Refusal {
      throw DatasetErrors([.unread(file, refusal)])
    } catch {
      throw DatasetErrors([.unreadable(file: file.path, reason: error.localizedDescription)])
    }
  }
}
