import CPU
import Experiments
import System
import Testing
import Workbench

@Suite struct PlanningTests {
  @Test func anExperimentIsPlannedWithoutItsDataset() throws {
    let sweep = try SmallSweep()
    var planning = Planning()
    (planning.assumedCases, planning.freeMemory, planning.measures) = (172, 1 << 20, false)
    let machine = Machine(cores: 3, freeMemory: 1 << 40)
    let estimate = try planning.estimate(sweep.specification(), engine: CPUEngine(), on: machine)
    #expect(estimate.text.contains("\nFolds: drawn here, 2 by seed 2023.\n"), "\(estimate.text)")
    #expect(estimate.runs == 4 && estimate.threads == 3 && estimate.seconds == nil)
    #expect(estimate.folds.allSatisfy { $0.train + $0.validation + $0.test == 172 })
    #expect(estimate.shortages.map(\.variant) == ["SAFNet", "Base"])
    (planning.freeMemory, planning.threads) = (nil, 1)
    let other = try planning.estimate(sweep.specification(), engine: CPUEngine(), on: machine)
    #expect(other.threads == 1 && other.freeMemory == 1 << 40 && other.shortages.isEmpty)
  }

  /// The option is at fault, and not the file.
  @Test func tooFewAssumedCasesAreTheOptions() throws {
    let specification = try SmallSweep().specification()
    var planning = Planning()
    planning.measures = false
    for cases in [1, 3] {
      planning.assumedCases = cases
      let error = #expect(throws: UsageError.self) { try planning.estimate(specification, engine: CPUEngine()) }
      #expect(
        error?.description.hasPrefix("--assume-cases \(cases) is too few for the experiment: give 4 or more there")
          == true,
        "\(error?.description ?? "")")
    }
    planning.assumedCases = 4
    _ = try planning.estimate(specification, engine: CPUEngine())
  }

  /// Nobody knows a column or a file of cases that are assumed: their folds are drawn, with what that takes.
  @Test func assumedCasesAreInFoldsThatAreDrawn() throws {
    let sweep = try SmallSweep()
    for (setting, words, size) in [
      (
        "folds.source=file", "2 by seed 2023, in place of those of splits_final.json",
        FoldSizes(train: 20, validation: 1, test: 19)
      ),
      // How many folds there are is assumed too, and each tests all that it holds out.
      (
        "folds={\"by\": \"site\", \"validation\": 1}",
        "5 by seed 2023, in place of one for each value of site: set folds.count to as many as there are",
        FoldSizes(train: 31, validation: 1, test: 8)
      ),
      (
        "folds={\"by\": \"site\", \"validation\": 1, \"count\": 4}",
        "4 by seed 2023, in place of one for each value of site",
        FoldSizes(train: 29, validation: 1, test: 10)
      ),
    ] {
      let specification = try Specification.load(sweep.folder.appending(path: "small.json"), overrides: [setting])
      var planning = Planning()
      (planning.assumedCases, planning.measures) = (40, false)
      let estimate = try planning.estimate(specification, engine: CPUEngine())
      #expect(estimate.text.contains("\nFolds: drawn here, \(words).\n"), "\(estimate.text)")
      #expect(Set(estimate.folds) == [size], "\(estimate.folds)")
      planning.assumedCases = 1
      #expect(throws: UsageError.self) { try planning.estimate(specification, engine: CPUEngine()) }
    }
  }

  /// A phantom of too few cases for any fold says nothing where another number is assumed.
  @Test func aPhantomsOwnCasesAreNotCountedBesideThoseAssumed() throws {
    let sweep = try SmallSweep()
    let (file, few) = (sweep.folder.appending(path: "small.json"), ["dataset.phantom.cases=1"])
    #expect(throws: SpecificationErrors.self) { try Specification.load(file, overrides: few) }
    let specification = try Specification.load(file, overrides: few, assumesCases: true)
    var planning = Planning()
    (planning.assumedCases, planning.measures) = (10, false)
    let estimate = try planning.estimate(specification, engine: CPUEngine())
    #expect(Set(estimate.folds) == [FoldSizes(train: 5, validation: 1, test: 4)], "\(estimate.folds)")
    planning.assumedCases = 2
    #expect(throws: UsageError.self) { try planning.estimate(specification, engine: CPUEngine()) }
  }

  @Test func preparationIsCountedOnATerminalAndToldOnceElsewhere() {
    let (terminal, plain) = (RecordedConsole(isTerminal: true), RecordedConsole())
    for console in [terminal, plain] {
      for done in 1...2 { PreparationLines(console).show(.phantom(done: done, of: 2)) }
      PreparationLines(console).show(.fingerprint(cases: 2))
    }
    #expect(terminal.errors == "writing the phantom: 1 of 2\rwriting the phantom: 2 of 2\n")
    #expect(plain.errors == "writing the phantom: 2 of 2\n")
  }
}
