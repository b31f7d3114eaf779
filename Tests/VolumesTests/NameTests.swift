import Foundation
import TestSupport
import Testing
import Volumes

/// One rule for names and numbers, at the entrance.
@Suite struct NameTests {
  /// Composed and decomposed, Devanagari with its virama, Persian with a joiner, Thai, Chinese, Arabic digits.
  @Test(arguments: [
    "Rückenmark", "Ru\u{308}ckenmark", "रीढ़_१", "क्ष", "می\u{200C}خواهم", "กระดูกสันหลัง", "脊椎-01", "٣ب", "Patient.7+b",
  ])
  func casesAreNamedInAnyScript(name: String) throws {
    let small = try SmallDataset(nnUNet: [name, "b"])
    let dataset = try Dataset.open(small.root)
    #expect(Set(dataset.names) == [name, "b"])
    let cache = PreparedCache(
      directory: small.folder.file("cache"), fingerprint: "x", labels: SmallDataset.map,
      preprocessing: SmallDataset.preprocessing)
    _ = try cache.prepare(dataset, DatasetContents(of: dataset), workers: 1)
    #expect(try cache.load(name).name == name)
  }

  @Test(arguments: [
    "c d", "a\u{0}b", "a\u{7F}", "\u{301}a", "a/b", "a\u{202E}b", "-a", String(repeating: "脊", count: 67),
  ])
  func whatCannotNameACaseIsRefused(name: String) throws {
    let small = try SmallDataset(nnUNet: ["a"])
    try small.writeText("set.csv", "case,image,label\n\"\(name)\",imagesTr/a_0000.nii.gz,labelsTr/a.nii.gz\n")
    let error = #expect(throws: DatasetErrors.self) { try Dataset.open(small.folder.file("set.csv")) }
    #expect(error?.problems.count == 1)
  }

  /// The longest name still fits a file's name while it is written.
  @Test func theLongestNameCanBePrepared() throws {
    let name = String(repeating: "脊", count: 66)
    let small = try SmallDataset(nnUNet: [name])
    #expect(small.preparingProblems() == [])
  }

  /// Splits written on another machine may spell a name in another normal form.
  @Test func foldsNameCasesAsTheirFilesDo() throws {
    let (own, other) = ["Ru\u{308}cken", "R\u{fc}cken"].sorted { $0.utf8.count > $1.utf8.count }.pair
    let folds = try Folds.honouring(
      [Split(train: ["a"], val: [other, "b"])], cases: ["a", "b", own], present: [:], validation: 1, seed: 1)
    let named = try #require((folds[0].validation + folds[0].test).first { $0 == own })
    #expect(Array(named.utf8) == Array(own.utf8))
  }

  @Test func labelMapsHoldNamesAndNumbersThatEveryReaderTakes() {
    func problems(_ name: String, _ value: Int) -> [String] {
      LabelMap(structures: [.init(name: name, value: value)]).problems
    }
    #expect(problems("L1", 1).isEmpty && problems("L1", 2_147_483_647).isEmpty && problems("脊", 70000).isEmpty)
    #expect(problems("", 1) == ["the name of the value 1 is blank"])
    #expect(problems("\u{A0} ", 1) == ["the name of the value 1 is blank"])
    #expect(problems("a\nb", 1) == ["the name of the value 1 holds a control character"])
    #expect(problems(String(repeating: "a", count: 201), 1) == ["the name of the value 1 has 201 bytes, more than 200"])
    for value in [-1, 2_147_483_648, .max] {
      #expect(problems("a", value) == ["the value \(value) of \"a\" is not in 1 to 2147483647"])
    }
  }
}

extension [String] {
  fileprivate var pair: (String, String) { (self[0], self[1]) }
}
