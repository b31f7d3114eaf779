import Compute
import Foundation
import TestSupport
import Testing
import Volumes

@Suite struct PhantomTests {
  @Test func sameSeedSameFilesWhateverTheThreads() throws {
    let folders = try [1, 2].map { workers in
      let folder = try TemporaryFolder()
      try Phantom(cases: 3, slices: 4...6, height: 32, width: 40).write(to: folder.url, workers: workers)
      return folder
    }
    for name in ["MR/Case1.nii.gz", "MR/Case3.nii.gz", "Mask/mask_case2.nii.gz"] {
      let both = try folders.map { try Data(contentsOf: $0.url.appendingPathComponent(name)) }
      #expect(both[0] == both[1], "\(name)")
    }
  }

  @Test func anotherSeedIsAnotherSet() throws {
    let images = try [1, 2].map { seed in
      let folder = try TemporaryFolder()
      try Phantom(cases: 1, seed: UInt64(seed), slices: 4...4, height: 32, width: 32).write(to: folder.url)
      return try NIfTI.read(folder.url.appendingPathComponent("MR/Case1.nii.gz")).grid
    }
    #expect(images[0] != images[1])
  }

  @Test func whereItCannotLieIsSaidWithWhatStandsInTheWay() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write("file", [1])
    let error = #expect(throws: DatasetErrors.self) { try Phantom(cases: 1).write(to: file.appending(path: "set")) }
    #expect(
      error?.description.hasSuffix(
        "\(file.path) is a file, and a folder is needed there: move it away, or give another path.")
        == true, "\(error?.description ?? "")")
  }

  /// The sizes that `make demo` uses: every structure in enough cases to learn it, T10 in some but not in all, the
  /// sacrum in all, and nothing else in the masks.
  @Test func holdsTheSeventeenStructures() throws {
    let folder = try TemporaryFolder()
    let phantom = Phantom(cases: 24, slices: 12...12, height: 48, width: 48)
    try phantom.write(to: folder.url)
    let dataset = try Dataset.open(folder.url)
    #expect(dataset.layout == .mrSpineSeg)
    #expect(dataset.names == (1...24).map { "Case\($0)" })
    var counts: [Int: Int] = [:]
    for one in dataset.cases {
      let mask = try NIfTI.read(one.label)
      #expect(mask.geometry.axes.codes == "IPR")
      for value in Set(mask.grid.values) { counts[Int(value), default: 0] += 1 }
    }
    let known = LabelMap.mrSpineSeg.structures.map(\.value)
    #expect(counts.keys.sorted() == [0] + known)
    for name in ["S", "L5", "L4", "L3", "L2", "L1", "T12", "L5/S", "T12/L1", "T11/T12"] {
      let value = LabelMap.mrSpineSeg.structures.first { $0.name == name }!.value
      #expect(counts[value] == 24, "\(name)")
    }
    #expect((2...16).contains(counts[9] ?? 0), "T10")
    #expect((counts[9] ?? 0) < (counts[18] ?? 0), "T10/T11 is in more cases than T10")
    #expect((18..<24).contains(counts[8] ?? 0) || counts[8] == 24, "T11")
  }

  @Test func outOfRangeValuesAreNamed() {
    let wrong = Phantom(cases: 0, slices: 0...3, height: 8, width: 5000, fieldOfView: 10...20, noise: -1)
    #expect(
      wrong.problems.map(\.path) == ["cases", "slices", "height", "width", "fieldOfView", "noise"])
    #expect(Phantom().problems.isEmpty)
    let error = #expect(throws: DatasetErrors.self) {
      try Phantom(fieldOfView: 100...300).write(to: URL(fileURLWithPath: "/nowhere"))
    }
    #expect(error?.description == "phantom.fieldOfView: 100.0 to 300.0 mm is not within 150 to 600 mm")
  }

  @Test func decodesWithDefaults() throws {
    let given = try JSONDecoder().decode(Phantom.self, from: Data(#"{"cases": 7, "slices": [3, 4]}"#.utf8))
    #expect(given == Phantom(cases: 7, slices: 3...4))
  }
}
