import Text

/// A dataset that no study can be made of, though each of its files is sound.
package enum StudyRefusal: Error, Equatable, CustomStringConvertible {
  case tooFewCases(folder: String, cases: Int, patients: Int)
  /// Not even the coarsest grid does.
  case doesNotFit(size: String, needed: Int, free: Int)
  /// What `dataset check` would report, as it says it.
  case problems([String])

  package var description: String {
    switch self {
    case .tooFewCases(let folder, let cases, let patients):
      "\(folder): \(cases) \(cases == 1 ? "case" : "cases") of \(patients) \(patients == 1 ? "patient" : "patients");"
        + " a study takes three at least, to train, to choose the checkpoint and to test with. Add some"
    case .doesNotFit(let size, let needed, let free):
      "even at \(size) and batch 1 a run takes \(Quantity.bytes(needed)) of memory, and \(Quantity.bytes(free)) may be taken;"
        + " free some, or plan for another machine with --memory"
    case .problems(let lines):
      lines.count == 1 ? lines[0] : "\(lines.count) problems in the dataset:\n" + lines.joined(separator: "\n")
    }
  }
}
