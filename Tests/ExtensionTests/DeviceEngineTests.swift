import CPU
import Experiments
import Foundation
import Networks
import Store
import TestSupport
import Testing
import Training
import Workbench
import XLA

/// The product on a device: XLA for the processor takes a card's place.
@Suite(.needsDevicePlugin, .serialized) struct DeviceEngineTests {
  private static func product(
    _ epochs: Int = 1, engine name: String = "pjrt", training: String = #""loss": "crossEntropy""#
  ) throws -> WholeProduct {
    var product = WholeProduct(
      model: #""kind": "unet3d", "levels": [[3, 4], [5, 6], [7, 8]]"#,
      training: #""epochs": \#(epochs), \#(training)"#)
    product.engine = try engines.engine(named: name)
    return product
  }

  private static let engines = Engines([
    CPUEngine(), XLAEngine(PluginPlaces(environment: ["SAFNET_PJRT_PLUGIN": devicePlugin ?? ""])),
  ])

  @Test func itsRunsAreEstimatedTrainedAndReported() throws {
    let product = try Self.product()
    let estimate = try product.estimate()
    #expect(estimate.text.contains("what the device takes is decided by XLA"))
    #expect(try product.sweep().finished.count == 2)
    let report = try product.report()
    #expect(report.table(.folds)?.cell(row: "Toy", column: "Mean").map { $0.content != .missing } == true)
    let environment = try #require(product.workspace.runDirectories().first).readPlan().environment
    #expect(environment.engine == "pjrt" && environment.instructionSet.hasPrefix("cpu "))
    #expect(environment.instructionSet.contains("interface 0.") && environment.instructionSet.hasSuffix(".so"))
  }

  /// Stopped once, and killed once: a copy of the directory at an instant is what a kill at that instant leaves.
  @Test func anInterruptedRunEndsInTheSameBits() throws {
    let product = try Self.product(3)
    let opened = try product.opened()
    let undisturbed = try product.directory("undisturbed", opened.plan.runs[0])
    let remains = RunDirectory(try product.folder.appending(path: "remains"))
    _ = try product.training(undisturbed, opened).run(stop: StopFlag()) {
      guard $0.epoch == 2, $0.step == 1, $0.phase == .training else { return }
      try? FileManager.default.copyItem(at: undisturbed.url, to: remains.url)
    }
    let run = try product.directory("run", opened.plan.runs[0])
    let stop = StopFlag()
    let outcome = try product.training(run, opened).run(stop: stop) {
      if $0.epoch == 2, $0.step == 1 { stop.request("test") }
    }
    #expect(outcome == .interrupted)
    for directory in [run, remains] {
      #expect(try product.training(directory, opened).run(stop: StopFlag()) == .finished)
      #expect(try RunResult(of: directory).differences(from: RunResult(of: undisturbed)) == [])
    }
  }

  /// A run may change its engine, and says so.
  @Test(
    arguments: [("cpu", "pjrt"), ("pjrt", "cpu")], [#""loss": "crossEntropy""#, #""precision": "bfloat16""#]
  ) func aRunGoesOnUnderTheOtherEngine(_ engines: (String, String), _ training: String) throws {
    let (first, second) = engines
    var product = try Self.product(2, engine: first, training: training)
    let opened = try product.opened()
    let run = try product.directory("run", opened.plan.runs[0])
    let stop = StopFlag()
    let outcome = try product.training(run, opened).run(stop: stop) {
      if $0.epoch == 2, $0.step == 1 { stop.request("test") }
    }
    #expect(outcome == .interrupted)
    product.engine = try Self.engines.engine(named: second)
    #expect(try product.training(run, opened).run(stop: StopFlag()) == .finished)
    let notices = try Journal.read(run.journal).flatMap { timed -> [String] in
      if case .resumed(let record) = timed.event { record.notices } else { [] }
    }
    #expect(notices.contains { $0.contains("not the bits of an undisturbed run") })
    #expect(try RunResult(of: run).epochs.count == 2)
  }

  @Test func whatItCannotDoIsRefused() throws {
    let product = try Self.product(engine: "pjrt:99")
    let opened = try product.opened()
    let run = try product.directory("run", opened.plan.runs[0])
    let error = #expect(throws: EngineRefusal.self) { try product.training(run, opened).run(stop: StopFlag()) }
    #expect(error?.engine == "pjrt:99" && error?.obstacle.contains("no device 99") == true)
    #expect(error.map(isFinal) == true)
  }

  @Test func anotherDeviceHasANumber() throws {
    #expect(try Self.engines.engine(named: "pjrt:3").name == "pjrt:3")
    for name in ["pjrt:-1", "pjrt:01", "pjrt:", "cpu:1", "pjrt:1:2"] {
      #expect(throws: UnknownEngine.self) { try Self.engines.engine(named: name) }
    }
  }
}
