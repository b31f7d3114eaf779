import Foundation
import System
import Text

/// The report that is compared: what it was made with, or why there is none.
extension ReportCheck {
  package enum Failure: Error, Equatable, CustomStringConvertible {
    /// - Parameter isOwn: of a folder that a report was written into.
    case noReport(file: String, isOwn: Bool)
    case noFolder(String)
    /// A file in the folder's place.
    case file(String)
    /// A folder without a record.
    ///
    /// - Parameters:
    ///   - below: folders in it that have one.
    ///   - isOwn: whether a report was written into it, or nothing is there among which one would be strewn.
    case noRecord(folder: String, below: [String], isOwn: Bool)

    package var description: String {
      switch self {
      case .noFolder(let folder):
        "there is no folder \(folder), and so no report to compare with. Give the folder of one with --output, or write it"
          + " first: the same command without --check."
      case .file(let place):
        "\(place) is no folder, and a report is one. Give the folder of a report with --output."
      case .noRecord(let folder, let below, let isOwn):
        "there is no report in \(folder): it has no report.json. "
          + (below.isEmpty
            ? "Give the folder of one with --output"
              + (isOwn ? ", or write it first: the same command without --check." : ".")
            : "There is one in \(below.joined(separator: ", ")): --output \(ShellWord.quoted(below[0])) compares it.")
      case .noReport(let file, true):
        "\(file) is damaged: it is no report's record any more. Move it away: the same command without --check then writes"
          + " the report again."
      case .noReport(let file, false):
        "\(file) is no report's record. Give the folder of a report with --output."
      }
    }
  }

  /// The choices the committed report was made with.
  package static func options(in folder: URL) throws(Failure) -> ReportOptions {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: folder.path, isDirectory: &isFolder) else {
      throw .noFolder(folder.path)
    }
    guard isFolder.boolValue else { throw .file(folder.path) }
    if let record = ReportRecord(in: folder) { return record.options.reportOptions }
    let names = (try? Folder.names(in: folder)) ?? []
    let file = ReportRecord.file(in: folder)
    let isWritten = names.contains(WrittenFiles.name)
    if names.contains(file.lastPathComponent) { throw .noReport(file: file.path, isOwn: isWritten) }
    let below = names.map { folder.appending(path: $0, directoryHint: .isDirectory) }
      .filter { ReportRecord(in: $0) != nil }.prefix(3).map(\.path)
    throw .noRecord(folder: folder.path, below: Array(below), isOwn: names.isEmpty || isWritten)
  }
}
