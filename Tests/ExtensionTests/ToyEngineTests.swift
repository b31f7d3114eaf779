import CPU
import Experiments
import Networks
import Store
import Testing
import Training
import Workbench

/// The product works with an engine that it has never seen, and that is chosen by its name.
@Suite struct ToyEngineTests {
  static let engines = Engines([CPUEngine(), ToyEngine()])

  private static func product(_ epochs: Int = 1, loss: String = "crossEntropy") throws -> WholeProduct {
    var product = WholeProduct(training: #""epochs": \#(epochs), "loss": "\#(loss)", "learningRate": 2"#)
    product.engine = try engines.engine(named: "toy")
    return product
  }

  @Test func itsRunsAreEstimatedTrainedAndReported() throws {
    let product = try Self.product(4)
    let cost = try #require(try product.estimate().variants.first).cost
    #expect(cost.parameters == 36 && cost.trainingBytes == 1 << 20)
    #expect(try product.sweep().finished.count == 2)
    let report = try product.report()
    #expect(report.status == nil)
    #expect(report.table(.folds)?.cell(row: "Toy", column: "Mean").map { $0.content != .missing } == true)
    #expect(report.input.variants.first?.cost?.parameters == 36)
    let epochs = try RunResult(of: try #require(product.workspace.runDirectories().first)).epochs
    #expect(epochs.count == 4 && epochs[3].trainingLoss < epochs[0].trainingLoss)
  }

  @Test func itsNameGoesToTheWorkersAndIntoTheRuns() throws {
    let product = try Self.product()
    _ = try product.sweep()
    #expect(product.workerArguments.all.count == 2)
    for arguments in product.workerArguments.all {
      let option = try #require(arguments.firstIndex(of: "--engine"))
      #expect(arguments[option + 1] == "toy")
    }
    let run = try #require(product.workspace.runDirectories().first)
    let environment = try run.readPlan().environment
    #expect(environment.engine == "toy" && environment.instructionSet == "arithmetic")
    let started = try Journal.read(run.journal).compactMap { timed -> String? in
      if case .started(let worker) = timed.event { worker.instructionSet } else { nil }
    }
    #expect(started == ["arithmetic"])
    #expect(try RunDescription(of: run).text.contains(", engine toy"))
  }

  @Test func anInterruptedRunEndsInTheSameBits() throws {
    let product = try Self.product(3)
    let opened = try product.opened()
    let undisturbed = try product.directory("undisturbed", opened.plan.runs[0])
    _ = try product.training(undisturbed, opened).run(stop: StopFlag())
    let run = try product.directory("run", opened.plan.runs[0])
    let stop = StopFlag()
    let outcome = try product.training(run, opened).run(stop: stop) {
      if $0.epoch == 2, $0.step == 1 { stop.request("test") }
    }
    #expect(outcome == .interrupted)
    #expect(try product.training(run, opened).run(stop: StopFlag()) == .finished)
    #expect(try RunResult(of: run).differences(from: RunResult(of: undisturbed)) == [])
  }

  @Test func whatItCannotDoIsRefusedForGood() throws {
    let product = try Self.product(loss: "pixelwise")
    let opened = try product.opened()
    let run = try product.directory("run", opened.plan.runs[0])
    let error = #expect(throws: EngineRefusal.self) { try product.training(run, opened).run(stop: StopFlag()) }
    #expect(error == EngineRefusal(engine: "toy", obstacle: "the toy engine knows crossEntropy only"))
    #expect(error.map(isFinal) == true)
  }

  @Test func enginesAreFoundByName() throws {
    #expect(Self.engines.standard.name == "cpu")
    #expect(try Self.engines.engine(named: "toy").hardware == "arithmetic")
    let error = #expect(throws: UnknownEngine.self) { try Self.engines.engine(named: "tory") }
    #expect(error.map { "\($0)" } == "no engine is named \"tory\", did you mean toy?; there are cpu, toy")
  }
}
