import Foundation
import TestSupport
import Testing
import Volumes

@Suite struct CasePatternTests {
  func pattern(_ folder: TemporaryFolder, _ path: String) throws -> CasePattern {
    try #require(CasePattern(folder.url.path + "/" + path))
  }

  @Test(arguments: ["scans/t2.nii.gz", "scans/*/*.nii.gz", "**.nii", ""])
  func aPatternHasOneStar(path: String) { #expect(CasePattern(path) == nil) }

  /// What is advised is a pattern, of the files that are there.
  @Test func whatIsNoPatternIsToldHowToBeOne() throws {
    let folder = try TemporaryFolder()
    for path in ["images/a_0000.nii.gz", "masks/a.nii.gz"] { try folder.write(path, [1]) }
    let root = folder.url.path
    func words(_ path: String) -> String { CasePattern.refusal(of: path) }
    #expect(
      words("\(root)/images")
        == "it is a folder: write * in the place of the case's name, '\(root)/images/*_0000.nii.gz'")
    #expect(words("\(root)/masks/").hasSuffix(", '\(root)/masks/*.nii.gz'"))
    #expect(
      words("\(root)/masks/a.nii.gz").hasPrefix("it is one file: write * in the place of the case's name, and quotes"))
    #expect(words("\(root)/*/*.nii.gz").hasPrefix("it has 2 stars, and one stands for the case's name"))
    #expect(words("t2").hasPrefix("it has no *, which stands for the case's name"))
    let (images, masks) = (CasePattern("\(root)/images/*_0000.nii.gz"), CasePattern("\(root)/masks/*.nii.gz"))
    #expect(try Dataset.matching(images: #require(images), masks: #require(masks)).cases.map(\.name) == ["a"])
  }

  /// The star in a file's name, in a folder's, and with text on both sides.
  @Test(arguments: [
    ("mri/*.nii.gz", "masks/*_seg.nii.gz"), ("*/t2.nii.gz", "*/seg.nii.gz"),
    ("visit_*_a/scan/t2.nii", "labels/m-*-final.nii"),
  ])
  func pairsWhatTwoPatternsFind(images: String, masks: String) throws {
    let folder = try TemporaryFolder()
    for name in ["P10", "P9"] {
      for path in [images, masks] { try folder.write(path.replacingOccurrences(of: "*", with: name), [1]) }
    }
    try folder.write("mri/notes.txt", [1])
    try folder.write("other/readme", [1])
    let cases = try Dataset.matching(images: pattern(folder, images), masks: pattern(folder, masks)).cases
    #expect(cases.map(\.name) == ["P9", "P10"])
    #expect(cases[0].image.path == folder.url.path + "/" + images.replacingOccurrences(of: "*", with: "P9"))
    #expect(cases[1].label.path == folder.url.path + "/" + masks.replacingOccurrences(of: "*", with: "P10"))
  }

  @Test func everyFileWithoutItsOtherHalfIsNamed() throws {
    let folder = try TemporaryFolder()
    for path in ["a/1.nii", "a/2.nii", "b/2.nii", "b/3.nii"] { try folder.write(path, [1]) }
    let error = try #require(
      #expect(throws: DatasetErrors.self) {
        try Dataset.matching(images: pattern(folder, "a/*.nii"), masks: pattern(folder, "b/*.nii"))
      })
    let root = folder.url.path
    #expect(
      error.problems == [
        .missingImage(label: root + "/b/3.nii", wanted: root + "/a/3.nii"),
        .missingMask(image: root + "/a/1.nii", wanted: root + "/b/1.nii"),
      ])
    #expect(error.description.hasPrefix("2 problems in the dataset:\n\(root)/b/3.nii: its image "))
  }

  /// What the message says is done, and all are paired.
  @Test(arguments: [
    (
      "i/*.nii", "m/*.nii", ["i/1_0000.nii", "i/2_0000.nii", "i/2_0001.nii", "m/1.nii", "m/2.nii"], "--images",
      "i/*_0000.nii"
    ),
    ("i/*.nii", "m/*.nii", ["i/1.nii", "i/2.nii", "m/seg-1.nii", "m/seg-2.nii"], "--masks", "m/seg-*.nii"),
    ("*/t2.nii", "m/*.nii", ["v1-a/t2.nii", "v1-b/t2.nii", "m/a.nii", "m/b.nii"], "--images", "v1-*/t2.nii"),
    ("i/*.nii", "m/*.nii", ["i/1.nii", "m/1_seg.nii"], "--masks", "m/*_seg.nii"),
  ]) func aStarThatTakesTooMuchIsToldTheRightPattern(
    images: String, masks: String, files: [String], option: String, wanted: String
  ) throws {
    let folder = try TemporaryFolder()
    for path in files { try folder.write(path, [1]) }
    let error = try #require(
      #expect(throws: DatasetErrors.self) {
        try Dataset.matching(images: pattern(folder, images), masks: pattern(folder, masks))
      })
    let advised = "\(folder.url.path)/\(wanted)"
    #expect(error.problems.count == 1 && error.description.contains("; give \(option) '\(advised)', which pairs "))
    let isOfImages = option == "--images"
    let cases = try Dataset.matching(
      images: pattern(folder, isOfImages ? wanted : images), masks: pattern(folder, isOfImages ? masks : wanted)
    ).cases
    #expect(cases.count == Set(files.filter { $0.hasPrefix("m/") }).count)
  }

  /// One message, and its pattern finds all; where none is surely meant, a name is shown.
  @Test(arguments: [
    ("i/*_T2.nii", "m/*_seg.nii", "--images", "i", "2 volumes of other names, such as p1_t2.nii; give", "i/*_t2.nii"),
    ("i/*_t2.nii", "m/*_SEG.nii", "--masks", "m", "2 volumes of other names, such as p1_seg.nii; give", "m/*_seg.nii"),
    ("i/*_t1.nii", "m/*_seg.nii", "--images", "i", "2 volumes of other names, such as p1_t2.nii; write", ""),
    ("f/*/T2.nii", "m/*_seg.nii", "--images", "f/p1", "1 volume of other names, such as t2.nii; give", "f/*/t2.nii"),
    ("f/*/t1.nii", "m/*_seg.nii", "--images", "f/p1", "1 volume of other names, such as t2.nii; write", ""),
  ]) func aPatternThatFindsNothingIsToldWhatIsThere(
    images: String, masks: String, option: String, holder: String, words: String, wanted: String
  ) throws {
    let folder = try TemporaryFolder()
    for name in ["p1", "p2"] {
      for file in ["i/\(name)_t2.nii", "m/\(name)_seg.nii", "f/\(name)/t2.nii"] { try folder.write(file, [1]) }
    }
    let root = folder.url.path
    let error = try #require(
      #expect(throws: DatasetErrors.self) {
        try Dataset.matching(images: pattern(folder, images), masks: pattern(folder, masks))
      })
    let given = option == "--images" ? images : masks
    #expect(
      error.problems.count == 1
        && error.description.hasPrefix("\(option) '\(root)/\(given)' finds no file: \(root)/\(holder) holds \(words) "),
      "\(error)")
    guard !wanted.isEmpty else { return }
    #expect(error.description.hasSuffix("; give \(option) '\(root)/\(wanted)'"))
    let found = try Dataset.matching(
      images: pattern(folder, option == "--images" ? wanted : images),
      masks: pattern(folder, option == "--masks" ? wanted : masks))
    #expect(found.cases.map(\.name) == ["p1", "p2"])
  }

  /// All in one folder: the narrower pattern says what its files are, and they are left out of the other's.
  @Test(arguments: [
    ("*.nii", "*_seg.nii", ["1.nii", "1_seg.nii", "2.nii", "2_seg.nii"], true),
    ("*_t2.nii", "*.nii", ["1_t2.nii", "1.nii", "2_t2.nii", "2.nii"], false),
  ]) func whatBothPatternsFindIsOfTheNarrowerOne(
    images: String, masks: String, files: [String], isMask: Bool
  ) throws {
    let folder = try TemporaryFolder()
    for file in files { try folder.write(file, [1]) }
    let dataset = try Dataset.matching(images: pattern(folder, images), masks: pattern(folder, masks))
    #expect(dataset.names == ["1", "2"] && dataset.cases.allSatisfy { $0.image != $0.label })
    let (of, one, option) = isMask ? ("images", "a mask", "--masks") : ("masks", "an image", "--images")
    let left = files.filter { $0.contains("_") }.joined(separator: ", ")
    #expect(
      DatasetNotice.lines(dataset.notices, below: folder.url) == [
        "left out, of the \(of), because \(one) (\(option) finds it too): 2 files, \(left)"
      ])
  }

  /// As a shell's star would be written: one message, and its command pairs all.
  @Test(arguments: [
    ("q/vb3*_0000.nii", "q/mask_*.nii", "_01", "q/*_0000.nii", "q/mask_*.nii"),
    ("q/*_0000.nii", "q/mask*.nii", "_vb3_01", "q/*_0000.nii", "q/mask_*.nii"),
    ("q/vb3*_0000.nii", "q/mask_vb3*.nii", "_01", "q/*_0000.nii", "q/mask_*.nii"),
  ]) func aStarThatTakesTooLittleIsToldTheRightPatterns(
    images: String, masks: String, taken: String, rightImages: String, rightMasks: String
  ) throws {
    let folder = try TemporaryFolder()
    for name in ["vb3_01", "vb3_02"] {
      for file in ["q/\(name)_0000.nii", "q/mask_\(name).nii"] { try folder.write(file, [1]) }
    }
    let error = try #require(
      #expect(throws: DatasetErrors.self) {
        try Dataset.matching(images: pattern(folder, images), masks: pattern(folder, masks))
      })
    #expect(error.problems.count == 1 && error.description.contains("and here it takes \(taken), which names none; "))
    let root = folder.url.path
    if images.hasPrefix("q/vb3"), masks.hasPrefix("q/mask_vb3") {
      #expect(error.description.contains("which pairs 2 images"))
    } else {
      #expect(
        error.description.hasSuffix(
          "give --images '\(root)/\(rightImages)' --masks '\(root)/\(rightMasks)', which pairs 2 images"))
    }
    #expect(
      try Dataset.matching(images: pattern(folder, rightImages), masks: pattern(folder, rightMasks)).cases.count == 2)
  }

  /// No command is advised that would take masks for images.
  @Test func theRuleIsSaidWhereNoPatternsPairAll() throws {
    let folder = try TemporaryFolder()
    for name in ["vb3_01", "vb3_02"] {
      for file in ["q/\(name).nii", "q/mask_\(name).nii"] { try folder.write(file, [1]) }
    }
    let error = #expect(throws: DatasetErrors.self) {
      try Dataset.matching(images: pattern(folder, "q/vb3*.nii"), masks: pattern(folder, "q/mask_*.nii"))
    }
    #expect(
      error?.description.hasSuffix(
        "here it takes _01, which names none; write both patterns so that it takes the same text of an image and of its mask, from"
          + " a letter or digit on") == true)
    #expect(
      try Dataset.matching(images: pattern(folder, "q/vb3_*.nii"), masks: pattern(folder, "q/mask_vb3_*.nii")).cases
        .count
        == 2)
  }

  /// Before a manifest is written that nobody can read.
  @Test func patternsOfOtherFormatsAreRefused() throws {
    let folder = try TemporaryFolder()
    for path in ["a/1.mha", "b/1.nii"] { try folder.write(path, [1]) }
    let error = try #require(
      #expect(throws: DatasetErrors.self) {
        try Dataset.matching(images: pattern(folder, "a/*.mha"), masks: pattern(folder, "b/*.nii"))
      })
    #expect(error.problems == [.volume(.unknownExtension(file: folder.url.path + "/a/*.mha"))])
    #expect(error.description.contains("docs/interchange.md says what converts .mha"))
  }

  @Test func nothingFoundAndNoFolderAreErrors() throws {
    let folder = try TemporaryFolder()
    try folder.write("a/x.txt", [1])
    let root = folder.url.path
    let none = #expect(throws: DatasetErrors.self) {
      try Dataset.matching(images: pattern(folder, "a/*.nii"), masks: pattern(folder, "a/*.nii"))
    }
    #expect(none?.problems == [.noCases(folder: root + "/a", pattern: "*.nii")])
    let missing = #expect(throws: DatasetErrors.self) {
      try Dataset.matching(images: pattern(folder, "b/*.nii"), masks: pattern(folder, "a/*.nii"))
    }
    let remedy = "check the path: a part of it is missing"
    #expect(missing?.problems == [.unreadable(file: root + "/b", reason: "No such file or directory", remedy: remedy)])
  }

  @Test func whatIsWrittenIsReadAgain() throws {
    let folder = try TemporaryFolder()
    let elsewhere = try TemporaryFolder()
    var cases = [
      DatasetCase(name: "p1_v1", image: try folder.write("x, \"y\"/i.nii", [1]), label: try folder.write("m.nii", [1])),
      DatasetCase(name: "q", image: try elsewhere.write("i.nii", [1]), label: try elsewhere.write("l.nii", [1])),
    ]
    for index in cases.indices { cases[index].takePatient(endingAt: "_v") }
    #expect(cases.map(\.patient) == ["p1", nil])
    let manifest = folder.file("set.csv")
    try Manifest.write(cases, to: manifest)
    let dataset = try Dataset.open(manifest)
    #expect(dataset.layout == .manifest && dataset.patients == ["p1_v1": "p1"])
    #expect(dataset.names == cases.map(\.name))
    #expect(dataset.cases.map(\.image.standardizedFileURL.path) == cases.map(\.image.standardizedFileURL.path))
    #expect(dataset.cases.map(\.label.standardizedFileURL.path) == cases.map(\.label.standardizedFileURL.path))
    let text = try String(contentsOf: manifest, encoding: .utf8)
    #expect(text.contains("\np1_v1,\"x, \"\"y\"\"/i.nii\",m.nii,p1\n"))
    #expect(text.contains("\nq,\(elsewhere.url.path)/i.nii,"))
  }

  @Test func aManifestThatCannotBeWrittenIsNamed() {
    let file = URL(fileURLWithPath: "/nowhere/at/all/set.csv")
    let error = #expect(throws: CacheError.self) { try Manifest.write([], to: file) }
    #expect(
      error
        == .cannotWrite(
          file: file.path, reason: "No such file or directory", advice: "check the path: a part of it is missing"))
  }
}
