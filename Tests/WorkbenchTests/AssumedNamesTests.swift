import Experiments
import Foundation
import Synchronization
import Testing
import Volumes
import Workbench

/// Masks in MRSpineSeg's layout of which nobody says what the numbers mean, and that lack many of its structures.
@Suite struct AssumedNamesTests {
  let sweep: SmallSweep
  private let words = "in no mask; dataset.labels is not given, so that the numbers were given MRSpineSeg's names: "

  init() throws {
    sweep = try SmallSweep()
    let phantom = sweep.folder.appendingPathComponent("phantom")
    try sweep.specification().dataset.phantom?.write(to: phantom, workers: 2)
    // No mask holds a disc.
    for number in 1...8 {
      let file = phantom.appendingPathComponent("Mask/mask_case\(number).nii.gz")
      let volume = try NIfTI.read(file)
      let values = volume.geometry.axes.file(from: volume.grid, shape: volume.geometry.shape)
      try NIfTI.write(values.map { $0 > 10 ? UInt8(0) : UInt8($0) }, geometry: volume.geometry, to: file)
    }
  }

  /// The images without the recipe by which they were made up.
  private func specification() throws -> Specification {
    try sweep.specification([#"dataset={"path":"\#(sweep.path("phantom"))"}"#])
  }

  @Test func theCheckOfAFolderSaysThatNamesAreTaken() throws {
    func notices(_ labels: DatasetReport.LabelSource?) throws -> String {
      try DatasetReport(checking: sweep.path("phantom"), layout: .automatic, labels: labels)
        .census.notices.joined(separator: "\n")
    }
    #expect(try notices(nil).contains(words))
    #expect(try !notices(.mrspineseg).contains(words))
  }

  @Test func theCheckOfAnExperimentSaysIt() throws {
    let notices = try DatasetReport(specification()).census.notices
    #expect(notices.contains { $0.contains(words) }, "\(notices)")
    // A phantom's masks are made by those names.
    let made = try DatasetReport(sweep.specification()).census.notices
    #expect(!made.contains { $0.contains(words) }, "\(made)")
  }

  @Test func aSweepSaysIt() throws {
    let notices = Mutex<[String]>([])
    let opening = ExperimentOpening(
      specification: try specification(), workspace: sweep.workspace, workers: 2,
      report: { step in
        if case .census(let census) = step { notices.withLock { $0 += census.notices } }
      })
    try opening.checkCases(of: opening.open())
    let told = notices.withLock { $0 }
    #expect(told.contains { $0.contains(words) }, "\(told)")
  }
}
