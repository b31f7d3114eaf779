import Foundation
import System
import JSON

/// nnU-Net's `splits_final.json`: a list of `{"train": [...], "val": [...]}`, one for each fold.
package enum SplitsFile {
  package static let name = "splits_final.json"

  static func readIfPresent(in folder: URL, problems: inout [DatasetProblem]) -> [Split]? {
    let file = folder.appendingPathComponent(name)
    guard FileManager.default.fileExists(atPath: file.path) else { return nil }
    do { return try read(file) } catch {
      problems += error.problems
      return nil
    }
  }

  package static func read(_ file: URL) throws(DatasetErrors) -> [Split] {
    let data: Data
    do { data = try VolumeFolder.content(of: file) } catch { throw DatasetErrors([error]) }
    guard let splits = try? JSONDecoder().decode([Split].self, from: data), !splits.isEmpty else {
      let form = #"[{"train": ["case", ...], "val": ["case", ...]}, ...]"#
      throw DatasetErrors([.badSplits(file: file.path, reason: "is not a list of folds in the form \(form)")])
    }
    return splits
  }

  /// Writes what nnU-Net needs to train the same folds: its `val` is the fold's validation and test cases together.
  ///
  /// Makes the folder that is missing, and writes nothing when the same folds are there.
  package static func write(_ folds: [Fold], in folder: URL) throws {
    let file = folder.appendingPathComponent(name)
    let splits = folds.map { fold in
      Split(
        train: fold.train.sorted(by: naturallyPrecedes),
        val: (fold.validation + fold.test).sorted(by: naturallyPrecedes))
    }
    let data = try IndentedJSON.data(splits)
    do throws(SystemError) {
      try Folder.create(folder)
      let lock = FolderLock(folder)
      defer { lock.release() }
      lock.removeOrphans()
      if (try? Data(contentsOf: file)) != data { try AtomicFile.write(data, to: file) }
    } catch {
      throw NIfTIError.cannotWrite(file: file.path, reason: error.reason)
    }
  }
}
