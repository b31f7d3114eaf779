import Foundation
import TestSupport
import Testing
import Volumes

/// What lies in a dataset's folders and no case is made of is named.
@Suite struct LeftOutTests {
  func lines(_ dataset: Dataset, _ root: URL) -> [String] {
    DatasetNotice.lines(dataset.notices).map { $0.replacingOccurrences(of: root.path + "/", with: "") }
  }

  @Test func aWholeFolderHasNothingLeftOut() throws {
    let small = try SmallDataset(nnUNet: ["a", "b"])
    try small.writeText("imagesTr/notes.txt", "no image")
    let dataset = try Dataset.open(small.root)
    #expect(dataset.notices.isEmpty && dataset.found == .init(images: 2, masks: 2))
  }

  @Test func otherSpellingsAndFurtherFilesAreNamed() throws {
    let small = try SmallDataset(nnUNet: ["a", "b"])
    for name in [
      "imagesTr/c_0000.NII.GZ", "imagesTr/a_0001.nii.gz", "imagesTr/b_0001.nii.gz", "imagesTr/d.nii.gz",
      "imagesTr/._a_0000.nii.gz", "imagesTr/e_0000.mha", "labelsTr/c.Nii.gz", "imagesTr/sub/x.nii.gz",
    ] { try small.writeText(name, "x") }
    let dataset = try Dataset.open(small.root)
    #expect(dataset.names == ["a", "b"])
    #expect(dataset.found == .init(images: 7, masks: 3))
    #expect(
      lines(dataset, small.root) == [
        "left out, because a hidden file of macOS (._), no image: imagesTr/._a_0000.nii.gz",
        "left out, because a further channel (\"channels\": [0, 1] below dataset reads two of nnU-Net's layout): 2 files,"
          + " imagesTr/a_0001.nii.gz, imagesTr/b_0001.nii.gz",
        "left out, because the ending is in capitals (rename it to end in small letters: .nii, .nii.gz or .hdr): 2 files,"
          + " imagesTr/c_0000.NII.GZ, labelsTr/c.Nii.gz",
        "left out, because not named as NAME_0000.nii.gz: imagesTr/d.nii.gz",
        "left out, because the name does not end in .nii, .nii.gz or .hdr (docs/interchange.md says what converts .mha and"
          + " .nrrd): imagesTr/e_0000.mha",
        "left out, because a folder (folders in it are not looked into): imagesTr/sub",
      ])
  }

  @Test func volumesBesideTheFoldersAreNamed() throws {
    let small = try SmallDataset(nnUNet: ["a", "b"])
    for name in ["c_0000.nii.gz", "c.nii.gz", "notes.txt"] { try small.writeText(name, "x") }
    let dataset = try Dataset.open(small.root)
    #expect(dataset.names == ["a", "b"] && dataset.found == .init(images: 3, masks: 3))
    #expect(
      lines(dataset, small.root) == [
        "left out, because not in labelsTr, where masks belong: c.nii.gz",
        "left out, because not in imagesTr, where images belong: c_0000.nii.gz",
      ])
    let challenge = try SmallDataset(mrSpineSeg: [1])
    for name in ["Case7.nii.gz", "mask_case7.nii.gz"] { try challenge.writeText(name, "x") }
    #expect(
      lines(try Dataset.open(challenge.root), challenge.root) == [
        "left out, because not in MR, where images belong: Case7.nii.gz",
        "left out, because not in Mask, where masks belong: mask_case7.nii.gz",
      ])
  }

  @Test(arguments: [
    "split_final.json", "splits.json", "splits_final.JSON", "splits_final.json.txt", "splits_final.jsn", "splits_final",
    ".splits_final.json",
  ])
  func listsOfFoldsUnderAnotherNameAreNamed(name: String) throws {
    let small = try SmallDataset(nnUNet: ["a", "b"])
    let folds = #"[{"train": ["a"], "val": ["b"]}, {"train": ["b"], "val": ["a"]}]"#
    try small.writeText(name, "\n" + folds)
    try small.writeText("split-study.json", "{}")
    #expect(lines(try Dataset.open(small.root), small.root) == ["\(name) is not read; did you mean splits_final.json?"])
    try small.writeText("splits_final.json", folds)
    let dataset = try Dataset.open(small.root)
    #expect(dataset.notices.isEmpty && dataset.givenSplits?.count == 2)
  }

  /// Under the name that is read they would be refused.
  @Test(arguments: [
    ("splits.json", #"[{"train": ["x"], "val": ["y"]}]"#), ("split.json", #"["a", "b"]"#),
    ("splits_final.json.gz", "\u{1F}\u{8B}"),
  ]) func whatIsNoListOfTheseCasesIsOnlyCalledUnread(name: String, content: String) throws {
    let small = try SmallDataset(nnUNet: ["a", "b"])
    try Data(content.unicodeScalars.map { UInt8($0.value) }).write(to: small.folder.file(name))
    #expect(
      lines(try Dataset.open(small.root), small.root) == [
        "\(name) is not read: folds come from splits_final.json alone"
      ])
  }

  @Test func otherNamesOfTheChallengesLayoutAreNamed() throws {
    let small = try SmallDataset(mrSpineSeg: [1])
    try small.write("MR/Patient5.nii.gz", "Mask/mask_patient5.nii.gz", seed: 5)
    let dataset = try Dataset.open(small.root)
    #expect(dataset.names == ["Case1"] && dataset.found == .init(images: 2, masks: 2))
    #expect(
      lines(dataset, small.root) == [
        "left out, because not named as CaseN.nii.gz: MR/Patient5.nii.gz",
        "left out, because not named as mask_caseN.nii.gz: Mask/mask_patient5.nii.gz",
      ])
  }

  /// Links into a store that was not fetched, links that lead in circles, other spellings, folders without the file.
  @Test func foldersThatMatchAPatternWithoutItsFileAreNamed() throws {
    let folder = try TemporaryFolder()
    func link(_ name: String, to target: String) throws {
      try FileManager.default.createDirectory(
        at: folder.file(name).deletingLastPathComponent(), withIntermediateDirectories: true)
      try FileManager.default.createSymbolicLink(atPath: folder.file(name).path, withDestinationPath: target)
    }
    for name in ["s1/t2.nii", "s1/seg.nii", "s2/T2.nii", "s2/SEG.nii", "s5/t1.nii", "notes.txt"] {
      try folder.write(name, [1])
    }
    for name in ["s3/t2.nii", "s3/seg.nii"] { try link(name, to: "../annex/x") }
    for name in ["s4/t2.nii", "s4/seg.nii"] { try link(name, to: String(name.dropFirst(3))) }
    try link("s6", to: "nowhere")
    let pattern = { name in try #require(CasePattern(folder.url.path + "/*/" + name)) }
    let dataset = try Dataset.matching(images: pattern("t2.nii"), masks: pattern("seg.nii"))
    #expect(dataset.names == ["s1"])
    #expect(
      lines(dataset, folder.url) == [
        "left out, because its file is spelled T2.nii: s2",
        "left out, because links to what is not there, such as annex/x (fetch them): 2 files, s3, s6",
        "left out, because a link that leads in a circle: s4",
        "left out, because without t2.nii: s5",
        "left out, because its file is spelled SEG.nii: s2",
        "left out, because without seg.nii: s5",
      ])
  }

  @Test func aFlatPatternNamesDeadLinksCapitalsAndHiddenFiles() throws {
    let folder = try TemporaryFolder()
    for name in ["i/a.nii", "i/B.NII", "i/._a.nii", "m/a.nii"] { try folder.write(name, [1]) }
    try FileManager.default.createSymbolicLink(atPath: folder.file("i/c.nii").path, withDestinationPath: "gone")
    let pattern = { path in try #require(CasePattern(folder.url.path + path)) }
    let dataset = try Dataset.matching(images: pattern("/i/*.nii"), masks: pattern("/m/*.nii"))
    #expect(
      lines(dataset, folder.url) == [
        "left out, because a hidden file of macOS (._), no image: i/._a.nii",
        "left out, because not named as *.nii: i/B.NII",
        "left out, because a link to i/gone, which is not there (fetch it): i/c.nii",
      ])
  }

  @Test func columnsPartsAndNumbersThatAreNotReadAreNamed() throws {
    let small = try SmallDataset(nnUNet: ["a", "b"])
    try small.writeText(
      "splits_final.json", #"[{"train": ["a"], "val": ["b"], "test": ["c"]}, {"train": ["b"], "val": ["a"], "x": 1}]"#)
    try small.writeText("dataset.json", #"{"labels": {"A": 1}, "numTraining": 7}"#)
    #expect(
      lines(try Dataset.open(small.root), small.root) == [
        "dataset.json: numTraining is 7, but 2 images with masks are here; correct it or add the missing",
        "splits_final.json: test, x not read; read are train and val, of which folds.validation cases choose the"
          + " checkpoint and the rest is tested; cases that all folds name under test are a test set where the experiment"
          + #" says "test": {"cases": "splits"}"#,
      ])
    try small.writeText(
      "table.csv", "case,image,label,site,scanner\na,imagesTr/a_0000.nii.gz,labelsTr/a.nii.gz,1,2\n")
    #expect(
      lines(try Dataset.open(small.folder.file("table.csv")), small.root).first
        == "table.csv: columns site, scanner not used; patient keeps cases together, folds.by, folds.stratify and"
        + " report.subgroups name others")
  }

  @Test func anImageWhoseNameIsNoTextIsNotPassedOver() throws {
    let small = try SmallDataset(nnUNet: ["a", "b"])
    let made = (small.root.path + "/imagesTr/c").utf8CString.dropLast() + [CChar(bitPattern: 0xFF), 0]
    let file = open(Array(made), O_CREAT | O_WRONLY, 0o600)
    try #require(file >= 0)
    close(file)
    defer { unlink(Array(made)) }
    #expect(
      small.openingProblems() == [
        "imagesTr/c\u{FFFD}: cannot be read (Its name is not UTF-8); rename it, or move it away"
      ])
  }

  @Test func aStructureThatIsCalledZeroIsNamed() throws {
    let small = try SmallDataset(nnUNet: ["a", "b"])
    try small.writeText("dataset.json", #"{"labels": {"L1": 0, "A": 1, "B": 3}}"#)
    #expect(
      lines(try Dataset.open(small.root), small.root) == [
        "dataset.json: labels calls the number 0 L1; 0 is background and is not learnt. Give a structure another number, in"
          + " the masks too"
      ])
    for name in ["background", "Background", "clear label", "BG"] {
      try small.writeText("dataset.json", #"{"labels": {"\#(name)": 0, "A": 1, "B": 3}}"#)
      #expect(lines(try Dataset.open(small.root), small.root).isEmpty, "\(name)")
    }
  }

  @Test func aPartOfADatasetPointsToTheWhole() throws {
    let small = try SmallDataset(nnUNet: ["a"])
    let error = #expect(throws: DatasetErrors.self) { try Dataset.open(small.folder.file("imagesTr")) }
    #expect(
      error?.description == "\(small.root.path)/imagesTr: no known layout; it is a part of one: give \(small.root.path)"
    )
  }
}
