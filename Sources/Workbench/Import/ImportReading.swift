import Foundation
import JSON
import System

/// A file of JSON beside imported maps that cannot be read.
enum ImportReading {
  /// The file, with the line where its text goes wrong, and why it cannot be read.
  static func failure(_ error: any Error, of file: URL) -> (file: String, reason: String) {
    switch error {
    case let refusal as RegularFile.Refusal: (file.path, "\(refusal.reason.lowercased()); \(refusal.remedy(of: file))")
    case let syntax as JSONSyntaxError:
      ("\(file.path):\(syntax.place.line):\(syntax.place.column)", syntax.fault.words)
    default: (file.path, "\(error)")
    }
  }
}
