import Foundation
import Store
import Workbench

/// Tests of what the runs of a trained sweep predict.
protocol PredictingSuite {
  var sweep: SmallSweep { get }
  var runs: [RunDirectory] { get }
}

extension SmallSweep {
  /// A finished one, and its runs.
  static func trainedWithRuns() throws -> (sweep: SmallSweep, runs: [RunDirectory]) {
    let sweep = try trained()
    return (sweep, try sweep.workspace.runDirectories())
  }
}

extension PredictingSuite {
  var images: String { sweep.path("phantom/MR") }

  func session(_ names: [String]? = nil, _ inputs: [String]? = nil, to output: String = "labels") -> PredictionSession {
    var session = PredictionSession(
      runs: .named(names ?? [runs[0].name]), inputs: inputs ?? [images], output: sweep.path(output))
    session.threads = 1
    return session
  }

  @discardableResult
  func run(_ session: PredictionSession, _ console: RecordedConsole = RecordedConsole()) throws -> PredictionOutcome {
    try session.run(in: sweep.workspace, program: SmallSweep.program, console: console)
  }

  func bytes(_ name: String) throws -> Data { try Data(contentsOf: sweep.folder.appendingPathComponent(name)) }
}
