import Experiments
import Foundation
import Metrics
import Store
import Text

extension ReportInput {
  /// One variant on one fold with one seed, as far as it has come.
  package struct Run: Equatable, Sendable {
    package var fold: Int
    /// Of its training.
    package var seed: UInt64
    package var identity: String
    package var directory: String
    /// In words: queued, running, finished, failed, ...
    package var state: String
    /// The scores of the fold's test cases on the report's grid; nil until the run has finished.
    package var evaluations: [CaseEvaluation]?
    /// Their scores on the network's grid, where the report's is the images' own.
    package var networkGrid: [CaseEvaluation]?
    /// By test case and structure: the Dice of the truth taken to the network's grid and back.
    package var ceiling: [[Double?]]?
    package var epochs: [Epoch]
    package var machine: Machine?
    /// Largest resident memory of the worker, in bytes.
    package var peakMemory: Int?
    /// Those whose bits it holds; nil for one that was not recorded.
    package var numerics: [NumericsVersion?] = []
    /// Canonical plan.
    package var plan: String
    /// When the last of it was written; nil where nothing was.
    package var lastTime: Date?
    package var standing = Standing()

    /// - Parameter seed: a training's usual one, where the variant has no other.
    package init(
      fold: Int, seed: UInt64 = TrainingPlan().seed, identity: String, directory: String, state: String,
      evaluations: [CaseEvaluation]? = nil, epochs: [Epoch] = [], machine: Machine? = nil, peakMemory: Int? = nil,
      plan: String = "{}"
    ) {
      (self.fold, self.seed) = (fold, seed)
      (self.identity, self.directory, self.state) = (identity, directory, state)
      (self.evaluations, self.epochs, self.machine) = (evaluations, epochs, machine)
      (self.peakMemory, self.plan) = (peakMemory, plan)
    }
  }

  /// What lists of runs say of one besides.
  package struct Standing: Equatable, Sendable {
    /// Best validation score, 0 to 1.
    package var best: Double?
    /// Mean Dice of the test cases as its journal has it, 0 to 1.
    package var testDice: Double?
    /// Training and, once finished, evaluation.
    package var seconds = 0.0
    package var failure: String?
    package var notes = RunNotes()
  }

  /// One point of the learning curves.
  package struct Epoch: Equatable, Sendable {
    package var number: Int
    package var trainingLoss: Double
    package var learningRate: Double
    package var validationDice: Double?
    /// What the schedule and the choice of the best epoch look at.
    package var monitor: Double?
    package var seconds: Double

    package init(
      number: Int, trainingLoss: Double, learningRate: Double, validationDice: Double?, monitor: Double? = nil,
      seconds: Double
    ) {
      (self.number, self.trainingLoss, self.learningRate) = (number, trainingLoss, learningRate)
      (self.validationDice, self.monitor, self.seconds) = (validationDice, monitor, seconds)
    }
  }

  package struct Machine: Equatable, Hashable, Sendable {
    package var processor: String
    package var threads: Int
    package var system: String
    package var software: String
    package var instructionSet: String

    package init(processor: String, threads: Int, system: String, software: String, instructionSet: String) {
      (self.processor, self.threads, self.system) = (processor, threads, system)
      (self.software, self.instructionSet) = (software, instructionSet)
    }
  }
}

extension ReportInput.Machine {
  /// In one line, for notes and pages.
  var words: String {
    "\(processor), \(Quantity.of(threads, "thread")) per run, \(instructionSet), \(system), safnet \(software)"
  }
}

extension ReportInput.Variant {
  /// With the first seed that has scores; with the first, where none has.
  package func run(fold: Int) -> ReportInput.Run? {
    runs.first { $0.fold == fold && $0.evaluations != nil } ?? runs.first { $0.fold == fold }
  }

  package func run(fold: Int, seed: UInt64) -> ReportInput.Run? { runs.first { $0.fold == fold && $0.seed == seed } }

  /// The runs with scores, by fold; on one fold in the order of the seeds.
  package var finished: [ReportInput.Run] {
    let own = runs.filter { $0.evaluations != nil }
    return own.indices.sorted { (own[$0].fold, $0) < (own[$1].fold, $1) }.map { own[$0] }
  }
}
