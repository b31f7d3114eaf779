import Text

/// A dataset that no study can be made of, though each of its files is sound.
package enum StudyRefusal: Error, Equatable, CustomStringConvertible {
  case tooFewCases(folder: String, cases: Int, patients: Int)
  /// What is wrong with the structures of the masks taken together.
  case structures(folder: String, problems: [String])
  /// Not even the coarsest grid does.
  case doesNotFit(size: String, needed: Int, free: Int)
  /// What `dataset check` would report, as it says it.
  case problems([String])

  package var description: String {
    switch self {
    case .tooFewCases(let folder, let cases, let patients):
      "\(folder): \(Quantity.of(cases, "case")) of \(Quantity.of(patients, "patient"));"
        + " a study takes three at least, to train, to choose the checkpoint and to test with. Add some"
    case .structures(let folder, let problems):
      "\(folder): \(problems.joined(separator: "; ")); merge or take out some in the dataset"
    case .doesNotFit(let size, let needed, let free):
      "even at \(size) and batch 1 a run takes \(Quantity.bytes(needed)) of memory, and \(Quantity.bytes(free)) may be taken;"
        + " free some, or plan for another machine with --memory"
    case .problems(let lines):
      lines.count == 1 ? lines[0] : "\(lines.count) problems in the dataset:\n" + lines.joined(separator: "\n")
    }
  }
}
