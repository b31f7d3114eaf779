import Experiments
import Foundation
import Store
import Text

/// The runs of a report as the page shows them, each with its facts and curve: those that the experiment trains. What was
/// imported, or predicts with the networks of others, has rows in the tables and cases, and no training to show.
struct PageRuns {
  let facts: [Facts]
  let curves: [Curve]
  let differences: [Difference]
  private let lines: [RunLine]

  struct Facts: Encodable {
    let identity: String
    let facts: [Fact]
  }

  struct Fact: Encodable {
    let name: String
    let value: String
  }

  /// A field in which the plans differ: the different values as JSON, null where a plan has none, and which of them each run has.
  struct Difference: Encodable {
    let field: String
    let values: [String?]
    let places: [Int]
  }

  init(_ input: ReportInput) {
    let asked = input.variants.filter { $0.imported == nil && $0.predicted == nil }.flatMap { variant in
      variant.seeds.flatMap { seed in
        input.folds.map { (variant: variant.name, fold: $0, seed: seed, run: variant.run(fold: $0, seed: seed)) }
      }
    }
    let fields = PlanFields(PlanParts(plans: asked.map { $0.run?.plan ?? "" }))
    differences = fields.fields.map { Difference(field: $0.path.description, values: $0.texts, places: $0.places) }
    let shown = fields.fields.filter { field in
      !Self.toldElsewhere.contains { field.path.description == $0 || field.path.description.hasPrefix($0 + ".") }
    }
    let names = shown.map(\.path.description)
    lines = asked.enumerated().map { place, one in
      RunLine(
        one.run, variant: one.variant, fold: one.fold, seed: one.seed,
        fields: RunFields(names: names, texts: shown.map { $0.text(ofRun: place) }))
    }
    facts = asked.map { Facts($0.run) }
    curves = asked.compactMap { $0.run.flatMap(Curve.init) }
  }

  /// As in `safnet runs list`.
  private static let toldElsewhere = ["fold", "dataset", "structures", "training.seed"]

  /// The sweep's JSON.
  func sweep(_ report: Report) -> String {
    struct Whole: Encodable {
      let head: SweepView
      let runs: [RunLine]

      func encode(to encoder: any Encoder) throws {
        try head.encode(to: encoder)
        try JustRuns(runs: runs).encode(to: encoder)
      }
    }
    struct JustRuns: Encodable { let runs: [RunLine] }
    let input = report.input
    return PageJSON.embedded(
      Whole(head: SweepView(title: input.title, experiment: input.name, lines: lines), runs: lines))
  }
}

extension RunLine {
  /// - Parameter run: nil where nothing of it is known.
  fileprivate init(_ run: ReportInput.Run?, variant: String, fold: Int, seed: UInt64, fields: RunFields) {
    let isBegun = run.map { $0.state != RunState.queued.rawValue } ?? false
    self.init(run: isBegun ? run?.directory ?? "" : "", state: run.flatMap { RunState(rawValue: $0.state) } ?? .queued)
    (self.variant, self.fold, self.seed) = (variant, fold, "\(seed)")
    guard let run else { return }
    (epochs, plannedEpochs) = (run.epochs.count, run.plannedEpochs)
    let standing = run.standing
    (best, testDice, seconds, failure) = (standing.best, standing.testDice, standing.seconds, standing.failure)
    (note, tags) = (standing.notes.note, standing.notes.tags.isEmpty ? nil : standing.notes.tags)
    self.fields = fields.isEmpty ? nil : fields
  }
}

extension ReportInput.Run {
  fileprivate var plannedEpochs: Int? {
    struct Plan: Decodable {
      struct Training: Decodable { let epochs: Int }
      let training: Training
    }
    return (try? JSONDecoder().decode(Plan.self, from: Data(plan.utf8)))?.training.epochs
  }
}

extension PageRuns.Facts {
  fileprivate init(_ run: ReportInput.Run?) {
    let machine = run?.machine
    let known = [
      ("Processor", machine?.processor), ("Threads", machine.map { "\($0.threads)" }), ("System", machine?.system),
      (
        "Program",
        machine.map {
          [
            "safnet \($0.software)", $0.instructionSet,
            run?.numerics.contains { $0 != nil } == true ? run?.numericsWords : nil,
          ]
          .compactMap(\.self).joined(separator: ", ")
        }
      ),
      ("Largest memory", run?.peakMemory.map(Quantity.bytes)),
      ("Test cases", run?.evaluations.map { "\($0.count)" }),
    ]
    facts = known.compactMap { name, value in value.map { PageRuns.Fact(name: name, value: $0) } }
    identity = run?.identity ?? ""
  }
}

extension Curve {
  /// Nil where there is no epoch.
  fileprivate init?(_ run: ReportInput.Run) {
    let epochs = run.epochs
    if epochs.isEmpty { return nil }
    self.init(
      run: run.directory, epochs: epochs.map(\.number), loss: epochs.map(\.trainingLoss),
      rate: epochs.map(\.learningRate), monitor: epochs.map(\.monitor), dice: epochs.map(\.validationDice),
      seconds: epochs.map(\.seconds))
  }
}
