import Compute
import Foundation
import TestSupport
import Testing
import Volumes

/// Images of several channels, from nnU-Net's folders to what a network sees.
@Suite struct ChannelsTests {
  private let small: SmallDataset

  /// Cases a and b, each of channels 0 (T1) and 1 (T2).
  init() throws {
    small = try SmallDataset(nnUNet: ["a", "b"])
    for (seed, name) in ["a", "b"].enumerated() {
      try small.writeImage(
        "imagesTr/\(name)_0001.nii.gz", SmallDataset.imageValues(seed: 10 + seed).map { 5 * $0 * $0 })
    }
    try small.writeText(
      "dataset.json",
      #"{"channel_names": {"0": "T1", "1": "T2"}, "labels": {"background": 0, "B": 3, "A": 1}, "numTraining": 2}"#)
  }

  private func open(_ channels: ChannelChoice) throws -> Dataset { try Dataset.open(small.root, channels: channels) }

  private func problems(_ channels: ChannelChoice) throws -> [String] {
    let errors = #expect(throws: DatasetErrors.self) { try open(channels) }
    return (errors?.problems ?? []).map { $0.description.replacingOccurrences(of: small.root.path + "/", with: "") }
  }

  private func prepared(_ dataset: Dataset) throws -> [PreparedCase] {
    let check = CaseCheck(labels: SmallDataset.map, preprocessing: SmallDataset.preprocessing)
    return try dataset.cases.map { try check.prepare($0, of: DatasetContents(of: $0)).get().prepared }
  }

  // MARK: Which channels

  @Test func channelsAreNamedOrNumberedInAnyOrder() throws {
    for (choice, numbers) in [
      (ChannelChoice.all, [0, 1]), (.these([.number(1), .name("T1")]), [1, 0]), (.these([.name("T2")]), [1]),
    ] {
      let dataset = try open(choice)
      #expect(dataset.channels == numbers && dataset.names == ["a", "b"])
      #expect(
        dataset.cases[1].images.map(\.lastPathComponent) == numbers.map { "b_000\($0).nii.gz" })
      #expect(dataset.channelNames == numbers.map { "T\($0 + 1)" })
      #expect(dataset.notices.isEmpty == (numbers.count == 2))
    }
  }

