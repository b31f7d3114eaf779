import Compute
import Foundation
import TestSupport
import Testing
import Volumes

/// What shows only when cases are looked at beside each other.
@Suite struct OddCasesTests {
  let small: SmallDataset

  init() throws {
    small = try SmallDataset(mrSpineSeg: [1, 2, 3, 4])
    for number in 1...4 {
      try small.writeLabel("Mask/mask_case\(number).nii.gz", SmallDataset.labelValues(seed: number))
    }
  }

  func notices(patients: [String?] = [nil, nil, nil, nil]) throws -> [String] {
    var dataset = try Dataset.open(small.root)
    for (index, patient) in patients.enumerated() { dataset.cases[index].patient = patient }
    let preprocessing = Preprocessing(size: Extent3(4, 6, 8), crop: .none)
    let check = CaseCheck(labels: SmallDataset.map, preprocessing: preprocessing)
    let facts = try dataset.cases.map { try check.prepare($0, of: DatasetContents(of: $0)).get().facts }
    return DatasetCensus(dataset, labels: SmallDataset.map, preprocessing: preprocessing, facts: facts).notices
  }

  @Test func soundCasesAreNotOdd() throws {
    #expect(try notices().isEmpty)
    #expect(try notices(patients: ["P1", "P1", "P10", "P101"]).isEmpty)
  }

