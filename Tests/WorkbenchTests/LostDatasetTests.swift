import Experiments
import Foundation
import Reporting
import Store
import Testing
import Training
import Workbench

/// Finished runs are shown though their dataset is gone, or another lies there.
@Suite struct LostDatasetTests: ReportLook {
  let console = RecordedConsole()

  /// Cases that are gone, so that what is left makes no folds: the finished runs are shown, with the reason.
  @Test func finishedRunsAreShownThoughNoFoldsAreLeft() throws {
    let sweep = try SmallSweep.trained()
    for number in 3...8 {
      for file in ["MR/Case\(number)", "Mask/mask_case\(number)"] {
        try FileManager.default.removeItem(atPath: sweep.path("phantom/\(file).nii.gz"))
      }
    }
    let board = try StatusBoard(workspace: sweep.workspace, of: sweep.specification(), console: console)
    #expect(try board.read().map(\.state) == Array(repeating: .finished, count: 4))
    #expect(
      console.errors.hasPrefix(
        "notice: the dataset as it lies there no longer makes what the experiment asks for, and `safnet run` is refused until it does ("
      ), "\(console.errors)")
    #expect(console.errors.contains("folds.count: 2 cases do not make a fold"), "\(console.errors)")
    try write(try report(sweep))
    #expect(FileManager.default.fileExists(atPath: sweep.path("report/report.json")))
    #expect(throws: SpecificationErrors.self) { try sweep.session(console).run(stop: StopFlag()) }
    // Of folds that the file asks for itself, and no data made, the mistake alone is told.
    let file = sweep.folder.appending(path: "small.json")
    let text = try String(contentsOf: file, encoding: .utf8).replacing("\"count\": 2", with: "\"count\": 4")
    try Data(text.utf8).write(to: file)
    #expect(throws: SpecificationErrors.self) {
      try StatusBoard(workspace: sweep.workspace, of: sweep.specification(), console: console)
    }
  }

  private func change(_ sweep: SmallSweep, _ how: String) throws {
    let (manager, phantom) = (FileManager.default, sweep.folder.appending(path: "phantom"))
    switch how {
    case "moved": try manager.moveItem(at: phantom, to: sweep.folder.appending(path: "archive"))
    case "emptied":
      try manager.removeItem(at: phantom)
      try manager.createDirectory(at: phantom, withIntermediateDirectories: true)
    case "a case less":
      for file in ["MR/Case1.nii.gz", "Mask/mask_case1.nii.gz"] {
        try manager.removeItem(at: phantom.appending(path: file))
      }
    case "a mask broken": try Data("no mask".utf8).write(to: phantom.appending(path: "Mask/mask_case2.nii.gz"))
    case "a mask packed anew":
      let file = phantom.appending(path: "Mask/mask_case2.nii.gz")
      var bytes = try Data(contentsOf: file)
      // Gzip's operating system.
      bytes[9] = bytes[9] == 11 ? 3 : 11
      try bytes.write(to: file)
    case "cache deleted": try manager.removeItem(at: sweep.workspace.cacheFolder)
    default: Issue.record("no such change: \(how)")
    }
  }

  @Test(arguments: ["moved", "emptied", "a case less", "a mask broken", "a mask packed anew", "cache deleted"])
  func aReportOfFinishedRunsNeedsTheWorkspaceOnly(_ how: String) throws {
    let sweep = try SmallSweep.trained()
    try write(report(sweep))
    let before = try files(sweep.path("report"))
    try change(sweep, how)
    let paths = try everything(sweep)
    let session = try report(sweep)
    #expect(session.report.status == nil, "\(session.report.status ?? "")")
    try write(session)
    #expect(try files(sweep.path("report")) == before)
    #expect(session.differences().isEmpty)
    let statuses = try StatusBoard(workspace: sweep.workspace, of: sweep.specification(), console: console).read()
    #expect(statuses.map(\.state) == Array(repeating: .finished, count: 4))
    #expect(try everything(sweep).filter { !$0.contains("index") } == paths.filter { !$0.contains("index") })
    if ["a mask broken", "a mask packed anew"].contains(how) {
      #expect(
        console.errors.contains("If files were only packed anew (gzip), their voxels are the same"), "\(console.errors)"
      )
      #expect(console.errors.contains("has changed since (the mask of Case2): what is shown"), "\(console.errors)")
    }
    let isSaid = ["emptied", "a case less", "a mask broken"].contains(how)
    #expect(!isSaid || console.errors.contains("notice: the dataset "), "\(console.errors)")
  }

  /// Runs of which nothing has begun are still counted among what was planned.
  @Test func aSweepThatWasNotFinishedIsNotTakenForAWholeOne() throws {
    for how in ["moved", "cache deleted"] {
      let sweep = try SmallSweep.trained()
      for run in try sweep.workspace.runDirectories() where run.name.contains("-f2-") {
        try FileManager.default.removeItem(at: run.url)
      }
      try change(sweep, how)
      #expect(try report(sweep).report.status == "2 of 4 runs have finished; means over fewer folds say so.", "\(how)")
    }
  }

  @Test func withoutRunsADatasetThatIsGoneIsTheError() throws {
    let sweep = try SmallSweep.trained()
    try change(sweep, "emptied")
    try FileManager.default.removeItem(at: sweep.workspace.runsFolder)
    #expect(throws: (any Error).self) { try report(sweep) }
  }
}
