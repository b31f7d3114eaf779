import Foundation

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
  package static func find(in path: String) -> URL? {
    path.split(separator: ":").lazy.map { URL(fileURLWithPath: "\($0)/rsvg-convert") }
      .first { FileManager.default.isExecutableFile(atPath: $0.path) }
  }

  /// Writes the PNG beside the SVG, at twice the size for print.
  package static func convert(_ svg: URL, with program: URL) throws {
    let process = Process()
    process.executableURL = program
    let png = svg.deletingPathExtension().appendingPathExtension("png")
    process.arguments = ["--zoom", "2", "--output", png.path, svg.path]
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw Failure.refused(file: svg.path, code: process.terminationStatus)
    }
  }
}
