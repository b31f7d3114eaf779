import Compute
import Foundation
import Store
import Testing
import Volumes
import Workbench

/// Label maps whose numbers mean other structures than the truth's: said at import and by `evaluate`, with what mends it.
@Suite struct RenumberedMapsTests {
  let sweep: SmallSweep

  init() throws { sweep = try SmallSweep.trained() }

  /// The dataset's own masks under other numbers, each without the last rows of a structure, so that none is the truth.
  private func masks(of cases: ClosedRange<Int> = 1...8, _ number: (UInt8) -> UInt8) throws -> URL {
    let folder = sweep.folder.appending(path: "maps")
    try? FileManager.default.removeItem(at: folder)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    for one in 1...8 {
      let mask = try NIfTI.read(URL(fileURLWithPath: sweep.path("phantom/Mask/mask_case\(one).nii.gz")))
      var values = mask.grid.values.map { cases.contains(one) ? number(UInt8($0)) : UInt8($0) }
      for index in values.indices.filter({ values[$0] != 0 }).prefix(8) { values[index] = 0 }
      try NIfTI.write(
        Grid3(mask.grid.extent, values: values), map: Self.numbers, geometry: mask.geometry,
        to: folder.appending(path: "Case\(one).nii.gz"))
    }
    return folder
  }

  /// Every number as itself.
  private static let numbers = LabelMap(structures: (1...60).map { .init(name: "\($0)", value: $0) })

  /// S, L5, ..., T10 are 1 to 9, the discs 11 to 18.
  private static func reversed(_ number: UInt8) -> UInt8 {
    switch number {
    case 1...9: 10 - number
    case 11...18: 29 - number
    default: number
    }
  }

  private func importing(
    _ maps: URL, labels: URL? = nil, replaces: Bool = false
  ) throws -> (errors: String, output: String) {
    let console = RecordedConsole()
    var session = ImportSession(try sweep.specification(), .predictions(maps), name: "Theirs")
    (session.labels, session.replaces) = (labels, replaces)
    try session.run(in: sweep.workspace, console: console)
    return (console.errors, console.output.joined(separator: "\n"))
  }

