import Foundation
import TestSupport
import Testing

import Volumes

/// What is said of a folder that is no dataset, and that it leads to one when it is followed to the letter.
@Suite struct LayoutHintTests {
  private func problem(_ root: URL) throws -> String {
    let error = #expect(throws: DatasetErrors.self) { try Dataset.open(root) }
    return try #require(error).description
  }

  @Test func aDatasetOneFolderBelowIsNamed() throws {
    let small = try SmallDataset(nnUNet: ["a", "b", "c"])
    let upper = try TemporaryFolder()
    let inner = upper.url.appendingPathComponent("Dataset500_Mine")
    try FileManager.default.copyItem(at: small.root, to: inner)
    let words = try problem(upper.url)
    #expect(words == "\(upper.url.path): no known layout; one lies in it: give \(inner.path)")
    let advised = try #require(words.components(separatedBy: "give ").last)
    #expect(try Dataset.open(URL(fileURLWithPath: advised)).cases.count == 3)
    try FileManager.default.copyItem(at: inner, to: upper.url.appendingPathComponent("Dataset501_Other"))
    #expect(try problem(upper.url).hasSuffix("2 lie in it: give one of them, such as \(inner.path)"))
  }

  /// A table of something else beside a dataset does not hide it; one that lists files does.
  @Test(arguments: [DatasetLayout.automatic, .nnUNet])
  func aTableOfSomethingElseHidesNoDataset(layout: DatasetLayout) throws {
    let small = try SmallDataset(nnUNet: ["a", "b"])
    let upper = try TemporaryFolder()
    let inner = upper.url.appendingPathComponent("Dataset500_Mine")
    try FileManager.default.copyItem(at: small.root, to: inner)
    for head in ["patient,age\na,60\n", "case,dice\na,0.9\n", "", "case;structure;value\n"] {
      try upper.write("notes.csv", head)
      let error = #expect(throws: DatasetErrors.self) { try Dataset.open(upper.url, layout: layout) }
      #expect(error?.description == "\(upper.url.path): no known layout; one lies in it: give \(inner.path)", "\(head)")
    }
    // Links that lead in circles are not followed.
    for name in ["x", "y"] {
      try FileManager.default.createSymbolicLink(
        at: upper.url.appendingPathComponent(name), withDestinationURL: upper.url)
    }
    #expect(throws: DatasetErrors.self) { try Dataset.open(upper.url, layout: layout) }
    for name in ["x", "y"] { try FileManager.default.removeItem(at: upper.url.appendingPathComponent(name)) }
    for head in ["id,img,mask\n", "name,image,lable\n", "a,Dataset500_Mine/imagesTr/a_0000.nii.gz,x.nii.gz\n"] {
      try upper.write("notes.csv", head)
      let error = #expect(throws: DatasetErrors.self) { try Dataset.open(upper.url) }
      #expect(error?.description.contains("notes.csv: line 1: needs one column named") == true, "\(head)")
    }
    // What is listed is a dataset, whatever lies beside the table.
    let lines = ["a", "b"].map {
      "\($0),Dataset500_Mine/imagesTr/\($0)_0000.nii.gz,Dataset500_Mine/labelsTr/\($0).nii.gz\n"
    }
    try upper.write("notes.csv", "case,image,label\n" + lines.joined())
    #expect(try Dataset.open(upper.url).cases.count == 2)
    // Of the layout that was named, the dataset below is meant.
    let named = #expect(throws: DatasetErrors.self) { try Dataset.open(upper.url, layout: .nnUNet) }
    #expect(named?.description.contains("one lies in it: give \(inner.path)") == true)
  }

  /// Several tables: any may be the list, and each can be given itself.
  @Test func tablesAreNamed() throws {
    let small = try SmallDataset(nnUNet: ["a", "b"])
    let lines = ["a", "b"].map { "\($0),imagesTr/\($0)_0000.nii.gz,labelsTr/\($0).nii.gz\n" }
    try small.remove("dataset.json")
    try FileManager.default.moveItem(at: small.folder.file("imagesTr"), to: small.folder.file("scans"))
    for name in ["first.csv", "second.CSV"] {
      try small.writeText(name, "case,image,label\n" + lines.joined().replacing("imagesTr", with: "scans"))
    }
    let words = try problem(small.root)
    #expect(words.hasPrefix("\(small.root.path): no known layout; 2 CSV files lie in it, of which one may be the list"))
    #expect(words.contains("first.csv") && words.contains("second.CSV"))
    #expect(try Dataset.open(small.folder.file("second.CSV")).cases.count == 2)
  }

