import ArgumentParser
import Compute
import Experiments
import Foundation
import Measurement
import Models
import System
import Text
import Workbench

struct BenchmarkCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "benchmark", abstract: "Measure a network's training step and inference on this machine.",
    discussion: """
      Prints medians and quartiles, GFLOP/s, their share of a peak measured here, the time of every kind of \
      operation, and memory. --against pytorch PYTHON measures the same network in PyTorch in turns with ours, with \
      malloc as it comes and with malloc tuned to keep its memory.

      Examples:
        safnet benchmark
        safnet benchmark unet3d --size 18,128,64 --batch 2 --repetitions 15
        safnet benchmark model.json --precision bfloat16 --json
        safnet benchmark cfnet --traffic
        safnet benchmark safnet --simulate 2,4,8,16,32
        safnet benchmark safnet --against pytorch ~/venv/bin/python
        safnet benchmark safnet --batch 8 --malloc tuned --against pytorch \\
          ~/venv/bin/python
        safnet benchmark safnet --engine pjrt --batch 8 --precision fast \\
          --against pytorch ~/venv/bin/python --pytorch-device cuda
      """)

  @Argument(help: "A kind of model (safnet, unet3d, ...) or a JSON file with its configuration.")
  var model = "safnet"
  @Option(help: "Slices, rows and columns of a case.") var size = "18,256,128"
  @Option(help: "Classes, background included.") var classes = 18
  @Option(help: "Cases per training step.") var batch = 1
  @Option(help: "float32, fast or bfloat16.") var precision = "float32"
  @OptionGroup var engine: EngineOptions
  @Option(help: "Worker threads; as many as cores, if not given.") var threads: Int?
  @Option(help: "Repetitions that count; one more warms up.") var repetitions = 7
  @Flag(help: "Print the time of every layer instead of every kind of operation.") var layers = false
  @Flag(help: "Also print the bytes of every kind of operation, and whether arithmetic or memory bounds it.")
  var traffic = false
  @Option(
    help: ArgumentHelp(
      "Instead, how a training step would divide among so many threads, simulated by one; see also --layers.",
      valueName: "numbers"), transform: NumberList.init(parsing:))
  var simulate: NumberList?
  @Flag(help: "Print JSON.") var json = false
  @Option(parsing: .upToNextOption, help: "pytorch, and the Python that has it.") var against: [String] = []
  @Option(help: "PyTorch's malloc: default, tuned, or both (as without this), which takes the memory of two processes.")
  var malloc: TwinProcess.Malloc?
  @Option(
    help: ArgumentHelp(
      "Measure PyTorch there instead, eager, in channels_last_3d and by torch.compile: cuda for a card, cpu to try it. "
        + "float32 switches TF32 off, fast on; bfloat16 is autocast.", valueName: "device"))
  var pytorchDevice: String?
  @Option(help: "The twin's script.") var twin = "Tests/Twin/step_twin.py"

  func validate() throws {
    _ = try benchmark()
    guard against.isEmpty || (against[0] == "pytorch" && against.count <= 2) else {
      throw ValidationError("--against takes pytorch and a Python, not \(against.joined(separator: " "))")
    }
    guard pytorchDevice == nil || (!against.isEmpty && malloc == nil) else {
      throw ValidationError("--pytorch-device is for --against pytorch, without --malloc")
    }
    try checkSimulation()
    guard malloc == nil || !against.isEmpty else { throw ValidationError("--malloc is for --against pytorch") }
  }

  private func checkSimulation() throws {
    guard let numbers = simulate?.numbers else { return }
    guard against.isEmpty, !traffic, threads == nil else {
      throw ValidationError(
        "--simulate stands without --threads, --against and --traffic: its numbers are those of the threads")
    }
    if let wrong = numbers.first(where: { !(2...1024).contains($0) }) {
      throw ValidationError("--simulate takes numbers from 2 to 1024, not \(wrong)")
    }
    if try engine.chosen().simulatingThreads == nil {
      throw ValidationError("--simulate is for an engine with threads, not \(try engine.chosen().name)")
    }
  }

  private func scaling(_ benchmark: Benchmark, _ threads: [Int]) throws {
    guard let engine = try engine.chosen().simulatingThreads else { return }
    var largest = benchmark
    largest.threads = threads.max() ?? 1
    try largest.check(on: engine, freeMemory: Machine.current().freeMemory)
    let scaling = try Scaling(benchmark, threads: threads, on: engine)
    if json { try console.printJSON(scaling) } else { console.print(scaling.text) }
  }

  func run() throws {
    let benchmark = try benchmark()
    if let simulate { return try scaling(benchmark, simulate.numbers) }
    let engine = try engine.chosen()
    try benchmark.check(on: engine, freeMemory: Machine.current().freeMemory)
    let report = try benchmark.run(on: engine, against: twins(of: benchmark))
    if json { try console.printJSON(report) } else { console.print(report.text) }
  }

  private func benchmark() throws -> Benchmark {
    var benchmark = Benchmark(model: try configuration())
    let extent = try Extent3("size", size)
    guard let precision = Precision(rawValue: precision) else {
      let known = Precision.allCases.map(\.rawValue).joined(separator: ", ")
      throw ValidationError("--precision is one of \(known), not \(self.precision)")
    }
    if let threads { try Threads.validate(threads) }
    let limits = [
      ("batch", batch, TrainingPlan.batchLimits), ("repetitions", repetitions, 1...10_000),
      ("classes", classes, 2...256),
    ]
    for (name, value, range) in limits where !range.contains(value) {
      throw ValidationError("--\(name) takes a number from \(range.lowerBound) to \(range.upperBound), not \(value)")
    }
    (benchmark.extent, benchmark.precision) = (extent, precision)
    (benchmark.classes, benchmark.batch) = (classes, batch)
    (benchmark.threads, benchmark.repetitions, benchmark.byLayer) = (
      threads ?? Machine.current().cores, repetitions, layers
    )
    benchmark.countsTraffic = traffic
    return benchmark
  }

  private func configuration() throws -> ModelConfiguration {
    do { return try BenchmarkModel.named(model) } catch {
      guard case .notAConfiguration(let file) = error, (try? Specification.load(URL(fileURLWithPath: file))) != nil
      else {
        throw ValidationError("\(error)")
      }
      let kinds = NetworkRegistry.standard.kinds
      throw ValidationError(
        "\(file) is an experiment, and one network is measured here: give its kind, such as `safnet benchmark \(kinds[0])`, or a"
          + " file with what stands below \"model\" in the experiment. `safnet plan \(ShellWord.quoted(file))` estimates the"
          + " experiment's own runs.")
    }
  }

  private func twins(of benchmark: Benchmark) throws -> [TwinProcess] {
    if against.isEmpty { return [] }
    let (python, script) = (against.count == 2 ? against[1] : "python3", URL(fileURLWithPath: twin))
    if let pytorchDevice {
      return try TwinProcess.pyTorch(python: python, script: script, device: pytorchDevice, for: benchmark)
    }
    return try TwinProcess.pyTorch(python: python, script: script, malloc: malloc ?? .both, for: benchmark)
  }
}

extension TwinProcess.Malloc: ExpressibleByArgument {}
