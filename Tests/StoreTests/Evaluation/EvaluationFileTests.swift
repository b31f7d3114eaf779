import Compute
import Foundation
import Metrics
import Store
import TestSupport
import Testing

@Suite struct EvaluationFileTests {
  static let structures = ["L1", "L2/L3 ü"]
  static let cases = [
    CaseEvaluation(
      name: "Case1", dice: [0.5, nil], surfaceDistance: [1 / 3, nil], hausdorff95: [4.4, nil], truthVoxels: [7, 0],
      predictedVoxels: [5, 0], commonVoxels: [3, 0], confusion: [1, 2, 0, 4, 5, 6, 7, 8, 9]),
    CaseEvaluation(
      name: "fäll \u{1F9B4}", dice: [0, 1], surfaceDistance: [nil, 0], hausdorff95: [nil, 0],
      truthVoxels: [0, 1 << 40], predictedVoxels: [1, 2], commonVoxels: [0, 1], confusion: Array(10..<19)),
  ]

  static func write(to url: URL) throws {
    try EvaluationFile.write(
      StoredEvaluation(planIdentity: Fixture.identity, structures: structures, cases: cases), to: url)
  }

  @Test func roundTrip() throws {
    try withTemporaryFolder { folder in
      let url = folder.appending(path: "evaluation.h5")
      try Self.write(to: url)
      let stored = try EvaluationFile.read(url)
      #expect(stored.cases == Self.cases)
      #expect(stored.structures == Self.structures)
      #expect(stored.planIdentity == Fixture.identity)
    }
  }

  /// Everything of both grids: elements, tolerances, centroids, the ceiling, and what is not counted.
  @Test func bothGridsComeBackWhole() throws {
    try withTemporaryFolder { folder in
      var cases = Self.cases
      for index in cases.indices {
        let x = Double(index)
        cases[index].elements = SurfaceElementScores(
          average: [x + 0.1, nil], hausdorff95: [x + 3, nil], hausdorff: [x + 4, nil], tolerances: [1, 2.5, 4],
          normalizedDice: [[0.1, nil], [0.2, 0], [x, 1]])
        cases[index].truthCentroids = [SIMD3(x, 2, 3), nil]
        cases[index].predictedCentroids = [nil, SIMD3(4, 5, x)]
      }
      var other = cases
      other[1].dice = [nil, 0.25]
      let grid = StoredEvaluation.ImageGrid(cases: other, ceiling: [[1, nil], [0.9, 0.5]])
      let evaluation = StoredEvaluation(
        planIdentity: Fixture.identity, structures: Self.structures, cases: cases, imageGrid: grid)
      let url = folder.appending(path: "evaluation.h5")
      try EvaluationFile.write(evaluation, to: url)
      let stored = try EvaluationFile.read(url)
      #expect(stored == evaluation)
      #expect(stored.scores == other, "tables show the image's own grid")
    }
  }