  @Test func aMaskInTheImagesPlace() throws {
    try small.writeLabel("MR/Case2.nii.gz", SmallDataset.labelValues(seed: 2))
    #expect(
      try notices() == [
        "Case2: a few whole numbers only, as a label map holds; put the image there that the mask is of"
      ])
  }

  @Test func anImageInTheMasksPlaceIsAProblem() throws {
    try small.writeImage("Mask/mask_case2.nii.gz", (0..<192).map { Float($0) })
    let dataset = try Dataset.open(small.root)
    let check = CaseCheck(labels: SmallDataset.map, preprocessing: Preprocessing(size: Extent3(4, 6, 8), crop: .none))
    let error = #expect(throws: DatasetErrors.self) {
      try check.prepare(dataset.cases[1], of: DatasetContents(of: dataset.cases[1])).get()
    }
    let file = small.folder.file("Mask/mask_case2.nii.gz").path
    #expect(
      error?.description.contains(
        "\(file): holds more than 150 different numbers, as an image does and no mask; put the mask of this case there")
        == true)
  }

  /// Numbers that the header alone makes broken are not to be rounded.
  @Test func aMaskThatItsHeaderScalesIsToldSo() throws {
    let small = try SmallDataset(mrSpineSeg: [1, 2])
    try small.remove("Mask/mask_case1.nii.gz")
    try small.writeLabel("Mask/mask_case1.nii", SmallDataset.labelValues)
    let file = small.folder.file("Mask/mask_case1.nii")
    var bytes = try Data(contentsOf: file)
    withUnsafeBytes(of: Float(0.00390625).bitPattern.littleEndian) { bytes.replaceSubrange(112..<116, with: $0) }
    try bytes.write(to: file)
    #expect(
      small.preparingProblems().contains(
        "Mask/mask_case1.nii: holds the label 0.00390625, which is not a whole number; the header's scl_slope, 0.00390625, scales the"
          + " numbers that are stored: set scl_slope to 1 and scl_inter to 0"), "\(small.preparingProblems())")
  }

  @Test func imagesAndMasksThatAreExchanged() throws {
    let small = try SmallDataset(mrSpineSeg: [])
    for number in [1, 2] {
      try small.writeLabel("MR/Case\(number).nii.gz", SmallDataset.labelValues(seed: number))
      try small.writeImage("Mask/mask_case\(number).nii.gz", SmallDataset.imageValues(seed: number))
    }
    #expect(
      small.preparingProblems()
        == [1, 2].map {
          "Mask/mask_case\($0).nii.gz: is an image, and what stands as its image, MR/Case\($0).nii.gz, is a mask: the two are"
            + " exchanged; where a table lists them, exchange the names of its columns image and label, else give each of the two files"
            + " the other's name: mv Mask/mask_case\($0).nii.gz Mask/mask_case\($0).nii.gz.other"
            + " && mv MR/Case\($0).nii.gz Mask/mask_case\($0).nii.gz && mv Mask/mask_case\($0).nii.gz.other MR/Case\($0).nii.gz"
        })
    let all = [1, 2].map { DatasetProblem.exchanged(image: "a/MR/\($0).nii", label: "a/Mask/\($0).nii") }
    #expect(
      DatasetProblem.folded(all).map { $0.replacing("\(FileManager.default.currentDirectoryPath)/", with: "") } == [
        "2 files, a/Mask/1.nii, a/Mask/2.nii: is an image, and what stands as its image in a/MR is a mask: the two are"
          + " exchanged; where a table lists them, exchange the names of its columns image and label, else give each of the two files"
          + " the other's name; where that is so of all cases: cd a/Mask && for m in *.nii; do"
          + #" i=a/MR/"${m%.nii}".nii; mv "$m" "$m.other" && mv "$i" "$m" && mv "$m.other" "$i"; done"#
      ])
  }

  /// The line that is advised is typed, and the dataset opens.
  @Test func foldersThatAreExchanged() throws {
    let sets = [
      (try SmallDataset(nnUNet: ["a", "b"]), "imagesTr", "labelsTr"),
      (try SmallDataset(mrSpineSeg: [1, 2]), "MR", "Mask"),
    ]
    for (small, images, labels) in sets {
      func move(_ from: String, _ to: String) throws {
        try FileManager.default.moveItem(at: small.folder.file(from), to: small.folder.file(to))
      }
      try move(images, "x")
      try move(labels, images)
      try move("x", labels)
      let told = small.openingProblems()
      #expect(
        told.count == 1
          && told[0].contains("\(labels) what is named as images: the two folders are exchanged; type mv "))
      let line = try #require(told.first?.components(separatedBy: "; type ").last)
      for step in line.components(separatedBy: " && ") {
        let names = step.split(separator: " ").dropFirst().map(String.init)
        try #require(names.count == 2)
        try move(names[0], names[1])
      }
      #expect(small.openingProblems() == [])
    }
  }

  @Test func twoChannelsThatAreOnePicture() throws {
    let small = try SmallDataset(nnUNet: ["a", "b"])
    try small.writeText("dataset.json", #"{"channel_names": {"0": "T1", "1": "T2"}, "labels": {"A": 1, "B": 3}}"#)
    try small.writeImage("imagesTr/a_0001.nii.gz", SmallDataset.imageValues(seed: 9))
    try small.writeImage("imagesTr/b_0001.nii.gz", SmallDataset.imageValues(seed: 1))
    let dataset = try Dataset.open(small.root, channels: .all)
    let preprocessing = Preprocessing(size: Extent3(4, 6, 8), crop: .none)
    let check = CaseCheck(labels: SmallDataset.map, preprocessing: preprocessing)
    let facts = try dataset.cases.map { try check.prepare($0, of: DatasetContents(of: $0)).get().facts }
    let census = DatasetCensus(dataset, labels: SmallDataset.map, preprocessing: preprocessing, facts: facts)
    #expect(
      census.notices == [
        "b: two channels are one picture, voxel for voxel; put each channel's own image there, or leave one out of"
          + " dataset.channels"
      ])
  }

  @Test func oneMaskUnderTwoNames() throws {
    try small.writeLabel("Mask/mask_case3.nii.gz", SmallDataset.labelValues(seed: 1))
    let words =
      "one mask, voxel for voxel, under several names: Case1 and Case3. If the images are of one patient, name the patient in"
      + " a table (dataset.groups), which keeps them in one fold; else put each image's own mask there"
    #expect(try notices() == [words])
    #expect(try notices(patients: ["P1", "P2", "P3", "P4"]) == [words])
    #expect(try notices(patients: ["P1", "P2", "P1", "P4"]).isEmpty)
  }

  /// A thousandth in the header (metres taken for millimetres), ten times the usual, and the usual.
  @Test func spacingsThatAreFarFromTheOthers() throws {
    func write(_ number: Int, slices: Double, rows: Double) throws {
      let geometry = Geometry(
        shape: SmallDataset.shape,
        affine: Affine(rows: [SIMD4(0, 0, slices, 1), SIMD4(0, -rows, 0, 2), SIMD4(-0.5, 0, 0, 3)]))
      try small.writeImage("MR/Case\(number).nii.gz", SmallDataset.imageValues(seed: number), geometry: geometry)
      try small.writeLabel(
        "Mask/mask_case\(number).nii.gz", SmallDataset.labelValues(seed: number), geometry: geometry)
    }
    try write(2, slices: 0.004, rows: 0.5)
    #expect(
      try notices() == [
        "Case2: voxels of 0.004 x 0.5 x 0.5 mm in Case2, which no scanner makes; correct the spacing in the header, in"
          + " millimetres",
        "Case2: from left to right Case2 shows 0.016 mm, most images about 16; correct the spacing in its header, or leave"
          + " it out by dataset.exclude",
      ])
    try write(2, slices: 11, rows: 0.5)
    #expect(try notices().isEmpty)
    try write(2, slices: 40, rows: 2)
    #expect(
      try notices().map { $0.prefix(25) } == [
        "Case2: voxels of 40 x 0.5", "Case2: from left to right", "Case2: from front to back",
      ])
  }

  @Test func patientsThatAreNamedInPart() throws {
    #expect(
      try notices(patients: ["P1", nil, "P1", nil]) == [
        "2 cases, Case2, Case4: no patient is named, so each counts as one of its own; fill the column in, or folds may part"
          + " a patient's images"
      ])
  }

  @Test(arguments: [("P1", "p1"), ("P1", "P01"), ("sub-007b", "sub-7B")])
  func patientsThatAreWrittenInTwoWays(one: String, other: String) throws {
    let both = [one, other].sorted().joined(separator: " and ")
    #expect(
      try notices(patients: [one, other, one, "X"]) == [
        "patients \(both) are taken as different ones; if they are not, write one name"
      ])
  }
}