  @Test func nothingIsChosenInSilence() throws {
    #expect(
      try problems(.unsaid) == [
        "dataset.json:1:19: channel_names: 2 channels (0 T1, 1 T2), and nobody says which are read. In the experiment"
          + " write \"channels\": [0, 1] below dataset for all, or [0] for the first alone"
      ])
    let first = try open(.these([.number(0)]))
    #expect(first.cases.allSatisfy { $0.further.isEmpty })
    #expect(
      DatasetNotice.lines(first.notices, below: small.root) == [
        "left out, because a further channel (\"channels\": [0, 1] below dataset reads two of nnU-Net's layout): 2 files,"
          + " imagesTr/a_0001.nii.gz, imagesTr/b_0001.nii.gz"
      ])
  }

  @Test func channelsThatAreNotThereAreOneErrorEach() throws {
    #expect(
      try problems(.these([.name("Dixon")])) == [
        "dataset.json:1:19: channel_names: has no channel \"Dixon\"; it has 0 T1, 1 T2 (dataset.channels asks for it)"
      ])
    #expect(
      try problems(.these([.number(0), .number(2)])) == [
        "dataset.json:1:19: channel_names: has no channel 2; it has 0 T1, 1 T2 (dataset.channels asks for it); if its files"
          + " (NAME_0002.nii.gz) are there, name it here too, as \"2\": \"T1\""
      ])
    #expect(try problems(.these([.number(0), .name("T1")])).first?.contains("channel 0 is asked for twice") == true)
  }

  /// Names that files cannot be counted by are refused, whoever asks; a file of another number is never taken for one.
  @Test(arguments: [
    ("{}", "it has no channel; nnU-Net writes such as"), ("[]", "it has no channel; nnU-Net writes such as"),
    (
      #"{"0": "T1", "2": "T2"}"#,
      "it has the numbers 0, 2, and nnU-Net counts from 0 without gaps, here and in the files"
    ),
    (#"{"1": "T1", "2": "T2"}"#, "it has the numbers 1, 2, and"),
    (#"{"0": "T1", "00": "T2"}"#, "it has the numbers 0, 00"),
  ])
  func namesThatDoNotCountAreRefused(_ names: String, _ words: String) throws {
    try small.writeText(
      "dataset.json", #"{"channel_names": \#(names), "labels": {"background": 0, "B": 3, "A": 1}, "numTraining": 2}"#)
    for choice in [ChannelChoice.all, .unsaid, .these([.number(0), .number(1)])] {
      let found = try problems(choice)
      #expect(found.count == 1 && found[0].hasPrefix("dataset.json:1:19: channel_names: \(words)"), "\(found)")
    }
  }

  @Test func aChannelThatOneCaseLacksIsOneError() throws {
    try FileManager.default.removeItem(at: small.folder.file("imagesTr/b_0001.nii.gz"))
    #expect(
      try problems(.all) == [
        "imagesTr/b_0001.nii.gz: channel 1 of this case is missing; add it, or take the case or the channel out"
          + " (dataset.channels, and channel_names in dataset.json)"
      ])
  }

  /// A manifest has a column for each channel.
  @Test func aManifestsColumnsAreItsChannels() throws {
    func table(_ head: String, _ rows: [String], _ choice: ChannelChoice) throws -> Dataset {
      try small.writeText("set.csv", ([head] + rows).joined(separator: "\n"))
      return try Dataset.open(small.folder.file("set.csv"), channels: choice)
    }
    let rows = ["a", "b"].map { "\($0),imagesTr/\($0)_0000.nii.gz,imagesTr/\($0)_0001.nii.gz,labelsTr/\($0).nii.gz" }
    let head = "case,image:T1,IMAGE: T2,label"
    for (choice, numbers) in [
      (ChannelChoice.all, [0, 1]), (.these([.number(1), .name("T1")]), [1, 0]), (.these([.name("T2")]), [1]),
    ] {
      let dataset = try table(head, rows, choice)
      let wanted = try open(choice)
      #expect(dataset.channels == numbers && dataset.channelNames == numbers.map { "T\($0 + 1)" })
      #expect(dataset.cases.map { $0.images.map(\.path) } == wanted.cases.map { $0.images.map(\.path) })
      #expect(try DatasetContents(of: dataset).fingerprint == DatasetContents(of: wanted).fingerprint)
      #expect(dataset.notices.isEmpty && dataset.found.images == 2 * numbers.count)
      #expect(dataset.columns.isEmpty, "a channel is no property of a case")
    }
    func problem(_ head: String, _ others: [String]? = nil, _ choice: ChannelChoice = .all) -> String {
      do {
        _ = try table(head, others ?? rows, choice)
        return ""
      } catch { return "\(error)".replacingOccurrences(of: small.root.path + "/", with: "") }
    }
    #expect(
      problem(head, rows, .unsaid).hasPrefix(
        "set.csv: line 1: 2 channels (0 T1, 1 T2), and nobody says which are read."))
    #expect(problem(head, rows, .these([.number(2)])).hasPrefix("set.csv: line 1: has no channel 2; it has 0 T1, 1 T2"))
    #expect(problem("case,image,image:T2,label").contains(#"has a column "image" beside those of channels"#))
    #expect(problem("case,image:,image:T2,label").contains("has a channel without a name"))
    #expect(problem("case,image:t2,image:T2,label").contains("names two channels alike"))
    #expect(
      problem(head, ["a,imagesTr/a_0000.nii.gz,,labelsTr/a.nii.gz"]).contains(
        "line 2: column image:t2: case a has none; write"))
    #expect(problem(head, ["a,imagesTr/a_0000.nii.gz,gone.nii,labelsTr/a.nii.gz"]).contains("gone.nii does not exist"))
    // A channel that is not read need not be there.
    let first = try table(head, ["a,imagesTr/a_0000.nii.gz,,labelsTr/a.nii.gz"], .these([.number(0)]))
    #expect(first.cases.map(\.images.count) == [1])
  }

  @Test func otherLayoutsHaveOneChannel() throws {
    let other = try SmallDataset(mrSpineSeg: [1])
    let errors = #expect(throws: DatasetErrors.self) {
      try Dataset.open(other.root, channels: .these([.number(0), .number(1)]))
    }
    #expect(errors?.description.contains("the layout mrspineseg have one here; leave it out") == true)
    #expect(try Dataset.open(other.root, channels: .these([.number(0)])).cases.count == 1)
  }

  // MARK: What a network sees

  @Test func everyChannelIsWhatItWouldBeAlone() throws {
    let both = try prepared(open(.all))
    let (first, second) = (try prepared(open(.these([.number(0)]))), try prepared(open(.these([.number(1)]))))
    for index in both.indices {
      #expect(both[index].channels == [first[index].image, second[index].image])
      #expect(both[index].image != both[index].further[0])
    }
    let swapped = try prepared(open(.these([.number(1), .number(0)])))
    #expect(swapped.map(\.channels) == both.map { $0.channels.reversed() })
  }

  @Test func aChannelOnAnotherGridIsRefusedByBothNames() throws {
    var moved = SmallDataset.geometry
    moved.affine.rows[1].w += 3
    try small.writeImage("imagesTr/a_0001.nii.gz", SmallDataset.imageValues(seed: 3), geometry: moved)
    let errors = #expect(throws: DatasetErrors.self) { try prepared(open(.all)) }
    let words = errors?.description.replacingOccurrences(of: small.root.path + "/", with: "")
    #expect(
      words == "imagesTr/a_0001.nii.gz: lies up to 3.0 mm (allowed: 0.125 mm) off its first channel"
        + " imagesTr/a_0000.nii.gz; register and resample it onto that grid")
  }

  @Test func everyChannelIsPartOfTheFingerprint() throws {
    let (both, one) = (
      try DatasetContents(of: open(.all)).fingerprint, try DatasetContents(of: open(.these([.number(0)]))).fingerprint
    )
    #expect(both.digest != one.digest && both.channels == [0, 1] && one.channels == [0])
    #expect(try DatasetContents(of: open(.these([.number(1), .number(0)]))).fingerprint.digest != both.digest)
    try small.writeImage("imagesTr/b_0001.nii.gz", SmallDataset.imageValues(seed: 77))
    #expect(try DatasetContents(of: open(.all)).fingerprint.digest != both.digest)
    #expect(try DatasetContents(of: open(.these([.number(0)]))).fingerprint == one)
  }

  @Test func theCacheGivesBackEveryChannel() throws {
    let dataset = try open(.all)
    let contents = try DatasetContents(of: dataset)
    let cache = PreparedCache(
      directory: small.folder.file("cache"), fingerprint: contents.fingerprint.digest, labels: SmallDataset.map,
      preprocessing: SmallDataset.preprocessing)
    let summary = try cache.prepare(dataset, contents, workers: 2)
    let wanted = try prepared(dataset)
    #expect(try dataset.names.map { try cache.load($0) } == wanted)
    #expect(summary.cases.map(\.imageDigest) == wanted.map(\.imageDigest))
    let census = DatasetCensus(
      dataset, labels: SmallDataset.map, preprocessing: SmallDataset.preprocessing, facts: summary.cases)
    #expect(
      census.lines.prefix(2) == [
        "found: 4 images, 2 masks", "taken: 2 cases of 2 channels (0 T1, 1 T2), 2 structures",
      ])
  }

  // MARK: Prediction

  @Test func anImageToPredictIsPreparedAsItsCaseIs() throws {
    let one = try open(.all).cases[0]
    let input = try PredictionInput(one.images, preprocessing: SmallDataset.preprocessing)
    #expect(input.channels == (try prepared(open(.all))[0].channels))
    #expect(try input.digests == one.images.map { try DatasetContents.hash(ofVolume: $0) })
    #expect(try input.digest == PredictionInput.digest(of: one.images))
  }

  /// What is strange of a second channel is told of its own file.
  @Test func everyChannelOfAnImageIsComparedWithTheTrainingImages() throws {
    let check = CaseCheck(labels: SmallDataset.map, preprocessing: SmallDataset.preprocessing)
    let dataset = try open(.all)
    let facts = try dataset.cases.map { try check.prepare($0, of: DatasetContents(of: $0)).get().facts }
    let lowest = try dataset.cases.map { try NIfTI.read($0.further[0]).grid.values.min() ?? 0 }
    #expect(facts.map { $0.further?.first?.lowest ?? 0 } == lowest)
    var files = dataset.cases[0].images
    files[1] = try small.writeImage("ct_0001.nii", SmallDataset.imageValues(seed: 3).map { $0 - 1000 })
    let words = try PredictionInput(files, preprocessing: SmallDataset.preprocessing).strangeness(among: facts)
    #expect(
      words.count == 1 && words[0].hasPrefix("a_0000.nii.gz is unlike the training images: ct_0001.nii has values"))
    #expect(
      try PredictionInput(dataset.cases[0].images, preprocessing: SmallDataset.preprocessing).strangeness(among: facts)
        == [])
    files[1] = small.folder.file("labelsTr/b.nii.gz")
    let mask = try PredictionInput(files, preprocessing: SmallDataset.preprocessing)
    #expect(mask.resemblingLabels.map(\.lastPathComponent) == ["b.nii.gz"])
  }

  /// A value of "no data" in the second channel alone.
  @Test func theCensusNamesTheChannelWithoutContrast() throws {
    let preprocessing = Preprocessing(size: Extent3(4, 6, 8), crop: .none)
    try small.writeImage("imagesTr/a_0001.nii.gz", [-1e9] + SmallDataset.imageValues(seed: 10).dropFirst())
    func notices(_ choice: ChannelChoice) throws -> [String] {
      let check = CaseCheck(labels: SmallDataset.map, preprocessing: preprocessing)
      let dataset = try open(choice)
      let facts = try dataset.cases.map { try check.prepare($0, of: DatasetContents(of: $0)).get().facts }
      return DatasetCensus(dataset, labels: SmallDataset.map, preprocessing: preprocessing, facts: facts)
        .notices.filter { $0.contains("extreme values") }
    }
    let both = try notices(.all)
    #expect(both.map { $0.hasPrefix("a: a few extreme values of channel 1 T2 (in a -1") } == [true], "\(both)")
    #expect(try notices(.these([.number(1)])).first?.hasPrefix("a: a few extreme values (in a -1") == true)
    #expect(try notices(.these([.number(0)])).isEmpty)
  }

  @Test func aFolderOrAFileStandsForImagesOfAllChannels() throws {
    let folder = small.folder.file("imagesTr")
    for paths in [[folder], ["a_0000.nii.gz", "a_0001.nii.gz", "b_0001.nii.gz"].map(folder.appendingPathComponent)] {
      let list = try VolumeList(paths, channels: [0, 1])
      #expect(list.entries.map(\.name) == ["a", "b"] && list.notices.isEmpty)
      #expect(list.entries[1].files.map(\.lastPathComponent) == ["b_0000.nii.gz", "b_0001.nii.gz"])
    }
    try small.writeImage("imagesTr/plain.nii.gz", SmallDataset.imageValues(seed: 1))
    #expect(try VolumeList([folder], channels: [0, 1]).notices.count == 1)
    let single = #expect(throws: DatasetErrors.self) {
      try VolumeList([folder.appendingPathComponent("plain.nii.gz")], channels: [0, 1])
    }
    #expect(
      single?.description.hasSuffix(
        "plain.nii.gz: the networks see several channels of an image, and this is one file; name them CASE_0000.nii.gz with"
          + " CASE_0001.nii.gz, and give their folder or one of them") == true)
    try FileManager.default.removeItem(at: folder.appendingPathComponent("a_0000.nii.gz"))
    let missing = #expect(throws: DatasetErrors.self) { try VolumeList([folder], channels: [0, 1]) }
    #expect(missing?.description.contains("a_0000.nii.gz: channel 0 of this case is missing") == true)
  }
}
