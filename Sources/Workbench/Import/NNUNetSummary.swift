import Foundation
import JSON
import System
import Volumes

/// nnU-Net's `summary.json`: the scores that it gave its own maps.
struct NNUNetSummary {
  let file: URL
  /// Of each map's file, by its stem: Dice by label; nil where nnU-Net has no number (NaN).
  let dice: [String: [Int: Double?]]
  /// Regions of several labels, which have no counterpart here.
  let regions: Set<String>

  init(_ file: URL) throws(ImportProblems) {
    func refuse(_ reason: String) -> ImportProblems { ImportProblems([.badSummary(file: file.path, reason: reason)]) }
    let whole: JSONNode
    do {
      let data = try RegularFile.read(file, limit: 1 << 28)
      whole = try JSONParser.parse(Self.withoutNaN(Array(data)), origin: .file(file.path))
    } catch {
      let (place, reason) = ImportReading.failure(error, of: file)
      throw ImportProblems([.badSummary(file: place, reason: reason)])
    }
    guard case .array(let cases)? = whole["metric_per_case"]?.content else { throw refuse("it has no metric_per_case") }
    var (dice, regions): ([String: [Int: Double?]], Set<String>) = ([:], [])
    for one in cases {
      guard let path = one["prediction_file"]?.text, case .object(let metrics)? = one["metrics"]?.content,
        let stem = NIfTIFiles.stem(path.split(whereSeparator: { $0 == "/" || $0 == "\\" }).last.map(String.init) ?? "")
      else { throw refuse("an entry of metric_per_case has no prediction_file or no metrics") }
      for metric in metrics {
        guard let label = Int(metric.key) else {
          regions.insert(metric.key)
          continue
        }
        switch metric.node["Dice"]?.content {
        case .number(let value): dice[stem, default: [:]][label] = .some(value)
        case .null: dice[stem, default: [:]][label] = .some(nil)
        default: throw refuse("label \(metric.key) of \(stem) has no Dice")
        }
      }
    }
    (self.file, self.dice, self.regions) = (file, dice, regions)
  }

  /// Python writes what JSON has not: NaN and Infinity, outside of strings. They become null.
  static func withoutNaN(_ bytes: [UInt8]) -> [UInt8] {
    let words = ["-Infinity", "Infinity", "NaN"].map { Array($0.utf8) }
    var (result, index, isQuoted): ([UInt8], Int, Bool) = ([], 0, false)
    result.reserveCapacity(bytes.count)
    while index < bytes.count {
      let byte = bytes[index]
      if isQuoted, byte == UInt8(ascii: "\\"), index + 1 < bytes.count {
        result += bytes[index...index + 1]
        index += 2
        continue
      }
      if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
      if !isQuoted, let word = words.first(where: { bytes[index...].starts(with: $0) }) {
        result += Array("null".utf8)
        index += word.count
        continue
      }
      result.append(byte)
      index += 1
    }
    return result
  }
}
