import JSON
import Text

/// One mistake in a specification: what, under which JSON path, written where.
package struct SpecificationError: Error, Equatable, Sendable {
  /// What is wrong, without its place.
  package enum Fault: Equatable, Sendable {
    // Files
    /// A file that is not there or not to be read, with the system's reason.
    case unreadable(file: String, reason: String)
    /// Files that extend each other in a circle, the first one again at the end.
    case extendsCycle([String])
    /// A file of another kind in the place of an experiment.
    case noExperiment(ForeignFile)
    /// nnU-Net's `dataset.json` in the place of an experiment.
    case describesDataset(folder: String)
    /// Text, overrides and single values
    case document(JSONError.Fault)
    // Several values together
    /// Values that are sound alone but not together.
    case conflict(Conflict)
  }

  /// What is wrong with the value.
  package var fault: Fault
  /// The field, from the document's root; empty for a whole file.
  package var path: JSONPath
  /// File, line and column of the value; nil for one that stands nowhere.
  package var place: SourcePlace?

  /// - Parameter place: file, line and column, or the option that the value was given by; nil for one that stands
  ///   nowhere.
  package init(_ fault: Fault, at path: JSONPath, _ place: SourcePlace?) {
    (self.fault, self.path, self.place) = (fault, path, place)
  }

  /// A mistake in a single value.
  package init(_ error: JSONError) { self.init(.document(error.fault), at: error.path, error.place) }

  /// A mistake in a file's text.
  package init(_ error: JSONSyntaxError) { self.init(.document(.syntax(error.fault)), at: "", error.place) }
}

/// Every mistake that was found, in the order in which they stand in the files.
package struct SpecificationErrors: Error, Equatable, Sendable {
  /// At least one, in the order in which they stand in the files.
  package let errors: [SpecificationError]
  /// What may be their cause, to be said behind them.
  package private(set) var notes: [String] = []

  /// Puts mistakes in the order in which they stand: by file, as files were first met, then by line and column.
  package init(_ all: [SpecificationError]) {
    let errors = all.distinct
    var origins: [SourcePlace.Origin?] = []
    for error in errors where !origins.contains(error.place?.origin) { origins.append(error.place?.origin) }
    let ranks = errors.enumerated().map { offset, error in
      [origins.firstIndex(of: error.place?.origin) ?? 0, error.place?.line ?? 0, error.place?.column ?? 0, offset]
    }
    self.errors = ranks.sorted { $0.lexicographicallyPrecedes($1) }.map { errors[$0[3]] }
  }
}

extension SpecificationErrors {
  /// The same with what may be their cause.
  package func noting(_ notes: [String]) -> SpecificationErrors {
    var noted = self
    noted.notes += notes
    return noted
  }
}

extension SpecificationError: CustomStringConvertible {
  /// `file:line:column: path: what is wrong; what would be right`.
  package var description: String { JSONError.description(fault.words, at: path, place) }
}

extension SpecificationErrors: CustomStringConvertible {
  /// One mistake a line, after a line that counts them where there are several; then the notes.
  package var description: String {
    let heading = errors.count == 1 ? [] : ["\(errors.count) mistakes in the specification:"]
    return (heading + errors.map(\.description) + notes).joined(separator: "\n")
  }
}

extension SpecificationError.Fault {
  /// What is wrong and what would be right, to follow the place and a colon.
  package var words: String {
    switch self {
    case .unreadable(let file, let reason): "cannot read \(file): \(reason)"
    case .extendsCycle(let files): "these files extend each other: " + files.joined(separator: " -> ")
    case .noExperiment(let kind): kind.words
    case .describesDataset(let folder):
      "this describes a data set as nnU-Net does and is no experiment: write one whose dataset.path is \(folder);"
        + " `safnet dataset check \(folder)` reads it"
    case .document(let fault): fault.words
    case .conflict(let conflict): conflict.words
    }
  }
}
