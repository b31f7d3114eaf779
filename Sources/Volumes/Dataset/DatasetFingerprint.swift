import Crypto
import Foundation
import System

/// What a dataset holds, in one number: two folders with the same cases and the same bytes have the same fingerprint,
/// wherever they lie.
package struct DatasetFingerprint: Codable, Hashable, Sendable {
  /// SHA-256 (hex) over the lines "name, image hash, label hash" of the cases in order of their names.
  package var digest: String
  package var cases: Int

  package init(digest: String, cases: Int) { (self.digest, self.cases) = (digest, cases) }

  /// Reads every file of the dataset once, on `workers` threads.
  package init(of dataset: Dataset, workers: Int = 2) throws(DatasetErrors) {
    let hashes = parallelMap(dataset.cases, workers: workers) { one in
      Result { () throws(DatasetErrors) in
        try "\(one.name)\t\(Self.hash(ofImage: one.image))\t\(Self.hash(ofImage: one.label))\n"
      }
    }
    let lines = try DatasetErrors.collect(hashes).sorted()
    digest = SHA256.hash(data: Data(lines.joined().utf8)).hex
    cases = lines.count
  }

  /// The hash of a volume's file, or of both files of a header/image pair.
  private static func hash(ofImage file: URL) throws(DatasetErrors) -> String {
    let files = [file, NIfTIFiles(header: file).separateImage].compactMap { $0 }
    var sums: [String] = []
    for part in files { sums.append(try hash(of: part)) }
    return sums.joined(separator: "+")
  }

  /// SHA-256 (hex) of a file's bytes, in pieces of 1 MiB.
  private static func hash(of file: URL) throws(DatasetErrors) -> String {
    do { try VolumeFolder.checkReadable(file) } catch { throw DatasetErrors([error]) }
    do {
      let handle = try FileHandle(forReadingFrom: file)
      defer { try? handle.close() }
      var sum = SHA256()
      while let piece = try handle.read(upToCount: 1 << 20), !piece.isEmpty { sum.update(data: piece) }
      return sum.finalize().hex
    } catch {
      throw DatasetErrors([.unreadable(file: file.path, reason: error.localizedDescription)])
    }
  }
}
