import Experiments
import Measurement
import Networks
import System

/// `safnet plan`: what an experiment takes, before anything is trained.
package struct Planning {
  /// Plan for so many cases, without the dataset.
  package var assumedCases: Int?
  /// Plan for so many free bytes instead of this machine's.
  package var freeMemory: Int?
  /// Threads of a run; nil: as many as processors.
  package var threads: Int?
  /// Train each network for a moment to estimate times.
  package var measures = true

  /// The part of the experiment that is planned; nil: all of it.
  package var selection: RunSelection.Checked?

  /// Told what is legal and surely not meant, before anything is measured.
  package var notice: (String) -> Void = { _ in }

  package init() {}

  /// - Throws: `UsageError.assumedCases` where it is the assumption that does not suffice, and no dataset was looked at.
  private func checkAssumption(of specification: Specification) throws(UsageError) {
    guard let assumedCases else { return }
    let drawn = specification.drawingFolds
    let conflicts = drawn.conflicts(cases: assumedCases)
    guard !conflicts.isEmpty else { return }
    let least = (assumedCases + 1...assumedCases + Self.most).first { drawn.conflicts(cases: $0).isEmpty }
    throw .assumedCases(assumedCases, least: least, words: "\(SpecificationErrors(conflicts))")
  }

  /// So many more are tried for those that suffice.
  private static let most = 1000

  package func estimate(
    _ specification: Specification, engine: any Engine, on machine: Machine = .current()
  ) throws -> ExperimentEstimate {
    try checkAssumption(of: specification)
    let source = try PlanningCases(specification, assumed: assumedCases)
    source.notices.forEach(notice)
    return try ExperimentEstimate(
      selection?.part(of: specification) ?? specification, classes: source.classes,
      folds: selection?.folds(of: source.folds) ?? source.folds, foldWords: source.foldWords, images: source.images,
      engine: engine,
      threads: threads ?? machine.cores, cores: engine.numbered(0) == nil ? machine.cores : nil,
      areThreadsFixed: threads != nil,
      measure: measures, freeMemory: freeMemory ?? machine.freeMemory, memory: machine.freeMemory, load: .current
    )
  }
}
