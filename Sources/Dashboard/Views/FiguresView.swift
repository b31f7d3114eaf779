import Foundation
import Reporting

/// The drawings of `safnet report` that need no image: what they are called, and what is too large to be drawn.
struct FiguresView: Encodable, Sendable {
  let names: [String]
  let leftOut: [String]

  init(_ report: Report) {
    let files = ReportFiles(report, formats: [.figures])
    names = files.drawings.map { String($0.dropLast(".svg".count)) }
    leftOut = files.leftOut
  }
}
