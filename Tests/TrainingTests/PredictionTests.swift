import CPU
import Compute
import Experiments
import Foundation
import Networks
import Store
import Testing
import Training
import Volumes

@Suite struct PredictionTests {
  let fixture: Fixture

  init() throws { fixture = try Fixture() }

  /// An oblique-free image whose axes run right to left, feet to head, back to front: all reversed.
  func writeImage(_ name: String, constant: Bool = false) throws -> URL {
    let file = fixture.folder.appendingPathComponent(name)
    let geometry = Geometry(
      shape: [6, 40, 30], affine: Affine(rows: [[-4, 0, 0, 5], [0, 0, 2, -7], [0, 1.5, 0, 11]]))
    var stream = RandomStream(seed: 3, purpose: .test)
    let values = (0..<6 * 40 * 30).map { _ in constant ? Float(1) : stream.nextUniform() }
    try NIfTI.write(values, geometry: geometry, to: file)
    return file
  }

  func writeLabels(_ name: String, _ values: [UInt8], shape: [Int] = [2, 2, 2]) throws -> URL {
    let file = fixture.folder.appendingPathComponent(name)
    try NIfTI.write(values, geometry: Geometry(shape: shape, affine: Affine(spacing: SIMD3(1, 2, 3))), to: file)
    return file
  }

  @Test func aPredictionHasTheImagesOwnGeometryAndTheMapsNumbers() throws {
    let run = try fixture.undisturbed(Fixture.plan(epochs: 1) { $0.structures.structures[1].value = 200 })
    let image = try writeImage("image.nii.gz")
    let output = fixture.folder.appendingPathComponent("labels.nii.gz")
    let networks = try TrainedNetworks([run], choice: .best, engine: CPUEngine(), threads: 2)
    #expect(networks.sources.map(\.epoch) == [1] && networks.sources.map(\.run) == ["undisturbed"])
    let predictor = try Predictor(networks)
    let input = try predictor.input([image])
    try predictor.writeLabels(predictor.predict(input), of: input, to: output)
    let (before, after) = (try NIfTI.read(image), try NIfTI.read(output))
    #expect(after.geometry == before.geometry)
    #expect(after.grid.extent == before.grid.extent)
    #expect(Set(after.grid.values).isSubset(of: [0, 1, 200]))
  }

  @Test func storedPredictionsAreReadBackOnThePreparedGrid() throws {
    let run = try fixture.undisturbed(Fixture.plan(epochs: 1))
    let volume = try NIfTI.read(run.predictionsFolder.appendingPathComponent("network-grid/Case9.nii.gz"))
    #expect(volume.grid.extent == Fixture.extent)
    #expect(volume.geometry.spacing == SIMD3(4, 1, 1.5))
    let evaluation = try #require(try RunResult(of: run).evaluation.cases.first { $0.name == "Case9" })
    #expect([1.0, 2].map { label in volume.grid.values.count { $0 == label } } == evaluation.predictedVoxels)
    // In place, too: the first structure's common voxels counted on both grids.
    let truth = try MadeUpCases().load("Case9").labels
    let common = zip(volume.grid.values, truth.values).count { $0 == 1 && $1 == 1 }
    #expect(common == evaluation.commonVoxels[0])
  }

  /// The stored label map is the image's, with the map's numbers, and its Dice is counted there: what the crop took away
  /// is missed.
  @Test func testCasesAreScoredOnTheImagesOwnGrid() throws {
    let run = try fixture.undisturbed(Fixture.plan(epochs: 1) { $0.structures.structures[1].value = 200 })
    let evaluation = try RunResult(of: run).evaluation
    let grid = try #require(evaluation.imageGrid)
    for (index, scores) in grid.cases.enumerated() {
      let truth = try MadeUpCases().truth(scores.name)
      let file = run.predictionsFolder.appendingPathComponent("\(scores.name).nii.gz")
      let volume = try NIfTI.read(file)
      #expect(volume.geometry == truth.geometry)
      for (structure, number) in [1.0, 200].enumerated() {
        let predicted = volume.grid.values.map { $0 == number }
        let actual = truth.labels.values.map { $0 == structure + 1 }
        let common = zip(predicted, actual).count { $0 && $1 }
        let sizes = predicted.count { $0 } + actual.count { $0 }
        #expect(scores.dice[structure] == 2 * Double(common) / Double(sizes))
      }
      let onNetworkGrid = evaluation.cases[index]
      #expect(scores.truthVoxels[0] == onNetworkGrid.truthVoxels[0] + 1, "the voxel outside the crop counts")
      #expect(scores.predictedVoxels == onNetworkGrid.predictedVoxels)
      let first = Double(onNetworkGrid.truthVoxels[0])
      #expect(grid.ceiling[index] == [2 * first / (2 * first + 1), 1])
    }
  }

