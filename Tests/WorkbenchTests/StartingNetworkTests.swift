import Experiments
import Foundation
import Store
import TestSupport
import Testing
import Training
import Workbench

/// `training.start` from the experiment's file to the run.
@Suite struct StartingNetworkTests {
  let console = RecordedConsole()
  let sweep: SmallSweep

  init() throws { sweep = try SmallSweep.trained() }

  private func source(_ prefix: String = "safnet-base-f1-") throws -> RunDirectory {
    try #require(try sweep.workspace.runDirectories().first { $0.name.hasPrefix(prefix) })
  }

  private func run(_ overrides: String..., folds: [Int] = [1], dry: Bool = false) throws -> [String] {
    var settings = SweepSession.Settings()
    (settings.selection.only, settings.selection.folds, settings.dryRun) = (["Base"], folds, dry)
    let session = try sweep.session(console, settings: settings, overrides: overrides)
    return try session.run(stop: StopFlag()).finished.map(\.name)
  }

  /// What a specification is refused for, without the place.
  private func refusal(_ overrides: String...) -> String? {
    do {
      _ = try sweep.session(console, overrides: overrides).run(stop: StopFlag())
    } catch let errors as SpecificationErrors {
      return errors.errors.map(\.fault.words).joined(separator: "\n")
    } catch {
      return "\(error)"
    }
    return nil
  }

  @Test func aRunIsNamedAndItsWeightsAreThePlans() throws {
    let source = try source()
    let start = "variants.Base.training.start=\(source.name)"
    let tuned = try run(start)
    #expect(tuned.count == 1 && tuned != [source.name])
    let weights = try CheckpointFile.read(source.bestCheckpoint)
    let plan = try sweep.workspace.runDirectory(named: tuned[0]).plan()
    #expect(plan.training.startDigest == weights.weightsDigest)
    #expect(try sweep.workspace.keptStarts().map(\.plan) == [weights.planIdentity])
    // The beginning of the name and the checkpoint's file name the same weights; that the source is gone changes nothing.
    #expect(try run("variants.Base.training.start=\(source.name.dropLast(6))") == tuned)
    #expect(try run("variants.Base.training.start=\"\(source.bestCheckpoint.path)\"") == tuned)
    try FileManager.default.removeItem(at: source.url)
    #expect(try run(start) == tuned)
    let statuses = try StatusBoard(workspace: sweep.workspace, of: sweep.specification([start]), console: console)
      .read()
    #expect(statuses.first { $0.run == tuned[0] }?.state == .finished)
  }

  /// A variant that nobody asks for, and that begins with a run which is not there yet, keeps no other from being trained.
  @Test func aVariantThatIsNotAskedForBlocksNoOther() throws {
    let start = "variants.SAFNet.training.start=nobody"
    #expect(try run(start, dry: true).isEmpty)
    #expect(
      console.errors.contains(
        "notice: the variant SAFNet, which is not asked for, is left out: its training.start: there is no run 'nobody' in "
      ),
      "\(console.errors)")
    let only = RecordedConsole()
    let board = try StatusBoard(
      workspace: sweep.workspace, of: sweep.specification([start]), only: ["Base"], console: only)
    #expect(try board.read().map(\.variant) == ["Base", "Base"])
    #expect(try run(start).count == 1)
    let record = try #require(sweep.workspace.experimentRecords().first { $0.name == "small" })
    #expect(record.variants.map(\.name).sorted() == ["Base", "SAFNet"], "what it had asked for is kept")
    // Asked for, it is named.
    let words = refusal(start) ?? ""
    #expect(words.hasPrefix(#"of the variant "SAFNet": there is no run 'nobody' in "#), "\(words)")
    let both = refusal("training.start=nobody") ?? ""
    #expect(both.hasPrefix(#"of the variants "SAFNet", "Base": there is no run"#) && !both.contains("\n"), "\(both)")
  }

  @Test func aDryRunKeepsNothing() throws {
    _ = try run("variants.Base.training.start=\(source().name)", dry: true)
    #expect(!FileManager.default.fileExists(atPath: sweep.workspace.startsFolder.path))
  }

  @Test func whatDoesNotFitIsRefusedBeforeAnythingIsPrepared() throws {
    let base = try source()
    let other = refusal("variants.SAFNet.training.start=\(base.name)")
    #expect(
      other?.hasPrefix("of the variant \"SAFNet\": \(base.name) is another network (model.") == true, "\(other ?? "")")
    let ways = "name another run (`safnet runs list` shows them), or leave training.start out"
    let model = "write the same model for the variant as that run has"
    #expect(other?.hasSuffix("; its weights do not fit: \(model), \(ways)") == true, "\(other ?? "")")
    let unknown = refusal("variants.Base.training.start=nobody")
    #expect(unknown?.hasPrefix("of the variant \"Base\": there is no run 'nobody' in ") == true)
    let file = refusal("variants.Base.training.start=nothing.h5")
    #expect(file?.contains("/nothing.h5: there is no such file; give a finished run's name") == true, "\(file ?? "")")
    let alone = sweep.folder.appendingPathComponent("alone.h5")
    try Data().write(to: alone)
    #expect(refusal("variants.Base.training.start=\(alone.path)")?.contains("has no plan.json beside it") == true)
    let names = #"dataset.labels={"one":1,"two":2}"#
    let structures = refusal("variants.Base.training.start=\(base.name)", names)
    #expect(structures?.contains(" has learnt ") == true && structures?.contains("learns one, two; ") == true)
    #expect(structures?.hasSuffix(": learn the same (dataset.labels), \(ways)") == true, "\(structures ?? "")")
    let channels = refusal("variants.Base.training.start=\(base.name)", "dataset.channels=[0,1]")
    #expect(
      channels
        == "of the variant \"Base\": \(base.name) has learnt from images of 1 channel, and this experiment's have 2 (dataset.channels); its"
        + " weights do not fit: take as many channels, \(ways)")
    #expect(!FileManager.default.fileExists(atPath: sweep.workspace.startsFolder.path))
  }

  /// What is begun with is the network that was tested.
  @Test func aNetworkOfAnotherEpochIsRefused() throws {
    let base = try source()
    var other = try CheckpointFile.read(base.bestCheckpoint)
    other.epoch = 0
    try CheckpointFile.write(other, to: base.bestCheckpoint)
    let words = refusal("variants.Base.training.start=\(base.name)") ?? ""
    #expect(words.contains("best.h5 is of epoch 0, where that of epoch 1 must be; `safnet run` with"), "\(words)")
  }

  /// The second fold's test cases trained the source. A dry run, which keeps no weights, says so too.
  @Test(arguments: [false, true]) func testCasesThatTheSourceHasSeenAreRefused(dry: Bool) throws {
    let source = try source()
    do {
      _ = try run("variants.Base.training.start=\(source.name)", folds: [1, 2], dry: dry)
      Issue.record("nothing was refused")
    } catch let leak as StartLeak {
      #expect(leak.run == "Base, fold 2" && leak.source == source.name && leak.folds == [1] && !leak.cases.isEmpty)
      #expect("\(leak)".contains("give --folds 1, or begin with another run"))
    }
  }

  @Test func moreEpochsGoOnWhereTheFinishedRunEnded() throws {
    let source = try source()
    let longer = try run("training.epochs=2")
    let history = try sweep.workspace.runDirectory(named: try #require(longer.first)).history()
    #expect(history.notices == ["its first epoch is that of \(source.name), whose plan has fewer"])
    #expect(console.errors.contains("notice: Base, fold 1: its first epoch is that of \(source.name)"))
  }
}
