import Foundation
import System

/// SVG to PNG by Debian's `rsvg-convert` (librsvg2-bin): a renderer of its own is no job for this project, and without
/// it a report merely has no PNG.
package enum PNGConverter {
  package enum Failure: Error, Equatable, CustomStringConvertible {
    case refused(file: String, code: Int32)
    case killed(file: String, signal: Int32)
    case tookTooLong(file: String, seconds: Double)
    case notStarted(file: String, reason: String)

    package var description: String {
      switch self {
      case .refused(let file, let code): "rsvg-convert could not convert \(file) (exit code \(code))"
      case .killed(let file, let signal): "rsvg-convert was killed by signal \(signal) at \(file)"
      case .tookTooLong(let file, let seconds):
        "rsvg-convert was stopped after \(Int(seconds)) s at \(file)"
      case .notStarted(let file, let reason): "rsvg-convert could not be started for \(file): \(reason)"
      }
    }
  }

  /// The program, or nil when it is not installed.
  package static func find(in path: String) -> URL? { ProgramFile.find("rsvg-convert", in: path) }

  /// For one figure; they take about a second.
  package static let timeLimit = 60.0

  /// Writes the PNG beside the SVG, at twice the size for print. Of a figure that cannot be converted no earlier PNG stays,
  /// which would be taken for the new one.
  package static func convert(_ svg: URL, with program: URL, seconds: Double = timeLimit) throws(Failure) {
    let png = svg.deletingPathExtension().appendingPathExtension("png")
    try? FileManager.default.removeItem(at: png)
    do throws(Failure) {
      try run(program, ["--zoom", "2", "--output", png.path, svg.path], seconds, svg.path)
    } catch {
      try? FileManager.default.removeItem(at: png)
      throw error
    }
  }

  private static func run(
    _ program: URL, _ arguments: [String], _ seconds: Double, _ file: String
  ) throws(Failure) {
    let start = ContinuousClock.now
    let end: ChildProcess.End
    do throws(ChildProcess.SpawnError) {
      end = try ChildProcess.run(program.path, arguments, seconds: seconds).end
    } catch {
      throw .notStarted(file: file, reason: error.reason)
    }
    switch end {
    case .exited(code: 0): return
    case .exited(let code): throw .refused(file: file, code: code)
    case .killed where start.duration(to: .now) >= .seconds(seconds): throw .tookTooLong(file: file, seconds: seconds)
    case .killed(let signal): throw .killed(file: file, signal: signal)
    }
  }
}
