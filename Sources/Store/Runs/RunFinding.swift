import Foundation
import System

/// What is wrong with a run's files, and what becomes of it. The two are apart because the sweep that mends a run does what
/// everybody else is advised to do.
struct RunFinding: Equatable, Sendable {
  /// Who reads it.
  enum Reader: Sendable {
    case anybody
    /// A sweep that has the run among its own.
    case sweep
  }

  private enum Remedy: Equatable, Sendable {
    /// What `safnet run` with the run's experiment does.
    case mending(String)
    /// A sentence of its own, which a sweep need not be told.
    case advice(String)
    /// The same for everybody.
    case other(String)
  }

  private let finding: String
  private let remedy: Remedy?

  private init(_ finding: String, _ remedy: Remedy?) { (self.finding, self.remedy) = (finding, remedy) }

  /// - Parameter mending: what `safnet run` does about it.
  init(_ finding: String, mending: String) { self.init(finding, .mending(mending)) }

  init(_ finding: String, other: String) { self.init(finding, .other(other)) }

  /// What a file could not be read for.
  init(_ error: any Error) {
    if let error = error as? StoreError, let advice = error.advice {
      self.init(error.finding, .advice(advice))
    } else {
      self.init("\(error)", nil)
    }
  }

  func words(for reader: Reader) -> String {
    switch (remedy, reader) {
    case (nil, _), (.advice, .sweep): finding
    case (.advice(let advice)?, .anybody): "\(finding). \(advice)"
    case (.mending(let mending)?, .anybody): "\(finding); \(RunFlaw.mender) \(mending)"
    case (.mending(let mending)?, .sweep): "\(finding); this sweep \(mending)"
    case (.other(let words)?, _): "\(finding); \(words)"
    }
  }
}

extension [RunFinding] {
  /// Nil where there is none.
  func words(for reader: RunFinding.Reader) -> String? {
    isEmpty ? nil : map { $0.words(for: reader) }.joined(separator: "; ")
  }
}

extension RunDirectory {
  /// What is wrong with its files, as the sweep tells it that has the run among its own; nil where nothing is.
  package func findingsForSweep() throws -> String? {
    try RunProjection(self, RunStamp()).findings.words(for: .sweep)
  }
}
