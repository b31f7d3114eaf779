import Experiments
import Foundation
import Testing
import Volumes

/// Which structures an experiment learns, from its own words and from what the dataset names.
@Suite struct DatasetLabelsTests {
  static let own = LabelMap(structures: [.init(name: "L1", value: 1), .init(name: "L2", value: 2)])

  func labels(_ words: String?, _ layout: DatasetLayout, _ own: LabelMap? = nil) throws -> LabelMap {
    try specification(words).labels(of: dataset(layout, own))
  }

  func dataset(_ layout: DatasetLayout, _ own: LabelMap? = nil) -> Dataset {
    let root = URL(fileURLWithPath: "/data/set")
    return Dataset(root: root, layout: layout, cases: [DatasetCase(name: "a", image: root, label: root)], labels: own)
  }

  func specification(_ words: String?) throws -> Specification {
    let labels = words.map { #","labels":\#($0)"# } ?? ""
    return try ExperimentFolder(["x.json": experiment(dataset: #"{"path":"d"\#(labels)}"#)]).load()
  }

  func refusal(_ words: String?, _ layout: DatasetLayout, _ own: LabelMap? = nil) -> String {
    do { return "\(try labels(words, layout, own))" } catch { return "\(error)" }
  }

  @Test func theDatasetsOwnNamesAreTheDefault() throws {
    #expect(try labels(nil, .nnUNet, Self.own) == Self.own)
    #expect(try labels(#""auto""#, .nnUNet, Self.own) == Self.own)
    #expect(try labels(nil, .mrSpineSeg) == .mrSpineSeg)
  }

  /// Where somebody says what the numbers mean, or the masks are made by those names, none are taken.
  @Test func namesAreTakenFromTheLayoutWhereNobodyGivesThem() throws {
    let unsaid = try specification(nil)
    #expect(unsaid.takesLabelsOfLayout(of: dataset(.mrSpineSeg)))
    #expect(!unsaid.takesLabelsOfLayout(of: dataset(.mrSpineSeg, Self.own)))
    #expect(!unsaid.takesLabelsOfLayout(of: dataset(.nnUNet, Self.own)))
    #expect(!unsaid.takesLabelsOfLayout(of: dataset(.manifest)))
    #expect(try !specification(#""mrspineseg""#).takesLabelsOfLayout(of: dataset(.mrSpineSeg)))
    let fields = #""folds":{"validation":1},"training":{"batch":2}"#
    let phantom = try ExperimentFolder([
      "x.json": experiment(fields, dataset: #"{"path":"d","phantom":{"cases":20}}"#)
    ]).load()
    #expect(!phantom.takesLabelsOfLayout(of: dataset(.mrSpineSeg)))
  }

  @Test func aManifestsStructuresMustBeNamed() throws {
    #expect(
      refusal(nil, .manifest)
        == "x.json:2:11: dataset.labels: /data/set does not say which structures the numbers of its masks are; name them"
        + #" here, such as {"L5": 1, "L4": 2}, or write "mrspineseg" where they are MRSpineSeg's"#)
    #expect(try labels(#""mrspineseg""#, .manifest) == .mrSpineSeg)
    #expect(try labels(#"{"L1":1,"L2":2}"#, .manifest) == Self.own)
  }

  /// As the refusal of its overlapping regions advises: each of them in an experiment that names its own. The test set has
  /// the same file.
  @Test func regionsMayOverlapWhereTheExperimentNamesTheStructures() throws {
    var files = [
      "x.json": experiment(
        #""folds":{"count":2,"validation":1},"training":{"batch":1},"test":{"cases":"imagesTs"}"#,
        dataset: #"{"path":"set"}"#),
      "set/dataset.json":
        #"{"labels":{"background":0,"whole":[1,2],"core":2,"edge":[2,3],"X":4},"regions_class_order":[1,2,3,4]}"#,
    ]
    for (name, part) in [("a", "Tr"), ("b", "Tr"), ("c", "Tr"), ("d", "Tr"), ("t", "Ts")] {
      files["set/images\(part)/\(name)_0000.nii.gz"] = ""
      files["set/labels\(part)/\(name).nii.gz"] = ""
    }
    let folder = try ExperimentFolder(files)
    let error = #expect(throws: DatasetErrors.self) { try folder.load().openDataset() }
    let advice = "learn them in several experiments, each with its own dataset.labels"
    #expect("\(error!)".contains(advice), "\(error!)")
    for (words, left) in [
      (#"{"whole":[1,2]}"#, [3, 4]), (#"{"core":2,"L1":1}"#, [3, 4]), (#"{"edge":[3,2]}"#, [1, 4]),
    ] {
      let specification = try folder.load(set: ["dataset.labels=\(words)"])
      let dataset = try specification.openDataset()
      let labels = try specification.labels(of: dataset)
      #expect(specification.leftOut(of: dataset, besides: labels) == left)
      let test = try specification.testSet(beside: dataset, labels: labels)
      #expect(test?.names == ["t"] && test?.labels(labels).numbers.sorted() == [0, 1, 2, 3, 4])
    }
  }

  /// A base that says "mrspineseg" must not train 18 classes under wrong names.
  @Test func mrSpineSegsNamesAreRefusedWhereTheDatasetHasOthers() throws {
    #expect(
      refusal(#""mrspineseg""#, .nnUNet, Self.own)
        == "x.json:2:32: dataset.labels: dataset.json of /data/set names its structures L1, L2, MRSpineSeg's names of the"
        + #" same numbers are S, L5; write "dataset.json" here, or name the structures in an object if the file is wrong"#
    )
    let same = LabelMap(structures: [.init(name: "L5", value: 2), .init(name: "T9", value: 10)])
    #expect(try labels(#""mrspineseg""#, .nnUNet, same) == .mrSpineSeg)
    let others = LabelMap(structures: [.init(name: "C1", value: 40)])
    #expect(refusal(#""mrspineseg""#, .nnUNet, others).contains("names its structures C1"))
  }

  @Test func numbersAreMergedLeftOutAndIgnored() throws {
    let map = try labels(#"{"V":[3,1,2],"S":6,"background":[8,7],"ignore":9}"#, .manifest)
    #expect(
      map
        == LabelMap(
          structures: [.init(name: "V", value: 3, others: [1, 2]), .init(name: "S", value: 6)], background: [0, 8, 7],
          ignore: 9))
    #expect(try labels(#"{"V":[1],"background":0}"#, .manifest) == LabelMap(structures: [.init(name: "V", value: 1)]))
  }

  @Test(arguments: [
    (#"{"V":[1,2],"W":[2,3]}"#, #""V" and "W" overlap: both take 2"#), (#"{"V":[1,1]}"#, "1"), (#"{"V":[]}"#, "0"),
    (#"{"V":"1"}"#, "1"), (#"{"V":[1],"ignore":1}"#, "the value 1 is given twice"),
    (#"{"V":1,"background":[1]}"#, "the value 1 is given twice"),
    (#"{"background":[1]}"#, #"not learnt; write its name and its number, such as {"L5": 1, "L4": 2}"#),
    ("{}", #"no structure is named; write its name and its number, such as {"L5": 1, "L4": 2}"#),
    (#"{"V":1,"ignore":[2]}"#, "[2]"),
  ])
  func unsoundLabelsAreRefused(words: String, reason: String) {
    let error = #expect(throws: SpecificationErrors.self) { try specification(words) }
    #expect(error?.errors.count == 1 && "\(error!)".contains(reason), "\(error.map { "\($0)" } ?? "")")
  }

  /// Allowed, since a structure may be called anything, and surely the wrong way round.
  @Test func aNumberInANamesPlaceIsWarnedOf() throws {
    let warnings = try specification(#"{"300":5,"301":6}"#).unlikelyValues.filter { $0.contains("dataset.labels") }
    #expect(
      warnings.count == 1 && warnings[0].contains("number 5 are a structure called \"300\"; write {\"NAME\": 300}"),
      "\(warnings)")
    for sound in [#"{"5":5}"#, #"{"L5":300}"#, #"{"V":[1,2]}"#] {
      #expect(try !specification(sound).unlikelyValues.contains { $0.contains("dataset.labels") })
    }
  }

  /// Voxels that nobody has annotated stay ignored, whatever the experiment calls its structures.
  @Test func theDatasetsIgnoredNumberIsKept() throws {
    var own = Self.own
    own.ignore = 9
    #expect(try labels(#"{"L":[1,2]}"#, .nnUNet, own).ignore == 9)
    #expect(try labels(#"{"L":[1,2,9]}"#, .nnUNet, own).ignore == nil)
  }

  @Test func whatTheDatasetNamesAndTheExperimentDoesNotIsLeftOut() throws {
    let specification = try specification(#"{"L1":1}"#)
    let labels = try specification.labels(of: dataset(.nnUNet, Self.own))
    #expect(labels.background == [0])
    #expect(specification.leftOut(of: dataset(.nnUNet, Self.own), besides: labels) == [2])
    #expect(specification.leftOut(of: dataset(.mrSpineSeg), besides: labels) == Array(2...19))
    #expect(specification.leftOut(of: dataset(.manifest), besides: labels) == [])
    let whole = try self.specification(nil)
    #expect(whole.leftOut(of: dataset(.nnUNet, Self.own), besides: Self.own) == [])
  }

  @Test func aPlanKeepsMergedAndIgnoredNumbers() throws {
    let specification = try ExperimentFolder([
      "x.json": experiment(#""folds":{"count":2,"validation":1},"training":{"batch":2}"#)
    ]).load()
    let root = URL(fileURLWithPath: "/data/set")
    let names = (1...8).map { "c\($0)" }
    let cases = names.map { DatasetCase(name: $0, image: root, label: root) }
    func plan(_ map: LabelMap) throws -> String {
      let plan = try ExperimentPlan(
        specification: specification, dataset: Dataset(root: root, layout: .nnUNet, cases: cases, labels: map),
        fingerprint: DatasetFingerprint(digest: "ff", cases: 8),
        present: Dictionary(uniqueKeysWithValues: names.map { ($0, [true]) })
      ).runs[0].plan
      #expect(try Plan(json: plan.canonicalJSON, file: "plan.json") == plan)
      return String(decoding: plan.canonicalJSON, as: UTF8.self)
    }
    let merged = LabelMap(structures: [.init(name: "V", value: 3, others: [1])], ignore: 9)
    #expect(
      try plan(merged).contains(
        #""structures":{"background":[0],"ignore":9,"structures":[{"name":"V","others":[1],"value":3}]}"#))
    let plain = LabelMap(structures: [.init(name: "V", value: 3)])
    #expect(
      try plan(plain).contains(#""structures":{"background":[0],"structures":[{"name":"V","value":3}]}"#))
  }
}
