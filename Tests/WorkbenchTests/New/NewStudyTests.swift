import CPU
import Compute
import Experiments
import Foundation
import Models
import TestSupport
import Testing
import Volumes

import Workbench

/// What `safnet new` chooses, by the closed forms of its rules.
@Suite struct NewStudyTests {
  // MARK: Every format

  private static let phantom = Result {
    let folder = try TemporaryFolder().keptUntilExit()
    var phantom = Phantom()
    (phantom.cases, phantom.seed, phantom.height, phantom.width) = (6, 3, 64, 64)
    try phantom.write(to: folder.file("phantom"), workers: 2)
    return folder
  }

  private static let table =
    "index\tname\tcolor\n0\tBackground\t#000000\n1\tsacrum\t#ff0000\n2\tL5\t#00ff00\n99\tC1\t#0000ff\n"

  @Test(arguments: ["nnunet", "bids", "mrspineseg", "manifest"])
  func everyFormatMakesAStudyThatIsSoundAndCanBePlanned(layout: String) throws {
    let folder = try TemporaryFolder()
    let source = try Self.phantom.get().file("phantom")
    let layouts = PhantomLayouts(source, in: folder)
    let place =
      switch layout {
      case "nnunet": try layouts.nnUNet("data", labels: #"{"background": 0, "S": 1, "L5": 2}"#)
      case "bids": try layouts.bids("data", table: Self.table)
      case "manifest": try layouts.manifest("data.csv")
      default: source
      }
    let report = try TinyDataset.study(place.path, folder.file("study.json").path)
    let specification = try Specification.load(folder.file("study.json"))
    #expect(specification.dataset.layout.rawValue == layout)
    #expect(specification.datasetRoot.resolvingSymlinksInPath().path == place.resolvingSymlinksInPath().path)
    #expect(specification.variants.map(\.name) == ["Base", "SAFNet", "nnU-Net"])
    #expect(specification.variants.map(\.model.kind) == ["safnet", "safnet", "nnunet"])
    #expect(specification.variants.allSatisfy { $0.seeds == [2023, 2024, 2025] })
    var planning = Planning()
    planning.measures = false
    let estimate = try planning.estimate(specification, engine: CPUEngine(), on: TinyDataset.machine)
    #expect(estimate.shortages.isEmpty && estimate.runs == 3 * 3 * 3)
    #expect(report.check.problems.isEmpty && report.fingerprint.cases.count == 6)
    #expect(try DatasetReport(specification).problems.isEmpty)
    // Nothing but the study was written.
    let others = try FileManager.default.contentsOfDirectory(atPath: folder.url.path)
    #expect(Set(others).subtracting(["data", "data.csv"]) == ["study.json"])
  }

  @Test func bidsTablesNameStructuresAndSubjectsStayTogether() throws {
    let folder = try TemporaryFolder()
    let place = try PhantomLayouts(Self.phantom.get().file("phantom"), in: folder).bids("data", table: Self.table)
    let report = try TinyDataset.study(place.path, folder.file("study.json").path)
    let labels = try #require(Specification.load(folder.file("study.json")).dataset.knownLabels)
    #expect(
      labels.structures.prefix(2).map(\.name) == ["sacrum", "L5"] && labels.structures.prefix(2).map(\.value) == [1, 2])
    #expect(labels.names.contains("label 3") && !labels.names.contains("C1"))
    #expect(report.because("dataset.labels").contains("2 named by dseg.tsv"))
    #expect(report.because("dataset.labels").contains("C1 in no mask, left out"))
    #expect(
      report.because("folds.count")
        == "3 subjects are too few for five parts of two; cases of one subject stay together")
    #expect(report.asked("dataset.groups") == ["6 cases are of 3 subjects: are these all different people?"])
    #expect(report.asked("dataset.labels").first?.hasPrefix("What are the numbers 3, 4, 5, 6, 7 and ") == true)
  }

  @Test func aManifestsPatientsStayTogetherAndItsColumnsAreAskedAbout() throws {
    let folder = try TemporaryFolder()
    let place = try PhantomLayouts(Self.phantom.get().file("phantom"), in: folder).manifest("data.csv")
    let report = try TinyDataset.study(place.path, folder.file("study.json").path)
    #expect(report.because("folds.count").contains("3 patients are too few"))
    #expect(report.asked("folds.by").first?.contains("site") == true)
  }

  // MARK: Bytes

  @Test func theSameDatasetMakesTheSameBytes() throws {
    let data = try TinyDataset()
    try data.write(cases: 4)
    for folder in ["a", "b"] {
      try FileManager.default.createDirectory(at: data.folder.file(folder), withIntermediateDirectories: true)
      _ = try data.study("\(folder)/study.json")
    }
    let both = try ["a", "b"].map { try Data(contentsOf: data.folder.file("\($0)/study.json")) }
    #expect(both[0] == both[1])
    #expect(String(decoding: both[0], as: UTF8.self).contains(#""path": "../data""#))
  }

  @Test func anOddFileNameMakesASoundName() throws {
    let data = try TinyDataset()
    try data.write(cases: 3)
    _ = try data.study("_mein Rücken.json")
    #expect(try data.specification("_mein Rücken.json").name == "mein-R-cken")
  }

  // MARK: The grid

  /// 24 rows are below what networks halve: 32; in W the middle half of 20 columns is 5 to 14, of which 32 would be made up for
  /// the most part, as the check of the same study would say.
  @Test func sidesAreMultiplesOfSixteenFromThirtyTwoOn() throws {
    var data = try TinyDataset()
    try data.write(cases: 3)
    let report = try data.study()
    #expect(try data.specification().preprocessing == Preprocessing(size: Extent3(6, 32, 16), crop: .halfWidth))
    #expect(!report.check.census.notices.contains { $0.contains("keeps all that is there") }, "\(report.check.text)")
    // W halved is 40, which is as near to 32 as to 48.
    (data.extent, data.columns) = ([6, 70, 82], 22..<60)
    try data.write(cases: 3)
    _ = try data.study("larger.json")
    #expect(try data.specification("larger.json").preprocessing.size == Extent3(6, 64, 48))
  }

  @Test func oneColumnBesideTheMiddleHalfKeepsTheWholeWidth() throws {
    var data = try TinyDataset()
    data.columns = 4..<15
    try data.write(cases: 3)
    let report = try data.study()
    #expect(try data.specification().preprocessing.crop == .none)
    #expect(report.because("preprocessing.crop") == "labelled voxels lie outside the middle half from front to back")
    (data.columns) = 5..<16
    try data.write(cases: 3)
    _ = try data.study("other.json")
    #expect(try data.specification("other.json").preprocessing.crop == .none)
  }

  /// Up to a quarter more than the median all slices are kept; beyond, they are resampled to the median.
  @Test func numbersOfSlicesFarApartAreResampled() throws {
    var data = try TinyDataset()
    for (number, slices) in [8, 8, 10].enumerated() {
      data.extent[0] = slices
      try data.write("c\(number)", seed: number)
    }
    try data.describe(TinyDataset.names)
    _ = try data.study()
    let near = try data.specification().preprocessing
    #expect(near.depth == .padOrCrop && near.size.depth >= 10)
    data.extent[0] = 11
    try data.write("c2", seed: 2)
    let report = try data.study("far.json")
    let far = try data.specification("far.json").preprocessing
    #expect(far.depth == .resample && far.size.depth == 8)
    #expect(report.because("preprocessing.depth") == "8 to 11 slices, resampled to 8")
  }

  /// The network's spacing is that of the prepared image: 0.8 x 128 / 128 and 0.8 x 80 / 80 mm.
  @Test func nnUNetIsPlannedForThePreparedSpacing() throws {
    var data = try TinyDataset()
    (data.extent, data.spacing, data.columns) = ([4, 128, 80], [3.3, 0.8, 0.8], 0..<80)
    try data.write(cases: 3)
    _ = try data.study()
    let specification = try data.specification()
    let network = try #require(specification.variants[2].model.network as? NNUNet)
    let size = specification.preprocessing.size
    #expect(
      network.spacing
        == [3.3, 128 * 0.8 / Double(size.height), 80 * 0.8 / Double(size.width)].map {
          ($0 * 1000).rounded() / 1000
        })
    #expect(network.suitable(size) == size)
  }

  // MARK: Memory

  @Test func lessMemoryMakesTheGridCoarserAndKeepsTwoCases() throws {
    var data = try TinyDataset()
    (data.extent, data.columns) = ([8, 128, 128], 0..<128)
    try data.write(cases: 3)
    _ = try data.study()
    let report = try data.study("small.json", memory: 640 << 20)
    let (whole, small) = (try data.specification(), try data.specification("small.json"))
    #expect(whole.preprocessing.size == Extent3(8, 128, 128) && whole.training.batch == 1)
    #expect(small.preprocessing.size.height < 128 && small.preprocessing.size.depth == 8)
    #expect(report.because("preprocessing.size").contains("made coarser until it fits 640 MiB (--memory)"))
    var planning = Planning()
    (planning.measures, planning.freeMemory) = (false, 640 << 20)
    #expect(try planning.estimate(small, engine: CPUEngine(), on: TinyDataset.machine).shortages.isEmpty)
  }

  @Test func memoryForNoGridIsRefused() throws {
    let data = try TinyDataset()
    try data.write(cases: 3)
    let error = #expect(throws: StudyRefusal.self) { try data.study(memory: 1 << 20) }
    guard case .doesNotFit(_, let needed, let free) = error else {
      return #expect(Bool(false), "\(String(describing: error))")
    }
    #expect(needed > free && free == 1 << 20)
    #expect(!data.folder.exists("study.json"))
  }

  // MARK: Folds, steps

  @Test(arguments: [(3, 3, 1, 1), (6, 3, 2, 2), (9, 4, 2, 4), (12, 5, 2, 7)])
  func foldsHoldTwoCasesEachWhereThereAreEnough(cases: Int, folds: Int, validation: Int, training: Int) throws {
    let data = try TinyDataset()
    try data.write(cases: cases)
    _ = try data.study()
    let specification = try data.specification()
    #expect(specification.folds.count == folds && specification.folds.validation == validation)
    #expect(specification.folds.validationFrom == .training)
    let batch = min(2, training)
    let perEpoch = (training + batch - 1) / batch
    #expect(specification.training.batch == batch)
    #expect(specification.training.epochs == (2000 + perEpoch - 1) / perEpoch)
  }

  /// Of 100 cases 80 train, 8 of them choose: a twentieth of 72 is 3.
  @Test func manyCasesMakeALargerBatchWhereItFits() throws {
    var data = try TinyDataset()
    (data.extent, data.columns) = ([4, 16, 12], 3..<9)
    try data.write(cases: 100)
    _ = try data.study()
    #expect(try data.specification().training.batch == 3 && data.specification().folds.validation == 8)
    #expect(try data.specification().training.epochs == 2000 / 24 + 1)
  }

  static let lumbar = RealData.folder("lumbar-vb3")

  @Test(.enabled(if: FileManager.default.fileExists(atPath: lumbar.path), "no real images"))
  func fortyRealImagesKeepTheirSize() throws {
    let folder = try TemporaryFolder()
    let report = try TinyDataset.study(Self.lumbar.path, folder.file("study.json").path)
    let study = try Specification.load(folder.file("study.json"))
    #expect(study.preprocessing == Preprocessing(size: Extent3(20, 224, 224), crop: .none))
    #expect(study.dataset.knownLabels?.names == ["L1", "L2", "L3", "L4", "L5"])
    #expect(report.fingerprint.cases.count == 40 && report.fingerprint.orientations == ["IPL": 40])
    #expect(report.check.census.structures.allSatisfy { $0.leastKept ?? 0 > 0.99 })
  }

  /// Ten cases of one patient and one each of two others: more than one validation case would take all that a fold has.
  @Test func validationLeavesAPatientToTrainWith() throws {
    let data = try TinyDataset()
    try data.write(cases: 12)
    let rows = (1...12).map { number in
      "c\(number),data/imagesTr/c\(number)_0000.nii.gz,data/labelsTr/c\(number).nii.gz,p\(max(number - 9, 1))\n"
    }
    try data.folder.write("set.csv", "case,image,label,patient\n" + rows.joined())
    let report = try data.study(of: data.folder.file("set.csv"))
    #expect(try data.specification().folds.validation == 1 && data.specification().training.batch == 1)
    #expect(report.because("folds.validation") == "the smallest fold has few patients to train with")
  }

  @Test func splitsOfTheDatasetAreHonoured() throws {
    let data = try TinyDataset()
    try data.write(cases: 6)
    try data.folder.write(
      "data/splits_final.json",
      #"[{"train": ["c1","c2","c3","c4"], "val": ["c5","c6"]}, {"train": ["c3","c4","c5","c6"], "val": ["c1","c2"]}]"#)
    let report = try data.study()
    let folds = try data.specification().folds
    #expect(folds.source == .file && folds.validation == 2)
    #expect(report.because("folds.source") == "splits_final.json divides the cases into 2 folds")
    // One that knows half of the cases at most is another dataset's.
    try FileManager.default.removeItem(at: data.folder.file("study.json"))
    try data.folder.write(
      "data/splits_final.json",
      #"[{"train": ["c1","x2"], "val": ["c5"]}, {"train": ["c1","c5"], "val": ["x2"]}]"#)
    let console = RecordedConsole()
    let own = try data.study(console: console)
    #expect(try data.specification().folds.source == .balanced)
    #expect(own.because("folds.source").hasSuffix("; splits_final.json is not used"))
    let file = data.folder.file("data/splits_final.json").path
    #expect(
      console.errors.contains(
        "warning: \(file) names 2 of the 6 cases of this dataset, and 1 that it has not: it is of another dataset, or of an earlier"
          + " state of this one. It is not used: the study draws its own folds"), "\(console.errors)")
  }
}
