import Foundation
import Testing

/// Mistakes that people make with a finished sweep: each ends in one message that says what, where and how to go on.
protocol MistakeSuite {
  var program: Program { get }
  /// The name of SAFNet's run on the first fold.
  var run: String { get }
}

extension FinishedSweep {
  /// A copy, and the run of it that mistakes are made with.
  static func copyWithRun() throws -> (program: Program, run: String) {
    let program = try copy()
    return (program, try #require(try program.runNames().first { $0.hasPrefix("safnet-f1-") }))
  }
}

extension MistakeSuite {
  /// - Parameter arguments: with RUN in the place of the run's name.
  func refused(_ arguments: [String]) throws -> Program.Result {
    try program.start(arguments.map { $0.replacing("RUN", with: run) }).wait()
  }

  func expect(_ arguments: [String], _ words: [String], status: Int32 = 2) throws {
    let result = try refused(arguments)
    #expect(result.status == status, "\(result.errors)")
    #expect(result.errors.hasPrefix("error: ") || result.errors.hasPrefix("Error: "), "\(result.errors)")
    for one in words {
      #expect(result.errors.contains(one.replacing("RUN", with: run)), "\(one) is missing in \(result.errors)")
    }
  }
}
