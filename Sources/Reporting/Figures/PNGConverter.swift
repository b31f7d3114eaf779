import Foundation
import System

/// SVG to PNG by Debian's `rsvg-convert` (librsvg2-bin): a renderer of its own is no job for this project, and without
/// it a report merely has no PNG.
package enum PNGConverter {
  package enum Failure: Error, Equatable, CustomStringConvertible {
    case refused(file: String, code: Int32)

    package var description: String {
      switch self {
      case .refused(let file, let code): "rsvg-convert could not convert \(file) (exit code \(code))"
      }
    }
  }

  /// The program, or nil when it is not installed.
  package static func find(in path: String) -> URL? { ProgramFile.find("rsvg-convert", in: path) }

  /// Writes the PNG beside the SVG, at twice the size for print.
  package static func convert(_ svg: URL, with program: URL) throws {
    let png = svg.deletingPathExtension().appendingPathExtension("png")
    let process = try ChildProcess(
      program.path, ["--zoom", "2", "--output", png.path, svg.path], input: .nothing, output: .inherited,
      errors: .inherited)
    switch process.wait() {
    case .exited(code: 0): return
    case .exited(let code), .killed(let code): throw Failure.refused(file: svg.path, code: code)
    }
  }
}
