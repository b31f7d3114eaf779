import Foundation
import TestSupport
import Testing
import Volumes

import Workbench

/// A dataset's fingerprint beside what nibabel and NumPy read from the same files (`Golden/make_survey.py`).
@Suite struct FingerprintTests {
  private struct Golden: Decodable {
    var name, image, label, orientation: String
    var extent, columns: [Int]
    var spacing, percentiles: [Double]
    var lowest, highest, mean, deviation, volume: Double
    var voxels: [String: Int]
  }

  private static let golden = Result {
    let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Golden/survey.json")
    return try JSONDecoder().decode([Golden].self, from: Data(contentsOf: file))
  }

  private func survey(_ folder: TemporaryFolder) throws -> DatasetSurvey {
    let cases = try Self.golden.get().map { one in
      let files = try [("image", one.image), ("label", one.label)].map { part, text in
        try folder.write("\(one.name)-\(part).nii.gz", Array(#require(Data(base64Encoded: text))))
      }
      return DatasetCase(name: one.name, image: files[0], label: files[1])
    }
    return try DatasetSurvey(cases)
  }

  /// Sums of a hundred terms in another order; NIfTI-1 stores affines in single precision, so lengths and their products
  /// are equal to rounding in double once both have read the same header.
  private func expectEqual(_ found: Double, _ wanted: Double, of magnitude: Double, line: Int = #line) {
    let bound = 200 * 0x1p-52 * max(magnitude, abs(wanted))
    #expect(
      abs(found - wanted) <= bound, "\(found) is not \(wanted)",
      sourceLocation: SourceLocation(fileID: #fileID, filePath: #filePath, line: line, column: 1))
  }

  @Test func everyCaseIsReadAsNibabelReadsIt() throws {
    let folder = try TemporaryFolder()
    let (found, golden) = (try survey(folder).cases, try Self.golden.get())
    try #require(found.count == golden.count && found.count == 3)
    for (one, wanted) in zip(found, golden) {
      #expect(one.name == wanted.name && one.extent == wanted.extent && one.orientation == wanted.orientation)
      #expect(one.columns == wanted.columns)
      #expect(one.voxels == Dictionary(uniqueKeysWithValues: wanted.voxels.map { (Int($0) ?? -1, $1) }))
      #expect(one.lowest == wanted.lowest && one.highest == wanted.highest)
      for (length, side) in zip(one.spacing, wanted.spacing) { expectEqual(length, side, of: 1) }
      expectEqual(one.volume, wanted.volume, of: wanted.volume)
      expectEqual(one.foreground.mean, wanted.mean, of: 1000)
      expectEqual(one.foreground.deviation, wanted.deviation, of: 1000)
      for (value, percentile) in zip(one.foreground.percentiles, wanted.percentiles) {
        expectEqual(value, percentile, of: 1000)
      }
    }
  }

  @Test func casesAreSummedUp() throws {
    let folder = try TemporaryFolder()
    let (all, golden) = (try survey(folder), try Self.golden.get())
    #expect(all.labels.map(\.number) == [1, 2, 7, 300])
    #expect(all.labels.map(\.cases) == [2, 2, 2, 1])
    for label in all.labels {
      let wanted = golden.compactMap { $0.voxels["\(label.number)"] }.reduce(0, +)
      #expect(label.voxels == wanted && wanted > 0)
    }
    #expect(all.orientations == ["RAS": 1, "IPL": 1, "PSR": 1])
    for axis in 0..<3 {
      let sides = golden.map { Double($0.extent[axis]) }.sorted()
      #expect(all.extent[axis].least == sides[0] && all.extent[axis].most == sides[2])
      #expect(all.extent[axis].median == sides[1])
    }
  }

  @Test func oneCaseAfterTheOtherIsCounted() throws {
    let folder = try TemporaryFolder()
    let cases = try survey(folder).cases
    var told: [String] = []
    let again = cases.map { one in
      DatasetCase(
        name: one.name, image: folder.file("\(one.name)-image.nii.gz"), label: folder.file("\(one.name)-label.nii.gz"))
    }
    _ = try DatasetSurvey(again) { told.append("\($0) of \($1)") }
    #expect(told == ["1 of 3", "2 of 3", "3 of 3"])
  }
}
