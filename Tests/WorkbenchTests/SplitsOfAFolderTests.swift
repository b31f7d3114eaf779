import Foundation
import Testing
import Workbench

/// What the check of a dataset's folder says of the splits in it, without an experiment that takes them.
@Suite struct SplitsOfAFolderTests {
  private let data: TinyDataset
  private var file: String { data.root.appending(path: "splits_final.json").path }

  init() throws {
    data = try TinyDataset()
    try data.write(cases: 6)
  }

  private func report(_ splits: String) throws -> DatasetReport {
    try data.folder.write("data/splits_final.json", splits)
    return try DatasetReport(checking: data.root.path, layout: .automatic, labels: nil)
  }

  private func problems(_ splits: String) throws -> [String] { try report(splits).problems }

  @Test func soundOnesAreNoProblem() throws {
    let splits =
      #"[{"train":["c1","c2","c3"],"val":["c4","c5","c6"]},{"train":["c4","c5","c6"],"val":["c1","c2","c3"]}]"#
    #expect(try problems(splits) == [])
    // One fold of several, and cases that all of them keep for a test set.
    #expect(try problems(#"[{"train":["c1","c2","c3"],"val":["c4","c5","c6"]}]"#) == [])
    #expect(try problems(#"[{"train":["c1","c2","c3"],"val":["c4","c5"],"test":["c6"]}]"#) == [])
  }

  @Test func aCaseThatIsHeldOutTwiceIsAProblem() throws {
    let splits =
      #"[{"train":["c1","c2","c3"],"val":["c4","c5","c6"]},{"train":["c4","c5"],"val":["c1","c2","c3","c6"]}]"#
    let found = try report(splits)
    let words =
      "\(file): c6 held out in the folds 1, 2 (nnU-Net's folds 0, 1); leave each in val of one fold, and write it into train of the others"
    #expect(found.problems == [words])
    #expect(found.text.hasSuffix("\n1 problem:\n  \(words)"), "\(found.text)")
  }

  /// As an experiment says them.
  @Test(arguments: [
    (
      #"[{"train":["c1","c2","c9"],"val":["c3","c4","c5","c6"]}]"#,
      "the dataset has no case c9; take it out of the file, or add the case to the dataset"
    ),
    (
      #"[{"train":["c1","c2","c3"],"val":["c4","c5"]}]"#,
      "c6 in neither train nor val; add it to train, or to val where no other fold holds it out, or leave the case out by"
        + " dataset.exclude"
    ),
    (
      #"[{"train":["c1","c2","c3","c4"],"val":["c4","c5","c6"]}]"#,
      "c4 in more than one of train, validation, test; name each case once in a fold"
    ),
    (
      #"[{"train":["c1","c2","c3","c4","c5","c6"],"val":[]}]"#,
      "has no test case; move cases from train to val"
    ),
    (
      #"[{"train":["c1","C2","c33"],"val":["c4","c5","c6"]}]"#,
      "the dataset has no case C2 (did you mean c2?), c33 (did you mean c3?); correct the name; if it is another case, take it"
        + " out of the file, and add the one that is left out to train or val"
    ),
    (
      #"[{"train":["C1","C2","C3"],"val":["C4","C5","C6"]}]"#,
      "the dataset has no case C1 (did you mean c1?), C2 (did you mean c2?), C3 (did you mean c3?), C4 (did you mean c4?), C5 (did"
        + " you mean c5?) and 1 more; correct the name; if it is another case, take it out of the file, and add the one that is"
        + " left out to train or val"
    ),
    (
      #"[{"train":["c1_0000","c2_0000"],"val":["c3_0000","c4_0000","c5_0000","c6_0000"]}]"#,
      "c1_0000, c2_0000, c3_0000, c4_0000, c5_0000 and 1 more are files' names, and cases are meant: c1, c2, c3, c4, c5 and 1"
        + " more; write cases, without folder, channel (_0000) and ending"
    ),
  ])
  func otherFaultsAreProblemsToo(splits: String, words: String) throws {
    #expect(try problems(splits) == ["\(file): fold 1 (nnU-Net's fold 0): \(words)"])
  }

  /// In every fold the same: one line.
  @Test func aNameThatIsMisspeltIsToldOnce() throws {
    let splits =
      #"[{"train":["c1","c2","c33"],"val":["c4","c5","c6"]},{"train":["c4","c5","c6"],"val":["c1","c2","c33"]}]"#
    let found = try problems(splits)
    let words = "\(file): folds 1, 2 (nnU-Net's folds 0, 1): the dataset has no case c33 (did you mean c3?); correct"
    #expect(found.count == 1 && found[0].hasPrefix(words), "\(found)")
  }

  /// Of which nothing else is worth saying.
  @Test func theFileOfAnotherDatasetIsSaidToBeThat() throws {
    let words = "\(file) names none of the 6 cases of this dataset, and 2 that it has not: it is of another dataset"
    let found = try problems(#"[{"train":["x"],"val":["y"]}]"#)
    #expect(found.count == 1 && found[0].hasPrefix(words), "\(found)")
  }
}
