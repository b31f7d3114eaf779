import Foundation
import Store
import TestSupport
import Testing
import Training
import Volumes
import Workbench

@Suite struct FolderEvaluationTests {
  let folder: TemporaryFolder
  static let names = LabelMap(structures: [
    .init(name: "L3", value: 1), .init(name: "L4", value: 2), .init(name: "L5", value: 3),
  ])

  init() throws {
    folder = try TemporaryFolder()
    for name in ["pred", "truth"] {
      try FileManager.default.createDirectory(at: folder.file(name), withIntermediateDirectories: true)
    }
  }

  /// Three blocks of vertebrae, from head to foot, in one slice of 1 x 12 x 6 voxels (D, H, W) of 5 mm.
  private func write(_ file: String, _ labels: [UInt8], rows: Range<Int> = 1..<11, width: Int = 4) throws {
    var values = [UInt8](repeating: 0, count: 12 * 6)
    for row in rows {
      for column in 1..<(1 + width) {
        values[row * 6 + column] = labels[min(labels.count - 1, (row - 1) * labels.count / 10)]
      }
    }
    // i runs from front to back, j from head to foot.
    let affine = Affine(rows: [[0, 0, 5, 0], [-5, 0, 0, 0], [0, -5, 0, 0]])
    try NIfTI.write(values, geometry: Geometry(shape: [6, 12, 1], affine: affine), to: folder.file(file))
  }

  private func evaluate(
    _ labels: LabelMap? = names, _ console: RecordedConsole = RecordedConsole()
  ) throws -> FolderEvaluation {
    try FolderEvaluation(
      predictions: folder.file("pred").path, truths: folder.file("truth").path, labels: labels, console: console)
  }

