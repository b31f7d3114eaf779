import Experiments
import Reporting
import Store
import System
import Volumes

extension KnownExperiment {
  /// What its runs have stored so far, as a report counts it.
  ///
  /// - Parameters:
  ///   - test: the test set that scores are asked of.
  ///   - notice: is told what is left out.
  func reportInput(
    test: TestSetRecord?, workspace: Workspace, program: RunningProgram, notice: (String) -> Void
  ) throws -> ReportInput {
    let conflicts = specification.groupConflicts(among: labels)
    guard conflicts.isEmpty else { throw SpecificationErrors(conflicts) }
    for words in specification.groupNotices(among: labels.names) { notice(words) }
    var input = try ReportInput(
      specification, labels: labels, folds: folds, runs: runs, workspace: workspace, engine: program.engine,
      software: program.version)
    input.partition = ReportInput.Part.all(of: runs, present: cache.readSummary()?.present, patients: patients)
    (input.patients, input.channels) = (patients, channels)
    input.leaveOut(specification.dataset.exclude.map { ($0.name, $0.reason) })
    input.subgroups = subgroups(notice)
    if let test {
      let cases = PlannedPrediction.External(digest: test.digest, cases: test.cases)
      try input.addTest(
        of: specification, runs, on: cases, place: test.place, patients: test.patients, workspace)
    }
    ToleranceScores(
      tolerances: specification.report.tolerances, cache: cache, labels: labels, workspace: workspace,
      workers: Machine.current().cores
    ).settle(&input)
    return input
  }

  /// By the columns of the dataset as it lies there; where it does not, that is said.
  private func subgroups(_ notice: (String) -> Void) -> [ReportInput.Subgroup] {
    let columns = specification.report.subgroups
    guard !columns.isEmpty else { return [] }
    do {
      let dataset = try specification.openDataset()
      return columns.flatMap { column in
        ReportInput.Subgroup.all(
          of: column, values: dataset.cases.map { ($0.name, $0.value(of: column.lowercased())) })
      }
    } catch {
      notice("no subgroups are shown, as the dataset was not looked at (\(error))")
      return []
    }
  }
}
