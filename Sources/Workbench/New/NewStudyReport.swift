import JSON
import Measurement
import Text
import Volumes

/// What `safnet new` found, chose and could not decide.
package struct NewStudyReport: Encodable {
  /// The experiment's file.
  package let study: String
  package let fingerprint: DatasetSurvey
  package let check: DatasetReport
  package let choices: [StudyChoice]
  package let questions: [StudyQuestion]
  /// As `safnet plan --json` prints it.
  package let estimate: JSONValue
  private let planned: ExperimentEstimate
  /// Nil: networks see whole images.
  private let patches: StudyPatches?

  private enum CodingKeys: CodingKey { case study, fingerprint, check, choices, questions, estimate }

  init(
    study: String, fingerprint: DatasetSurvey, check: DatasetReport, choices: [StudyChoice], questions: [StudyQuestion],
    patches: StudyPatches?, estimate: ExperimentEstimate
  ) {
    (self.study, self.fingerprint, self.check) = (study, fingerprint, check)
    (self.choices, self.questions, self.estimate) = (choices, questions, estimate.json)
    (self.patches, planned) = (patches, estimate)
  }

  /// For people: what was found, a table of what was chosen, questions, and what to type next.
  package var text: String {
    let table = AlignedTable.lines([["key", "value", "because"]] + choices.map { [$0.key, $0.shown, $0.because] })
    let asked = questions.enumerated().map { "  \($0 + 1). \($1.text) [\($1.key)]" }
    let parts = [
      check.census.lines + fingerprint.lines, table, patches.map(patchLines) ?? [],
      ["Only you can say:"] + asked, time,
      [
        "\(study) is written. Change in it what you know better; then",
        "  safnet dataset check \(ShellWord.quoted(study))", "  safnet plan \(ShellWord.quoted(study))",
        "  safnet run \(ShellWord.quoted(study))",
      ],
    ]
    return parts.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") }.joined(separator: "\n\n")
  }

  private func patchLines(_ patches: StudyPatches) -> [String] {
    patches.lines(batch: planned.variants.first?.variant.training.batch ?? patches.batch) + planned.memoryLines(patches)
  }

  private var time: [String] {
    let runs = Quantity.of(planned.runs, "run")
    guard let seconds = planned.seconds else { return ["\(runs). No times: nothing was measured."] }
    let threads = Quantity.of(planned.threads, "thread")
    let folds = Double(planned.folds.count * StudyTraining.seeds.count)
    let first =
      "A first look, one fold with one seed, takes \(Quantity.duration(seconds / folds)): safnet run"
      + " \(ShellWord.quoted(study)) --folds 1 --seeds \(StudyTraining.seeds[0]). A smaller"
      + " \(patches == nil ? "preprocessing.size" : "--patch"), fewer training.epochs and fewer variants make it shorter."
    let busy = planned.load?.isBusy == true ? ["The machine was busy: times are uncertain."] : []
    return ["\(runs) take about \(Quantity.duration(seconds)), one at a time on \(threads).", first] + busy
  }
}

extension DatasetSurvey {
  /// The fingerprint for people.
  var lines: [String] {
    func spread(_ all: [Spread]) -> String {
      all.map { one in
        one.least == one.most
          ? StudyGrid.text(one.median)
          : "\(StudyGrid.text(one.median)) (\(StudyGrid.text(one.least)) to \(StudyGrid.text(one.most)))"
      }.joined(separator: " x ")
    }
    let turned = orientations.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "\($0.key) \($0.value)" }
    let values =
      "\(StudyGrid.text(cases.map(\.lowest).min() ?? 0)) to \(StudyGrid.text(cases.map(\.highest).max() ?? 0))"
    return [
      "voxels: \(spread(extent)) (D x H x W, median and range)", "spacing: \(spread(spacing)) mm",
      "axes of the files: \(turned.joined(separator: ", "))", "values: \(values)",
      "labelled: \(spread([Spread(cases.map { $0.volume / 1000 })])) ml a case",
    ]
  }
}

extension ExperimentEstimate {
  /// What a run of patches takes of this machine, and how it would take less.
  fileprivate func memoryLines(_ patches: StudyPatches) -> [String] {
    guard let largest = variants.max(by: { $0.workerBytes < $1.workerBytes }), let freeMemory else { return [] }
    let fits = shortages.isEmpty ? "" : ", too little to start: plan for less with --memory, or give a smaller --patch"
    let memory =
      "A run takes \(Quantity.bytes(largest.workerBytes)) at most (\(largest.variant.name)), and"
      + " \(Quantity.bytes(freeMemory)) are free\(fits)."
    guard let smaller = patches.smaller else { return [memory] }
    let share = Quantity.rounded(100 * Double(smaller.count) / Double(patches.patch.count))
    return [
      memory,
      "This patch is made for a GPU, and takes long on \(Quantity.of(threads, "thread")) of a processor: --patch"
        + " \(smaller.depth),\(smaller.height),\(smaller.width), nnU-Net's for a quarter of the memory, has \(share) % of its"
        + " voxels.",
    ]
  }
}