  /// The file that the warning holds: it makes the scores what the warning says.
  @Test func anImportInReverseOrderIsToldWithTheFileThatMendsIt() throws {
    let maps = try masks(Self.reversed)
    let first = try importing(maps)
    let lines = first.errors.split(separator: "\n").filter { $0.contains("numbers of the predictions") }
    let line = String(try #require(lines.first))
    let words =
      "warning: in 6 of 6 cases the numbers of the predictions lie in the reverse order of the truth's: mean Dice "
    #expect(lines.count == 1 && line.hasPrefix(words), "\(first.errors)")
    let (start, end) = (try #require(line.range(of: "FILE holding ")?.upperBound), line.endIndex)
    let file = sweep.folder.appending(path: "labels.json")
    try Data(line[start..<end].utf8).write(to: file)
    let dice = try #require(line.firstMatch(of: /mean Dice (\S+ %) as they are, (\S+ %) with them read so/))
    #expect(first.output.contains("mean Dice \(dice.1),"), "\(first)")
    let second = try importing(maps, labels: file, replaces: true)
    #expect(second.output.contains("mean Dice \(dice.2),"), "\(second), \(line)")
    #expect(!second.errors.contains("numbers of the predictions"), "\(second.errors)")
    let record = try #require(try ImportedRuns(sweep.workspace).methods(of: "small").first?.record)
    #expect(record.numbers[9] == "S" && record.numbers[1] == "T10" && record.numbers[10] == "background")
  }

  @Test func anImportWithSingleCasesInOtherNumbersIsNot() throws {
    let first = try importing(try masks { $0 }).errors
    #expect(!first.contains("numbers of the predictions"), "\(first)")
    let second = try importing(try masks(of: 1...1, Self.reversed), replaces: true).errors
    #expect(!second.contains("numbers of the predictions"), "\(second)")
  }

  /// With the number that follows the last structure's, which the experiment leaves out.
  @Test func anImportThatIsMovedByOneIsToldEveryNumber() throws {
    let errors = try importing(try masks { $0 == 0 ? 0 : $0 + 1 }).errors
    #expect(errors.contains("in 6 of 6 cases the numbers of the predictions are 1 above the truth's: mean Dice 0.00 %"))
    #expect(
      errors.contains(
        #"FILE holding {"background": [0, 1, 11], "S": 2, "L5": 3, "L4": 4, "L3": 5, "L2": 6, "L1": 7, "T12": 8, "T11": 9,"#
          + #" "T10": 10, "L5/S": 12, "#), "\(errors)")
    #expect(errors.contains(#""T10/T11": 19}"#), "\(errors)")
  }

  private func evaluation(_ maps: URL, _ labels: LabelMap?) throws -> (errors: String, evaluation: FolderEvaluation) {
    let console = RecordedConsole()
    let evaluation = try FolderEvaluation(
      predictions: maps.path, truths: sweep.path("phantom"), labels: labels, console: console)
    return (console.errors, evaluation)
  }

  @Test func evaluateTellsItOfNamedStructuresAndOfNumbers() throws {
    let maps = try masks(Self.reversed)
    let named = try evaluation(maps, .mrSpineSeg)
    let words = "warning: in 8 of 8 cases the numbers of the predictions lie in the reverse order of the truth's: mean"
    #expect(named.errors.contains(words), "\(named.errors)")
    #expect(named.errors.contains("write in the predictions 1 as 9, 2 as 8, "), "\(named.errors)")
    #expect(named.errors.contains(#"with --labels FILE, FILE holding {"background": [0, 10, 19], "S": 9, "L5": 8, "#))
    #expect(named.evaluation.summary.reversed == 8 && named.evaluation.summary.shifts.isEmpty)
    #expect(named.evaluation.text.contains("identified; cases: 8 in the reverse order"), "\(named.evaluation.text)")
    #expect(!named.evaluation.text.contains("too far towards"))
    #expect(named.evaluation.cases[0].failures[0].hasPrefix("names in the reverse order, mean Dice 9"))
    // Numbers have no chains: that of the discs is turned round by itself.
    let numbers = try evaluation(maps, nil)
    #expect(numbers.errors.contains("the numbers of the predictions mean other structures than the truth's"))
    #expect(!numbers.errors.contains("--labels"), "\(numbers.errors)")
  }

  /// Of numbers that the truth alone has there is nothing to write.
  @Test func evaluateNamesNumbersThatThePredictionsHold() throws {
    let told = try evaluation(try masks { $0 == 0 ? 0 : 40 + Self.reversed($0) }, nil).errors
    let reading = try #require(told.firstMatch(of: /write in the predictions ([^;\n]*)/)?.1, "\(told)")
    let numbers = reading.split(separator: ", ").compactMap { $0.split(separator: " ").first.flatMap { Int($0) } }
    #expect(numbers.count >= 9 && numbers.allSatisfy { $0 > 40 }, "\(told)")
  }

  @Test func evaluateTellsNumbersThatAreAllMoved() throws {
    let maps = try masks { $0 == 0 ? 0 : $0 + 1 }
    let moved = try evaluation(maps, nil).errors
    #expect(
      moved.contains(
        "warning: in 8 of 8 cases the numbers of the predictions are 1 above the truth's: mean Dice 0.00 %"),
      "\(moved)")
    #expect(moved.contains("If they mean that, write in the predictions 2 as 1, 3 as 2, "), "\(moved)")
    let single = try evaluation(try masks(of: 1...1) { $0 == 0 ? 0 : $0 + 1 }, nil).errors
    #expect(!single.contains("numbers of the predictions"), "\(single)")
  }

  @Test func onePairIsToldOfTheReverseOrder() throws {
    let maps = try masks(Self.reversed)
    let one = try ImageEvaluation(
      prediction: maps.appending(path: "Case1.nii.gz").path, truth: sweep.path("phantom/Mask/mask_case1.nii.gz"),
      names: .experiment(sweep.specification()), in: sweep.workspace)
    #expect(one.notices.contains { $0.hasPrefix("in 1 of 1 case the numbers of the predictions lie in the reverse") })
    #expect(one.text.contains("names are in the reverse order; with them moved, mean Dice 9"), "\(one.text)")
  }
}