  /// One image in the place of a dataset: the dataset that it is of is named.
  @Test func oneFileIsToldItsDataset() throws {
    let small = try SmallDataset(nnUNet: ["a", "b"])
    let file = small.folder.file("imagesTr/a_0000.nii.gz")
    #expect(
      try problem(file)
        == "\(file.path): it is one file, and a dataset is a folder, or a CSV file of case,image,label; give \(small.root.path)"
    )
    let loose = try TemporaryFolder()
    try loose.write("notes.txt", "x")
    #expect(try problem(loose.file("notes.txt")).hasSuffix("give \(loose.url.path)"))
  }

  @Test func nnUNetWithoutItsMetadataIsToldWhatToWrite() throws {
    let small = try SmallDataset(nnUNet: ["a", "b"])
    try small.remove("dataset.json")
    let words = try problem(small.root)
    #expect(words.hasPrefix("\(small.root.path): no known layout; imagesTr is here without dataset.json"))
    let advised = try #require(words.range(of: "such as ")).upperBound
    try small.writeText("dataset.json", String(words[advised...]))
    let dataset = try Dataset.open(small.root)
    #expect(dataset.cases.map(\.name) == ["a", "b"] && dataset.ownLabels?.names == ["L1", "L2"])
    #expect(dataset.notices.isEmpty)
  }

  /// A layout that is named does not make a dataset of a part of one.
  @Test(arguments: [DatasetLayout.automatic, .nnUNet, .mrSpineSeg])
  func aPartIsOneWhateverLayoutIsNamed(layout: DatasetLayout) throws {
    let small = try SmallDataset(nnUNet: ["a"])
    let part = small.folder.file("imagesTr")
    let error = #expect(throws: DatasetErrors.self) { try Dataset.open(part, layout: layout) }
    #expect(error?.description == "\(part.path): no known layout; it is a part of one: give \(small.root.path)")
  }

  /// A layout that is named beside what the folder shows: one line that says so, and what is advised opens it.
  @Test func anotherLayoutThanTheFoldersIsNamed() throws {
    func words(_ root: URL, _ layout: DatasetLayout) throws -> String {
      try #require(#expect(throws: DatasetErrors.self) { try Dataset.open(root, layout: layout) }).description
    }
    let small = try SmallDataset(nnUNet: ["a", "b"])
    for layout in [DatasetLayout.mrSpineSeg, .bids, .manifest] {
      #expect(
        try words(small.root, layout)
          == "\(small.root.path): is of nnU-Net's layout (dataset.json), and the layout \(layout.rawValue) was named;"
          + " name nnunet, or leave the layout out (dataset.layout in an experiment)")
    }
    let challenge = try SmallDataset(mrSpineSeg: [1, 2])
    #expect(try words(challenge.root, .nnUNet).contains("is of MRSpineSeg's layout (MR/ and Mask/), and"))
    let upper = try TemporaryFolder()
    let inner = upper.url.appendingPathComponent("data")
    try FileManager.default.copyItem(at: small.root, to: inner)
    for layout in [DatasetLayout.nnUNet, .mrSpineSeg] {
      #expect(try words(upper.url, layout) == "\(upper.url.path): no known layout; one lies in it: give \(inner.path)")
    }
    #expect(try Dataset.open(small.root, layout: .nnUNet).cases.count == 2)
  }

  /// nnU-Net's names in one folder: the image is the one with the channel's number.
  @Test func theTablesLineTellsImageFromMask() throws {
    let folder = try TemporaryFolder()
    for name in ["c1.nii.gz", "c1_0000.nii.gz"] { try folder.write(name, [1]) }
    #expect(try problem(folder.url).hasSuffix("such as c1,c1_0000.nii.gz,c1.nii.gz"))
  }

  @Test func looseVolumesAreToldTheTableTheyNeed() throws {
    let small = try SmallDataset(nnUNet: [])
    for name in ["p1", "p2"] { try small.write("flat/\(name).nii.gz", "flat/\(name)_seg.nii.gz", seed: 1) }
    let flat = small.folder.file("flat")
    let words = try problem(flat)
    #expect(
      words
        == "\(flat.path): no known layout; 4 volumes lie here, and nothing says which is whose mask; write a CSV file"
        + " into this very folder (cases.csv; the same command then reads it), with the line case,image,label first and then one"
        + " for each case, such as p1,p1.nii.gz,p1_seg.nii.gz")
    let line = try #require(words.components(separatedBy: "such as ").last)
    try small.writeText("flat/cases.csv", "case,image,label\n\(line)\n")
    #expect(try Dataset.open(flat).cases.map(\.name) == ["p1"])
  }

  /// Where one pattern takes the images and another the masks of one folder, these are given; a mask is never called an image.
  @Test func oneFolderOfBothIsToldItsPatterns() throws {
    let small = try SmallDataset(nnUNet: [])
    for name in ["p1", "p2"] { try small.write("q/\(name)_0000.nii.gz", "q/mask_\(name).nii.gz", seed: 1) }
    let q = small.folder.file("q")
    #expect(
      try problem(q)
        == "\(q.path): no known layout; list its images and masks in a table, and give that: `safnet dataset import"
        + " study.csv --images '\(q.path)/*_0000.nii.gz' --masks '\(q.path)/mask_*.nii.gz'`")
    try FileManager.default.removeItem(at: small.folder.file("q/mask_p2.nii.gz"))
    #expect(try problem(q).hasSuffix("such as p1,p1_0000.nii.gz,mask_p1.nii.gz"))
    try FileManager.default.removeItem(at: small.folder.file("q/mask_p1.nii.gz"))
    try small.write("q/mask_other.nii.gz", "q/mask_third.nii.gz", seed: 1)
    #expect(try problem(q).hasSuffix("such as CASE,p1_0000.nii.gz,ITS-MASK.nii.gz"))
    // "gt" is a mask where it is a word.
    for name in ["length01", "length02"] { try small.write("u/\(name)_0000.nii.gz", "u/gt_\(name).nii.gz", seed: 1) }
    #expect(try problem(small.folder.file("u")).contains("/*_0000.nii.gz' --masks '"))
    // Another case's name may begin with a case's, in whichever order they come.
    for name in ["p1", "p10"] { try small.write("s/\(name).nii.gz", "s/\(name)_seg.nii.gz", seed: 1) }
    #expect(try problem(small.folder.file("s")).hasSuffix("such as p1,p1.nii.gz,p1_seg.nii.gz"))
    for name in ["p1", "p10"] { try small.write("t/\(name)_0000.nii.gz", "t/\(name)_seg.nii.gz", seed: 1) }
    #expect(try problem(small.folder.file("t")).contains("/*_0000.nii.gz' --masks '"))
  }

  /// A subject, a kind of its images, and derivatives are parts of a BIDS dataset, though some look like one.
  @Test(arguments: ["sub-1", "sub-1/anat", "derivatives", "derivatives/x", "derivatives/x/sub-1/anat"])
  func aPartOfBIDSIsToldTheWhole(part: String) throws {
    let folder = try TemporaryFolder()
    for name in ["1", "2"] {
      try folder.write("set/sub-\(name)/anat/sub-\(name)_T2w.nii.gz", [1])
      try folder.write("set/derivatives/x/sub-\(name)/anat/sub-\(name)_dseg.nii.gz", [1])
    }
    let root = folder.file("set").path
    #expect(
      try problem(folder.file("set/\(part)")) == "\(root)/\(part): no known layout; it is a part of one: give \(root)")
    #expect(try Dataset.open(folder.file("set")).cases.count == 2)
  }

  @Test(arguments: [
    ("c1.mha", "docs/interchange.md has the line for SimpleITK"), ("c1.nrrd", "docs/interchange.md has the line for"),
    ("c1.mgz", "FreeSurfer's `mri_convert a.mgz a.nii.gz`"), ("scans/c1.png", "they say nothing of millimetres"),
  ]) func volumesOfOtherFormatsAreNamed(file: String, remedy: String) throws {
    let folder = try TemporaryFolder()
    try folder.write(file, "x")
    let (own, ending) = (folder.file(file).deletingLastPathComponent().path, folder.file(file).pathExtension)
    #expect(
      try problem(folder.url).hasPrefix(
        "\(folder.url.path): no known layout; 1 file of .\(ending) lies in \(own), and NIfTI is read here: convert them to"
          + " .nii.gz (\(remedy)"))
  }

  /// The same in a layout that is known.
  @Test func imagesOfAnotherFormatAreNamed() throws {
    let small = try SmallDataset(nnUNet: [])
    for name in ["a", "b"] {
      try small.folder.write("imagesTr/\(name)_0000.mha", "x")
      try small.folder.write("labelsTr/\(name).mha", "x")
    }
    #expect(
      try problem(small.root).hasPrefix("2 files of .mha lie in \(small.folder.file("imagesTr").path), and NIfTI is"))
  }

  /// Packed, as a download leaves it: the whole, or each file.
  @Test(arguments: [
    ("Dataset501.zip", "zip", "unzip \"$f\""), ("all.tar.gz", "tar.gz", "tar xf \"$f\""), ("x.7z", "7z", "7z x \"$f\""),
    ("x.rar", "rar", "unrar x \"$f\""), ("scans/c1.nii.gz.zip", "zip", "unzip \"$f\""),
  ]) func archivesAreToldHowToUnpackThem(file: String, ending: String, program: String) throws {
    let folder = try TemporaryFolder()
    try folder.write(file, "x")
    let own = folder.file(file).deletingLastPathComponent().path
    #expect(
      try problem(folder.url).contains(
        "; 1 archive (.\(ending)) lies in \(own), and what is in it cannot be read: unpack it with `cd \(own) && for f in"
          + " *.\(ending); do \(program); done`"))
    let small = try SmallDataset(nnUNet: [])
    try small.folder.write("imagesTr/a_0000.nii.gz.\(ending)", "x")
    try small.folder.write("labelsTr/a.nii.gz.\(ending)", "x")
    #expect(try problem(small.root).hasPrefix("1 archive (.\(ending)) lies in \(small.folder.file("imagesTr").path),"))
  }

  /// The patterns of the advice pair the image with the mask that the line before it writes.
  @Test func aMaskForEachStructureIsToldHowToMergeThem() throws {
    let small = try SmallDataset(nnUNet: [])
    try small.remove("dataset.json")
    for name in ["s1", "s2"] {
      try small.write("\(name)/ct.nii.gz", "\(name)/segmentations/L1.nii.gz", seed: 1)
      try small.writeLabel("\(name)/segmentations/L2.nii.gz", SmallDataset.labelValues)
    }
    let words = try problem(small.root)
    #expect(words.contains("2 cases with a mask for each structure in a folder (segmentations), as TotalSegmentator"))
    #expect(words.contains("| python3 - \(small.root.path) 'L1 L2'`"))
    for name in ["s1", "s2"] { try small.writeLabel("\(name)/mask.nii.gz", SmallDataset.labelValues) }
    let patterns = words.split(separator: "'").filter { $0.hasPrefix("/") }.compactMap { CasePattern(String($0)) }
    try #require(patterns.count == 2)
    #expect(try Dataset.matching(images: patterns[0], masks: patterns[1]).cases.map(\.name) == ["s1", "s2"])
  }

  @Test func aListOfMONAIIsToldHowToMakeATable() throws {
    let small = try SmallDataset(nnUNet: [])
    try small.writeText("dataset.json", #"{"training": [{"image": "i/a.nii", "label": "m/a.nii"}]}"#)
    #expect(
      try problem(small.root).hasPrefix(
        "\(small.root.path)/dataset.json: is a list of 1 case as MONAI reads it, and cases are listed in a CSV file"))
    // nnU-Net's own of version 1 lists its files too.
    try small.write("imagesTr/a_0000.nii.gz", "labelsTr/a.nii.gz", seed: 1)
    #expect(!(try problem(small.root)).contains("MONAI"))
  }

  @Test func anEmptyFolderIsSaidToBeOne() throws {
    let folder = try TemporaryFolder()
    #expect(
      try problem(folder.url)
        == "\(folder.url.path): no known layout; it is empty; give the folder that images and masks are in")
  }

  /// Two folders, or one for each case: the command that is advised lists them, as its patterns do here.
  @Test(arguments: [
    ("images/*.nii.gz", "labels/*_seg.nii.gz"), ("img/*_0000.nii.gz", "groundtruth/*.nii.gz"),
    ("t2/*.nii.gz", "masks/seg-*.nii.gz"),
    ("*/t2.nii.gz", "*/mask.nii.gz"),
  ]) func foldersAreToldThePatternsOfAnImport(images: String, masks: String) throws {
    let small = try SmallDataset(nnUNet: [])
    try small.remove("dataset.json")
    for name in ["p1", "p2"] {
      try small.write(images.replacing("*", with: name), masks.replacing("*", with: name), seed: 1)
    }
    let root = small.root.path
    let words = try problem(small.root)
    #expect(
      words
        == "\(root): no known layout; list its images and masks in a table, and give that: `safnet dataset import study.csv"
        + " --images '\(root)/\(images)' --masks '\(root)/\(masks)'`")
    let patterns = words.split(separator: "'").filter { $0.contains("*") }.compactMap { CasePattern(String($0)) }
    try #require(patterns.count == 2)
    #expect(try Dataset.matching(images: patterns[0], masks: patterns[1]).cases.map(\.name) == ["p1", "p2"])
  }

  @Test func whatIsNothingOfAllGetsTheLayouts() throws {
    let folder = try TemporaryFolder()
    try folder.write("scan.txt", [1])
    #expect(try problem(folder.url).contains("no known layout; it needs MR/ and Mask/ (MRSpineSeg)"))
  }
}
