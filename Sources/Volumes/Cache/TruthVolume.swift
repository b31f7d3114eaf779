import Compute
import Crypto
import Foundation
import System

/// A case's truth on its image's own grid, with nothing cropped, resampled or dropped: what test predictions are scored
/// against.
package struct TruthVolume: Sendable, Equatable {
  package var name: String
  /// Class indices in D, H, W.
  package var labels: Grid3<UInt8>
  /// Where the image's voxels lie.
  package var geometry: Geometry

  package init(name: String, labels: Grid3<UInt8>, geometry: Geometry) {
    precondition(labels.extent == geometry.extent, "\(name): labels \(labels.extent) in \(geometry.extent)")
    (self.name, self.labels, self.geometry) = (name, labels, geometry)
  }
}

/// A truth on disk, little-endian:
///
/// | bytes | content |
/// |---|---|
/// | 8 | "SAFNETTR" |
/// | 4 | format version, 1 |
/// | 4 | n, the length of the description |
/// | n | description: JSON of case, key of the cache, shape and affine of the image's file |
/// | 5 each | runs of equal labels along W, then H, then D: a label, and the run's length (4 bytes) |
/// | 32 | SHA-256 of all bytes before |
///
/// A mask is mostly background: runs take a hundredth of its voxels, and no library.
package enum TruthFile {
  static let magic = Data("SAFNETTR".utf8)
  static let version: UInt32 = 1

  private struct Description: Codable {
    var name: String
    var key: String
    var shape: [Int]
    var affine: Affine
  }

  /// - Parameter key: of the cache that it belongs to.
  package static func encode(_ truth: TruthVolume, key: String) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let description = try encoder.encode(
      Description(name: truth.name, key: key, shape: truth.geometry.shape, affine: truth.geometry.affine))
    var data = magic
    for word in [version, UInt32(description.count)] { append(word, to: &data) }
    data += description
    let labels = truth.labels.values
    var start = 0
    while start < labels.count {
      var end = start + 1
      while end < labels.count && labels[end] == labels[start] && end - start < Int(UInt32.max) { end += 1 }
      data.append(labels[start])
      append(UInt32(end - start), to: &data)
      start = end
    }
    data.append(contentsOf: SHA256.hash(data: data))
    return data
  }

  /// - Parameters:
  ///   - classes: with the background; labels lie below it.
  ///   - ignores: whether voxels may be `ignoredLabel`.
  ///   - file: named in errors.
  package static func decode(
    _ data: Data, key: String, classes: Int, ignores: Bool = false, file: String
  ) throws(CacheError) -> TruthVolume {
    let data = data.startIndex == 0 ? data : Data(data)
    func damaged(_ reason: String) -> CacheError { .damaged(file: file, reason: reason) }
    guard data.count >= 48, data.prefix(8) == magic else { throw damaged("not a prepared truth") }
    guard word(data, at: 8) == version else {
      throw .otherVersion(file: file, found: Int(word(data, at: 8)), wanted: Int(version))
    }
    let body = data.prefix(data.count - 32)
    guard SHA256.hash(data: body).elementsEqual(data.suffix(32)) else { throw damaged("its checksum differs") }
    let end = 16 + Int(word(data, at: 12))
    guard end <= body.count,
      let description = try? JSONDecoder().decode(Description.self, from: body[16..<end]),
      description.affine.rows.count == 3, description.shape.count == 3,
      description.shape.allSatisfy({ (1...1 << 20).contains($0) })
    else { throw damaged("its description is unreadable") }
    guard description.key == key else { throw .foreign(file: file) }
    let count = description.shape.reduce(1, *)
    guard let labels = labels(body[end...], count: count, classes: classes, ignores: ignores) else {
      throw damaged("its labels do not fill \(description.shape) voxels")
    }
    let geometry = Geometry(shape: description.shape, affine: description.affine)
    return TruthVolume(
      name: description.name, labels: Grid3(geometry.extent, values: labels), geometry: geometry)
  }

  /// Nil unless the runs fill exactly `count` voxels with labels below `classes`, or ignored ones.
  private static func labels(_ runs: Data, count: Int, classes: Int, ignores: Bool) -> [UInt8]? {
    guard runs.count % 5 == 0 else { return nil }
    var filled = 0
    for run in stride(from: runs.startIndex, to: runs.endIndex, by: 5) {
      filled += Int(word(runs, at: run + 1))
      let isLabel = Int(runs[run]) < classes || (ignores && runs[run] == ignoredLabel)
      guard isLabel, filled <= count else { return nil }
    }
    guard filled == count else { return nil }
    var labels: [UInt8] = []
    labels.reserveCapacity(count)
    for run in stride(from: runs.startIndex, to: runs.endIndex, by: 5) {
      labels.append(contentsOf: repeatElement(runs[run], count: Int(word(runs, at: run + 1))))
    }
    return labels
  }

  private static func append(_ word: UInt32, to data: inout Data) {
    withUnsafeBytes(of: word.littleEndian) { data.append(contentsOf: $0) }
  }

  private static func word(_ data: Data, at offset: Int) -> UInt32 {
    data[offset..<(offset + 4)].reversed().reduce(0) { $0 << 8 | UInt32($1) }
  }
}