  @Test func casesArePairedByNameAndTheRestIsNamed() throws {
    for name in ["Case1", "Case2", "Case10", "Extra"] { try write("pred/\(name).nii.gz", [1, 2, 3]) }
    try folder.write("pred/._Case1.nii.gz", "x")
    for name in ["mask_case1", "Case2", "Mask_Case10", "Alone"] { try write("truth/\(name).nii.gz", [1, 2, 3]) }
    let console = RecordedConsole()
    let evaluation = try evaluate(Self.names, console)
    #expect(evaluation.cases.map(\.name) == ["Case1", "Case2", "Case10"])
    #expect(evaluation.missing == ["Alone"] && evaluation.extra == ["Extra"] && !evaluation.isComplete)
    #expect(evaluation.summary.meanDice?.mean == 1 && evaluation.failures.isEmpty)
    #expect(
      evaluation.text.contains(
        "1 without a prediction, in no number above: Alone\n1 without a truth, not scored: Extra"))
    #expect(console.errors.contains("._Case1.nii.gz"))
  }

  @Test func twoFilesOfOneCaseAreNamed() throws {
    for name in ["pred/a.nii.gz", "pred/a.nii", "truth/a.nii.gz"] { try write(name, [1, 2, 3]) }
    let error = #expect(throws: DatasetErrors.self) { try evaluate() }
    #expect("\(try #require(error))".contains("case a is already"))
  }

  @Test func withoutACommonCaseNothingIsScored() throws {
    try write("pred/a.nii.gz", [1])
    try write("truth/b.nii.gz", [1])
    let (predictions, truths) = (folder.file("pred").path, folder.file("truth").path)
    let error = #expect(throws: ImageUsageError.self) { try evaluate() }
    #expect(
      error?.description
        == "no case of \(predictions) (a) is in \(truths) (b): files are paired by their names without the"
        + " ending, and mask_case1 is Case1. Rename those of one folder as the other's.")
    for number in 1...5 {
      try write("pred/p\(number).nii.gz", [1])
      try write("truth/sub-0\(number)_seg.nii.gz", [1])
    }
    let more = #expect(throws: ImageUsageError.self) { try evaluate() }
    #expect(more?.description.contains("(a, p1, p2 and 3 more)") == true)
    #expect(
      more?.description.hasSuffix("as the other's, such as p1 as sub-01_seg.") == true, "\(more?.description ?? "")")
  }

  @Test(arguments: [("pred", "truth"), ("truth", "pred")]) func anEmptyFolderIsToldAsOneOfLabelMaps(
    empty: String, full: String
  )
    throws
  {
    try write("\(full)/a.nii.gz", [1])
    try folder.write("\(empty)/notes.txt", "x")
    #expect(throws: ImageUsageError.nothingInFolder(folder: folder.file(empty).path)) { try evaluate() }
  }

  /// Neither file holds a structure: the case is in no mean, and the one beside it is scored.
  @Test(arguments: [nil, names]) func aPairWithoutAStructureIsNamed(labels: LabelMap?) throws {
    for side in ["pred", "truth"] {
      try write("\(side)/a.nii.gz", [0])
      try write("\(side)/b.nii.gz", [1, 2, 3])
    }
    let evaluation = try evaluate(labels)
    #expect(evaluation.cases.map(\.name) == ["a", "b"] && evaluation.summary.meanDice?.count == 1)
    #expect(
      evaluation.text.contains(
        "\n1 without a structure in prediction and truth, in no mean above (no structure counts): a"),
      "\(evaluation.text)")
    #expect(evaluation.isComplete && evaluation.failures.isEmpty)
    #expect(try JSONEncoder().encode(evaluation).count > 0 && !EvaluationCSV.text(evaluation.cases).isEmpty)
    let one = try ImageEvaluation(
      prediction: folder.file("pred/a.nii.gz").path, truth: folder.file("truth/a.nii.gz").path, names: .numbers,
      in: Workspace(folder.file("W")))
    #expect(one.text.contains("mean Dice no structure counts"), "\(one.text)")
    #expect(try JSONEncoder().encode(one.scores).count > 0)
  }

  /// 201 to 205 for 1 to 5: every row is 0, and nothing was drawn wrongly.
  @Test func numbersOfAnotherKindAreNamed() throws {
    try write("truth/a.nii.gz", [1, 2])
    try write("pred/a.nii.gz", [201, 202])
    let console = RecordedConsole()
    _ = try evaluate(nil, console)
    let words =
      "no number of the prediction (201, 202) is one of the truth (1, 2), so that every score is 0: write one of both with the"
      + " other's numbers, such as 201 as 1"
    #expect(console.errors == "warning: \(words)\n")
    let one = try ImageEvaluation(
      prediction: folder.file("pred/a.nii.gz").path, truth: folder.file("truth/a.nii.gz").path, names: .numbers,
      in: Workspace(folder.file("W")))
    #expect(one.notices.last == words, "\(one.notices)")
    // One number in common is enough.
    try write("truth/b.nii.gz", [201])
    try write("pred/b.nii.gz", [201])
    let other = RecordedConsole()
    _ = try evaluate(nil, other)
    #expect(!other.errors.contains("no number of"), "\(other.errors)")
  }

  /// No level of the prediction lies on one of the truth: there is no case to count.
  @Test func withoutALevelThatMeetsAnotherNoCasesAreListed() throws {
    try write("pred/a.nii.gz", [0])
    try write("truth/a.nii.gz", [1, 2, 3])
    let text = try evaluate().text
    #expect(text.contains("0 of 3 levels identified; in no case does a predicted level lie on a true one"), "\(text)")
    #expect(!text.contains("cases: \n") && text.contains("1 of 1 case failed in part"), "\(text)")
  }

  @Test func failuresHaveTheirReasons() throws {
    let truths: [(name: String, predicted: [UInt8])] = [
      ("empty", [0]), ("shifted", [0, 1, 2]), ("missed", [1, 2, 0]), ("fine", [1, 2, 3]),
    ]
    for (name, predicted) in truths {
      try write("truth/\(name).nii.gz", [1, 2, 3])
      try write("pred/\(name).nii.gz", predicted)
    }
    try write("truth/invented.nii.gz", [1, 2, 0])
    try write("pred/invented.nii.gz", [1, 2, 3])
    try write("truth/poor.nii.gz", [1, 2, 3], rows: 1..<12)
    try write("pred/poor.nii.gz", [1, 2, 3], rows: 1..<11, width: 1)
    let evaluation = try evaluate()
    let reasons = Dictionary(uniqueKeysWithValues: evaluation.failures.map { ($0.name, $0.failures) })
    #expect(reasons["empty"] == ["nothing found"])
    #expect(reasons["shifted"]?.first?.hasPrefix("names 1 too far towards the head, mean Dice 100.00 %") == true)
    #expect(reasons["missed"] == ["missed: L5"])
    #expect(reasons["invented"]?.first?.hasPrefix("found where there is none: L5 (") == true)
    #expect(
      reasons["poor"]?.first?.hasPrefix("Dice below 50 %: L3 40.00 %, L4 40.00 %, L5 (cut by the image's edge) ")
        == true)
    #expect(reasons["fine"] == nil)
    #expect(evaluation.failures.first?.name == "empty", "the worst comes first")
    let text = evaluation.text
    #expect(text.contains("5 of 6 cases failed in part, the worst first:"))
    #expect(text.contains("4 not shifted, 1 by 1 towards the head"))
    let last = try #require(evaluation.summary.structures.last)
    #expect(last.name == "L5" && last.present == 5 && last.missed == 3 && last.invented == 1)
    #expect(last.dice?.count == 6)
  }

  @Test func whatCannotBeComparedIsNamedAndTheOthersAreScored() throws {
    for name in ["a", "b"] { for side in ["pred", "truth"] { try write("\(side)/\(name).nii.gz", [1, 2, 3]) } }
    try write("pred/b.nii.gz", [1, 9])
    let evaluation = try evaluate()
    #expect(evaluation.cases.map(\.name) == ["a"] && evaluation.unscored.map(\.name) == ["b"])
    #expect(evaluation.text.contains("b is not scored: ") && evaluation.text.contains("holds the label 9"))
    #expect(!evaluation.isComplete)
    // Without names, every number is a structure of its own.
    let numbers = try self.evaluate(nil)
    #expect(numbers.cases.count == 2 && numbers.summary.structures.map(\.name) == ["1", "2", "3", "9"])
  }

  @Test func theLongTableHoldsEveryNumberInFull() throws {
    try write("truth/a.nii.gz", [1, 2, 3])
    try write("pred/a.nii.gz", [1, 2, 0], rows: 1..<10)
    let evaluation = try evaluate()
    let file = folder.file("scores.csv")
    try EvaluationCSV.write(evaluation.cases, to: file.path)
    let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map(String.init)
    #expect(lines[0] == "case,structure,metric,unit,value,truth_voxels,predicted_voxels")
    let scores = evaluation.cases[0].scores
    let dice = try #require(scores.dice[1])
    #expect(lines.contains("a,L4,dice,1,\(dice),\(scores.truthVoxels[1]),\(scores.predictedVoxels[1])"))
    #expect(lines.contains("a,L5,assd,mm,,\(scores.truthVoxels[2]),0"), "what is not defined is empty")
    #expect(lines.count == 1 + 3 * 12)
    #expect(lines.contains { $0.hasPrefix("a,L3,nsd_2mm,1,") })
  }

  @Test func onlyATableOfScoresIsReplaced() throws {
    try write("truth/a.nii.gz", [1, 2, 3])
    try write("pred/a.nii.gz", [1, 2, 3])
    let own = folder.file("scores.csv").path
    try EvaluationCSV.check(own)
    try EvaluationCSV.write(evaluate().cases, to: own)
    try EvaluationCSV.check(own)
    let manifest = try folder.write("manifest.csv", "case,image,label\n")
    #expect(throws: UsageError.outputExists(file: manifest.path)) { try EvaluationCSV.check(manifest.path) }
  }

  /// A run's own predictions, scored by folder, have the report's scores bit for bit.
  @Test func aFolderOfARunsPredictionsGivesTheReportsScores() throws {
    let sweep = try SmallSweep.trained()
    let run = try sweep.workspace.runDirectories()[0]
    let evaluation = try FolderEvaluation(
      predictions: run.predictionsFolder.path, truths: sweep.path("phantom"),
      labels: ImageEvaluation.labels(.run(run.name), in: sweep.workspace), console: RecordedConsole())
    let stored = try #require(try RunResult(of: run).evaluation.imageGrid).cases
    #expect(evaluation.cases.map(\.scores) == stored.sorted { $0.name < $1.name })
    #expect(evaluation.missing.count == 8 - stored.count)
  }
}