@Suite struct ContentChangeTests {
  @Test func whatHasChangedIsNamedByCase() {
    let earlier = ["c1": "a\tm", "c2": "b\tm", "c3": "c\td\tm", "c10": "e\tm"]
    let now = ["c1": "a\tm", "c2": "b\tn", "c3": "c\tx\tm", "c11": "e\tm"]
    let change = ContentChange(from: earlier, to: now)
    #expect(
      change.words == "the mask of c2; the image of c3; a new case: c11; a case that is gone: c10")
    #expect(ContentChange(from: now, to: now).words.isEmpty)
  }

  /// A byte of gzip's header, which says the operating system, makes another file of the same voxels.
  @Test func filesThatArePackedAnewHoldTheSameVoxels() throws {
    let small = try SmallDataset(nnUNet: ["a", "b", "c"])
    func prepared() throws -> CacheSummary {
      let dataset = try Dataset.open(small.root)
      let contents = try DatasetContents(of: dataset)
      let cache = PreparedCache(
        directory: small.folder.file("cache"), fingerprint: contents.fingerprint.digest, labels: SmallDataset.map,
        preprocessing: SmallDataset.preprocessing)
      return try cache.inspect(dataset, contents, workers: 1)
    }
    let earlier = try prepared()
    for name in ["imagesTr/a_0000.nii.gz", "labelsTr/b.nii.gz"] {
      var bytes = try Data(contentsOf: small.folder.file(name))
      bytes[9] = bytes[9] == 11 ? 3 : 11
      try bytes.write(to: small.folder.file(name))
    }
    let change = ContentChange(from: earlier, to: try prepared())
    #expect(change.packed == ["a", "b"] && change.images.isEmpty && change.masks.isEmpty)
    #expect(
      change.words
        == "of the same voxels, but packed anew, the files of a, b: a run is of files to the byte, so put the"
        + " earlier ones back to go on with what is finished")
    try small.writeLabel("labelsTr/b.nii.gz", SmallDataset.labelValues(seed: 7))
    let other = ContentChange(from: earlier, to: try prepared())
    #expect(other.packed == ["a"] && other.masks == ["b"] && !other.mayBePacking)
    #expect(ContentChange(from: earlier.sources, to: try prepared().sources).mayBePacking)
  }

  @Test func severalAreListedInTheirOrder() {
    let earlier = Dictionary(uniqueKeysWithValues: (1...12).map { ("c\($0)", "i\tm") })
    let now = earlier.mapValues { _ in "i\tn" }
    #expect(ContentChange(from: earlier, to: now).words == "the masks of c1, c2, c3, c4, c5 and 7 more")
  }

  /// A table whose lines name one file, and many copies of one mask.
  @Test func linesThatNameOneMask() throws {
    let names = (1...7).map { "c\($0)" }
    let many = try SmallDataset(nnUNet: names)
    func notices(_ root: URL, masks: [String]) throws -> [String] {
      let rows = zip(names, masks).map { "\($0),imagesTr/\($0)_0000.nii.gz,labelsTr/\($1).nii.gz\n" }
      try many.writeText("set.csv", "case,image,label\n\n\(rows.joined())")
      let dataset = try Dataset.open(root)
      let check = CaseCheck(labels: SmallDataset.map, preprocessing: Preprocessing(size: Extent3(4, 6, 8), crop: .none))
      let facts = try dataset.cases.map { try check.prepare($0, of: DatasetContents(of: $0)).get().facts }
      return DatasetCensus(dataset, labels: check.labels, preprocessing: check.preprocessing, facts: facts).notices
        .filter {
          $0.contains("one mask")
        }
    }
    let table = many.folder.file("set.csv")
    let folder = many.folder.url.path
    #expect(try notices(table, masks: names).isEmpty)
    #expect(
      try notices(table, masks: ["c1", "c2", "c3", "c1", "c5", "c6", "c1"]) == [
        "\(folder)/set.csv: lines 3, 6, 9 name one mask, \(folder)/labelsTr/c1.nii.gz, for 3 cases, c1, c4, c7; write each image's own"
          + " mask there, or, if the images are of one patient, the patient's name into a column patient, which keeps them in one"
          + " fold"
      ])
    #expect(
      try notices(table, masks: names.map { _ in "c1" }).first?.hasPrefix(
        "\(folder)/set.csv: lines 3, 4, 5, 6, 7 and 2 more name one mask, \(folder)/labelsTr/c1.nii.gz, for 7 cases, c1, c2, c3, c4,"
          + " c5 and 2 more; ") == true)
    for name in names { try many.writeLabel("labelsTr/\(name).nii.gz", SmallDataset.labelValues) }
    #expect(
      try notices(many.root, masks: names).first?.hasPrefix(
        "one mask, voxel for voxel, under several names: c1, c2, c3, c4, c5 and 2 more. If the images") == true)
  }
}
