import Foundation
import TestSupport
import Testing
import Workbench

/// What is said of an import that is refused, beside the tests of when it is.
@Suite struct ImportWordsTests {
  @Test func anotherFoldsTrainingCaseIsSaidWithWhatToCorrect() {
    let words =
      "maps/c.nii.gz: Case3 is training data of fold 2 of this experiment, so its score there would be of a network"
      + " that has seen it. If that network did not learn from it, correct the column fold of --cases; else move the"
      + " map away and give --partial \"why\"."
    #expect(ImportProblem.trainedOn(file: "maps/c.nii.gz", name: "Case3", fold: 2).description == words)
  }

  @Test(arguments: [(false, "in train"), (true, "in train and in val")])
  func aLeakOfTheSplitsIsSaidWithTheirFile(isHeldOut: Bool, place: String) {
    let words =
      "maps/c.nii.gz: results/other.json has Case3 \(place) of its fold 0, counted from 0, so its score there would be of a"
      + " network that has seen it."
    let problem = ImportProblem.leak(
      file: "maps/c.nii.gz", name: "Case3", fold: 0, splits: "results/other.json", isHeldOut: isHeldOut)
    #expect(problem.description.hasPrefix(words), "\(problem)")
  }

  @Test func aNetworkOfAllCasesIsSaidWithWhatToTrain() {
    let words =
      "results holds fold_all only, a network that was trained on all cases: what it makes of them says nothing. Train"
      + " the folds (nnUNetv2_train ... 0, then 1 and so on), and import those."
    #expect(ImportProblem.onlyFoldAll(folder: "results").description == words)
  }

  /// What is given in a file's place, and a file that was cut off: each is named once, with how to go on.
  @Test func whatCannotBeReadIsToldOnceWithHowToGoOn() throws {
    let foreign = try ForeignResults()
    func words(_ change: (inout ImportSession) -> Void) throws -> String {
      try foreign.problems(change).map(\.description).joined(separator: "\n")
    }
    let form = "a dataset.json, or a file with names and numbers, such as {\"L5\": 1, \"L4\": 2}"
    let (results, experiment) = (foreign.temporary.file("results"), foreign.temporary.file("foreign.json"))
    #expect(try words { $0.labels = results } == "\(results.path): it is a folder. Give \(form).")
    let inside = foreign.results.appending(path: "dataset.json").path
    #expect(
      try words { $0.labels = foreign.results } == "\(foreign.results.path): it is a folder. Give \(inside).")
    #expect(
      try words { $0.labels = experiment }.hasPrefix("\(experiment.path): it is an experiment. Leave --labels out"))
    #expect(
      try words { $0.cases = results }
        == "\(results.path): cannot be read (Is a directory); give a file in its place.")
    let summary = foreign.results.appending(path: "fold_0/validation/summary.json")
    try Data("{\n".utf8).write(to: summary)
    let cut = try words { _ in }
    #expect(cut.hasPrefix("\(summary.path):") && cut.contains(": the text ends where "), "\(cut)")
    #expect(cut.contains(". Copy it anew from nnU-Net's results, or move it away: its scores are only compared"))
    #expect(cut.components(separatedBy: summary.path).count == 2)
  }

  /// All of both at once.
  @Test func structuresOfOtherNamesAreToldWithWhatToWrite() throws {
    let foreign = try ForeignResults()
    let file = foreign.results.appending(path: "dataset.json")
    try Data(#"{"labels": {"background": 0, "A": 1, "B": 2, "C": 3}}"#.utf8).write(to: file)
    let example = #"{"L5": 1, "L4": 2, "L4/L5": 3}"#
    #expect(
      try foreign.problems().map(\.description) == [
        "\(file.path): \"A\", \"B\", \"C\" are no structures of this experiment. The file has A (1), B (2), C (3), and the"
          + " experiment L5, L4, L4/L5: say which number is which in a file for --labels, such as \(example); what counts as"
          + " background stands there too: {\"background\": [0, 7]}."
      ])
    try Data(#"{"labels": {"background": 0, "L5": 1, "B": 2}}"#.utf8).write(to: file)
    #expect(try foreign.problems()[0].description.contains(#"such as {"L5": 1, "L4": NUMBER, "L4/L5": NUMBER};"#))
    // As the advice says.
    let labels = try foreign.temporary.write("labels.json", example)
    try foreign.run { $0.labels = labels }
  }

  @Test func whatANameMustBeIsSaid() {
    let words = "--name ' x ' cannot head a row: it needs 1 to 200 bytes in one line, without blanks at its ends."
    #expect(ImportRefusal.badName(name: " x ").description == words)
  }
}
