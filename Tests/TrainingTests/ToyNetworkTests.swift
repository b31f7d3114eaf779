import Experiments
import Foundation
import Models
import Networks
import Store
import Testing
import Training
import Volumes

/// A network that is added in one file and one registration goes all the way, without another line anywhere.
@Suite struct ToyNetworkTests {
  static let experiment = """
    {
      "name": "toy", "dataset": { "path": "data", "labels": { "upper": 1, "lower": 2 } },
      "preprocessing": { "size": [4, 32, 16] }, "folds": { "count": 5, "validation": 1 },
      "training": { "epochs": 1, "batch": 3 },
      "model": { "kind": "toy", "width": 3 },
      "variants": [
        { "name": "Toy" }, { "name": "No skip", "model": { "skips": false } }, { "name": "SAFNet", "model": { "kind": "safnet" } }
      ]
    }
    """

  private func load(_ fixture: Fixture, set overrides: [String] = []) throws -> Specification {
    let file = fixture.folder.appendingPathComponent("toy.json")
    try Data(Self.experiment.utf8).write(to: file)
    return try Specification.load(file, overrides: overrides, workingDirectory: fixture.folder, networks: .withToy)
  }

  private func plans(_ fixture: Fixture) throws -> [PlannedRun] {
    let names = (1...10).map { "Case\($0)" }
    let dataset = Dataset(
      root: fixture.folder, layout: .mrSpineSeg,
      cases: names.map { DatasetCase(name: $0, image: fixture.folder, label: fixture.folder) })
    return try ExperimentPlan(
      specification: load(fixture), dataset: dataset, fingerprint: DatasetFingerprint(digest: "made up", cases: 10),
      present: Dictionary(uniqueKeysWithValues: names.map { ($0, [true, true]) })
    ).runs
  }

  @Test func isReadAndCheckedLikeAnyOther() throws {
    let fixture = try Fixture()
    let specification = try load(fixture)
    #expect(specification.variants.map(\.model.slug) == ["toy", "toy-base", "safnet"])
    #expect(specification.variants[0].model.components.map(\.isOn) == [true])
    let error = #expect(throws: SpecificationErrors.self) {
      try load(fixture, set: ["model.widht=3", "model.width=1"])
    }
    #expect(error?.description.contains("model.widht: unknown key, did you mean width?") == true)
    #expect(error?.description.contains("found 1, allowed: 2 to 4096") == true)
    #expect(throws: SpecificationErrors.self, "the program's own list has no such network") {
      try Specification.load(fixture.folder.appendingPathComponent("toy.json"))
    }
  }

  @Test func itsPlansHaveIdentitiesAndReadBack() throws {
    let fixture = try Fixture()
    let runs = try plans(fixture)
    #expect(Set(runs.map(\.identity)).count == 15)
    #expect(runs[0].directoryName.hasPrefix("toy-f1-"))
    #expect(runs[0].plan.model.json == ["kind": "toy", "width": 3, "skips": true])
    let read = try Plan(json: runs[0].plan.canonicalJSON, file: "plan.json", networks: .withToy)
    #expect(read == runs[0].plan && read.identity == runs[0].identity)
    #expect(throws: SpecificationErrors.self) { try Plan(json: runs[0].plan.canonicalJSON, file: "plan.json") }
  }

  @Test func itsRunIsTrainedAndTested() throws {
    let fixture = try Fixture()
    let plan = try plans(fixture)[0].plan
    let run = try fixture.directory("toy", plan: plan)
    let training = try TrainingRun(
      directory: run, cases: MadeUpCases(), threads: 1, programVersion: "test", networks: .withToy)
    #expect(try training.run(stop: StopFlag()) == .finished)
    #expect(try EvaluationFile.read(run.evaluationFile).cases.count == plan.fold.test.count)
    _ = try Predictor(run: run, choice: .best, threads: 1, networks: .withToy)
  }
}