  /// `predict` and `evaluate` by hand come to what the run stored, bit for bit.
  @Test func evaluatingTheStoredLabelMapGivesTheStoredScores() throws {
    let run = try fixture.undisturbed(Fixture.plan(epochs: 1))
    let plan = try run.plan()
    let stored = try #require(try RunResult(of: run).evaluation.imageGrid)
    for scores in stored.cases {
      let truth = try MadeUpCases().truth(scores.name)
      let file = fixture.folder.appendingPathComponent("truth-\(scores.name).nii.gz")
      try NIfTI.write(
        truth.geometry.axes.file(from: truth.labels, shape: truth.geometry.shape), geometry: truth.geometry, to: file)
      var found = try LabelMapComparison.evaluate(
        prediction: run.predictionsFolder.appendingPathComponent("\(scores.name).nii.gz"), truth: file,
        labels: plan.structures
      ).scores
      found.name = scores.name
      #expect(found == scores)
    }
  }

  @Test func anUntrainedRunCannotPredict() throws {
    let run = try fixture.directory("new", plan: Fixture.plan())
    let error = #expect(throws: RunError.self) {
      try TrainedNetworks([run], choice: .best, engine: CPUEngine(), threads: 1)
    }
    #expect(error == .noEvaluableCheckpoint(run: "new"))
  }

  @Test func labelMapsAreScoredOnTheirOwnGrid() throws {
    let labels = LabelMap(structures: [.init(name: "a", value: 3), .init(name: "b", value: 7)])
    let truth = try writeLabels("truth.nii.gz", [3, 3, 0, 0, 7, 7, 7, 7])
    let prediction = try writeLabels("prediction.nii.gz", [3, 0, 0, 0, 7, 7, 7, 7])
    let scores = try LabelMapComparison.evaluate(prediction: prediction, truth: truth, labels: labels).scores
    #expect(scores.dice == [2.0 / 3.0, 1])
    #expect(scores.truthVoxels == [2, 4] && scores.predictedVoxels == [1, 4])
  }

  /// Of a file for nothing, and of one whose numbers are read as background.
  @Test func aMapWithoutAStructureIsSaidSo() throws {
    let (empty, truth) = (
      try writeLabels("empty.nii.gz", [UInt8](repeating: 0, count: 8)),
      try writeLabels("truth.nii.gz", [3, 3, 0, 0, 0, 0, 0, 0])
    )
    func notice(_ prediction: URL, _ truth: URL) throws -> String? {
      try LabelMapComparison.evaluate(prediction: prediction, truth: truth, labels: nil).notice
    }
    let words = "no voxel of any structure: is this the right file?"
    #expect(try notice(truth, empty) == "\(empty.path) holds \(words)")
    #expect(try notice(empty, truth) == "\(empty.path) holds \(words)")
    #expect(try notice(truth, truth) == nil)
    let named = LabelMap(structures: [.init(name: "a", value: 3)])
    let both = try LabelMapComparison.evaluate(prediction: empty, truth: empty, labels: named)
    #expect(both.notice == "\(empty.path) and \(empty.path) hold \(words)")
  }

  @Test func labelMapsThatDoNotFitAreRefused() throws {
    let labels = LabelMap(structures: [.init(name: "a", value: 3)])
    let truth = try writeLabels("truth.nii.gz", [3, 3, 0, 0, 0, 0, 0, 0])
    let strange = try writeLabels("strange.nii.gz", [9, 3, 0, 5, 0, 0, 5, 0])
    let longer = try writeLabels("longer.nii.gz", [UInt8](repeating: 0, count: 12), shape: [2, 2, 3])
    #expect(throws: LabelMapComparison.Problem.unknownLabels(file: strange.path, values: [5, 9], known: [0, 3])) {
      try LabelMapComparison.evaluate(prediction: strange, truth: truth, labels: labels)
    }
    let error = #expect(throws: LabelMapComparison.Problem.self) {
      try LabelMapComparison.evaluate(prediction: longer, truth: truth, labels: labels)
    }
    if case .differentGrids? = error { return }
    Issue.record("\(String(describing: error))")
  }
}