  /// A distance that is not a number would pass for one that is not counted.
  @Test func aDistanceThatIsNotFiniteIsRefused() throws {
    try withTemporaryFolder { folder in
      var cases = Self.cases
      for index in cases.indices {
        cases[index].elements = SurfaceElementScores(
          average: [.infinity, nil], hausdorff95: [1, nil], hausdorff: [1, nil], tolerances: [], normalizedDice: [])
      }
      let evaluation = StoredEvaluation(
        planIdentity: Fixture.identity, structures: Self.structures, cases: cases)
      #expect(throws: StoreError.self) {
        try EvaluationFile.write(evaluation, to: folder.appending(path: "evaluation.h5"))
      }
    }
  }

  @Test func noCases() throws {
    try withTemporaryFolder { folder in
      let url = folder.appending(path: "evaluation.h5")
      try EvaluationFile.write(
        StoredEvaluation(planIdentity: Fixture.identity, structures: ["L1"], cases: []), to: url)
      #expect(try EvaluationFile.read(url).cases.isEmpty)
    }
  }

  /// A file made by h5py (Golden/make_golden.py).
  @Test func readsWhatH5pyWrote() throws {
    try withTemporaryFolder { folder in
      let url = folder.appending(path: "evaluation.h5")
      try golden("h5py-evaluation.h5").write(to: url)
      let stored = try EvaluationFile.read(url)
      #expect(stored.structures == ["L1", "L2/L3 ü"])
      #expect(stored.cases.map(\.name) == ["Case1", "Case2"])
      #expect(stored.cases[0].dice == [0.5, nil] && stored.cases[1].dice == [0.25, 1])
      #expect(stored.cases[1].truthVoxels == [3, 4])
      #expect(stored.cases[1].confusion == Array(9..<18))
    }
  }

  @Test(.enabled(if: Python.has("h5py"), "needs a Python with h5py ($SAFNET_PYTHON or python3)"))
  func h5pyReadsWhatWeWrote() throws {
    try withTemporaryFolder { folder in
      let url = folder.appending(path: "evaluation.h5")
      try Self.write(to: url)
      let script = """
        import h5py, json, sys
        f = h5py.File(sys.argv[1])
        print(json.dumps([f["cases"].asstr()[:].tolist(), f["structures"].asstr()[:].tolist(), str(f["dice"][:].tolist()),
          f["confusion"][1].tolist(), f["truth_voxels"][:].tolist()], ensure_ascii=False))
        """
      let expected = #"[["Case1", "fäll 🦴"], ["L1", "L2/L3 ü"], "[[0.5, nan], [0.0, 1.0]]", "#
      let rest = "[[10, 11, 12], [13, 14, 15], [16, 17, 18]], [[7, 0], [0, \(1 << 40)]]]\n"
      #expect(try Python.run(script, url.path) == expected + rest)
    }
  }

  @Test(arguments: [Double.nan, .infinity])
  func refusesWhatIsNotFinite(value: Double) throws {
    try withTemporaryFolder { folder in
      let url = folder.appending(path: "evaluation.h5")
      var cases = Self.cases
      cases[1].hausdorff95[1] = value
      let name = "fäll \u{1F9B4}: hausdorff95"
      #expect(throws: StoreError.notFinite(file: url.path, value: name)) {
        try EvaluationFile.write(
          StoredEvaluation(planIdentity: Fixture.identity, structures: Self.structures, cases: cases), to: url)
      }
      let left = try names(in: folder)
      #expect(left.isEmpty)
    }
  }

  @Test func flippedBitsAndTruncationsAreFound() throws {
    try withTemporaryFolder { folder in
      let url = folder.appending(path: "evaluation.h5")
      try Self.write(to: url)
      let data = try Data(contentsOf: url)
      var random = RandomStream(seed: 6, purpose: .test)
      for _ in 0..<1000 {
        var flipped = data
        let bit = random.nextInt(below: data.count * 8)
        flipped[bit / 8] ^= 1 << UInt8(bit % 8)
        try flipped.write(to: url)
        #expect(throws: StoreError.self, "bit \(bit)") { try EvaluationFile.read(url) }
      }
      for length in stride(from: 0, to: data.count, by: 53) {
        try data.prefix(length).write(to: url)
        #expect(throws: StoreError.self, "cut to \(length)") { try EvaluationFile.read(url) }
      }
    }
  }

  @Test func aCheckpointIsNoEvaluation() throws {
    try withTemporaryFolder { folder in
      let url = folder.appending(path: "best.h5")
      try CheckpointFile.write(Fixture.checkpoint(), to: url)
      #expect(throws: StoreError.damaged(file: url.path, .notOurs(expected: "evaluation"))) {
        try EvaluationFile.read(url)
      }
    }
  }

  @Test func scoresForOtherStructuresAreAProgrammingError() async {
    await #expect(processExitsWith: .failure) {
      try withTemporaryFolder { folder in
        try EvaluationFile.write(
          StoredEvaluation(
            planIdentity: Fixture.identity, structures: ["L1"], cases: EvaluationFileTests.cases),
          to: folder.appending(path: "evaluation.h5"))
      }
    }
  }
}
