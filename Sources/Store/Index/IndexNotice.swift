import GRDB
import System

/// What the index had to say about itself. Never an error: the run directories are the truth.
package enum IndexNotice: Equatable, Sendable, CustomStringConvertible {
  case damaged(String)
  case newer
  /// Another process was writing; what it had written until then is shown.
  case busy
  /// The index cannot be kept on the disk; it was made in memory for this command. `remedy`: a sentence; nil: none is known.
  case inMemory(reason: String, remedy: String?)

  package var description: String {
    switch self {
    case .damaged(let reason): "index.sqlite was damaged (\(reason)): set aside as index.damaged.sqlite and made anew"
    case .newer: "index.sqlite was made by a newer safnet: set aside as index.damaged.sqlite and made anew"
    case .busy: "another safnet is writing index.sqlite: what it had written so far is shown"
    case .inMemory(let reason, let remedy):
      "index.sqlite cannot be used (\(reason)): the runs were read one by one" + (remedy.map { ". \($0)" } ?? "")
    }
  }
}

extension IndexNotice {
  /// That the file is damaged, and what was found of it.
  init(damagedBy error: any Error) { self = .damaged(Self.words(error)) }

  /// That the index is made in memory, and why.
  package init(because error: any Error) {
    self =
      if let error = error as? SystemError {
        .inMemory(reason: error.finding, remedy: error.remedy)
      } else {
        .inMemory(reason: Self.words(error), remedy: Self.remedy(error))
      }
  }

  /// Where the disk is at fault. A full one is met as an input or output error too, by whoever maps a file.
  private static func remedy(_ error: any Error) -> String? {
    switch (error as? DatabaseError)?.resultCode {
    case .SQLITE_FULL: "Make room on the workspace's disk"
    case .SQLITE_IOERR: "Look whether the workspace's disk is full (`df -h`) or failing (`dmesg`)"
    default: nil
    }
  }

  /// Without SQLite's number and the statement that met it, which say nothing to who reads them.
  private static func words(_ error: any Error) -> String {
    guard let error = error as? DatabaseError else { return "\(error)" }
    return switch error.resultCode {
    case .SQLITE_BUSY, .SQLITE_LOCKED: "another program holds it"
    case .SQLITE_NOMEM: "memory ran out"
    default: error.message ?? "\(error.resultCode)"
    }
  }
}
