import Experiments
import Foundation
import Store
import Synchronization
import TestSupport
import Testing
import Volumes
import Workbench

@Suite struct OpeningTests {
  private let temporary: TemporaryFolder
  var folder: URL { temporary.url }

  init() throws {
    temporary = try TemporaryFolder()
    try temporary.write("small.json", SmallExperiment.json(cases: 6))
  }

  var workspace: Workspace { Workspace(folder.appendingPathComponent("Workspace")) }

  func opening(_ report: @escaping @Sendable (ExperimentOpening.Step) -> Void = { _ in }) throws -> ExperimentOpening {
    let specification = try Specification.load(folder.appendingPathComponent("small.json"))
    return ExperimentOpening(specification: specification, workspace: workspace, workers: 2, report: report)
  }

  @Test func anExperimentIsOpenedFromNothingAndThenQuickly() throws {
    let steps = Mutex<[ExperimentOpening.Step]>([])
    let opening = try opening { step in steps.withLock { $0.append(step) } }
    let first = try opening.open()
    #expect(first.plan.runs.count == 4)
    #expect(steps.withLock { $0 }.contains(.phantom(done: 6, of: 6)))
    #expect(steps.withLock { $0 }.contains(.preparing(done: 6, of: 6)))
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == [
        "Workspace", "phantom", "small.json",
      ])

    steps.withLock { $0 = [] }
    try opening.checkCases(of: first)
    // What is checked is not read again, and what was found is said.
    #expect(steps.withLock { $0 }.dropFirst() == [.folds("drawn here, 2 by seed 2023")])
    guard case .census(let census)? = steps.withLock({ $0.first }) else {
      Issue.record("no census")
      return
    }
    #expect((census.foundImages, census.foundMasks, census.cases) == (6, 6, 6) && census.structures.count == 17)
    steps.withLock { $0 = [] }
    let second = try opening.open()
    #expect(second.plan.runs.map(\.identity) == first.plan.runs.map(\.identity))
    #expect(steps.withLock { $0 } == [.fingerprint(cases: 6)])

    try opening.checkCases(of: second)
    #expect(steps.withLock { $0 }.contains(.preparing(done: 6, of: 6)))
  }

  @Test func splitsAreWrittenAsNnUNetReadsThem() throws {
    let opened = try opening().open()
    try opened.writeSplits(to: folder.appendingPathComponent("splits/small"))
    let splits = try SplitsFile.read(folder.appendingPathComponent("splits/small/splits_final.json"))
    #expect(splits.count == 2)
    #expect(splits.flatMap(\.val).sorted() == opened.dataset.names.sorted())
  }

  @Test func aMissingDatasetWithoutPhantomIsAnError() throws {
    let text = SmallExperiment.json(cases: 6).replacingOccurrences(
      of: ", \"phantom\": { \"cases\": 6, \"seed\": 5, \"height\": 96, \"width\": 96 }", with: "")
    try Data(text.utf8).write(to: folder.appendingPathComponent("small.json"))
    let error = #expect(throws: DatasetErrors.self) { try opening().open() }
    #expect(error.map { "\($0)".contains("phantom") } == true)
  }

  /// A path that is misspelt, beside the images that were meant.
  @Test func madeUpImagesInThePlaceOfOthersAreTold() throws {
    _ = try opening().open()
    let text = SmallExperiment.json(cases: 6).replacing(#""path": "phantom""#, with: #""path": "phantoms""#)
    try Data(text.utf8).write(to: folder.appendingPathComponent("small.json"))
    let steps = Mutex<[ExperimentOpening.Step]>([])
    var second = try opening { step in steps.withLock { $0.append(step) } }
    second.keeps = false
    _ = try second.open()
    let place = folder.path
    #expect(
      steps.withLock { $0 }.contains(
        .notice(
          "nothing is at \(place)/phantoms, which dataset.path names, so that made-up images (dataset.phantom) take its place;"
            + " \(place)/phantom is beside it: write that into dataset.path, and take dataset.phantom out, if those images are meant"
        )))
    // A dry run writes nothing, and does not say that it does.
    #expect(steps.withLock { $0 }.contains(.phantom(done: 6, of: 6, stays: false)))
    let console = RecordedConsole()
    PreparationLines(console).show(.phantom(done: 6, of: 6, stays: false))
    #expect(console.errors == "making the phantom up for this look: 6 of 6\n")
  }

  @Test func aDamagedDatasetIsRefusedBeforeAnythingTrains() throws {
    _ = try opening().open()
    let mask = folder.appendingPathComponent("phantom/Mask/mask_case3.nii.gz")
    try Data(contentsOf: mask).dropLast(40).write(to: mask)
    let error = #expect(throws: DatasetErrors.self) { try opening().open() }
    #expect(error?.problems.count == 1)
    #expect(error.map { "\($0)".contains("mask_case3.nii.gz") } == true)
  }
}
