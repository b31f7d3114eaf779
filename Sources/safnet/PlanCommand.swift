import ArgumentParser
import Experiments
import JSON
import Measurement
import Slurm
import Store
import System
import Workbench

struct PlanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plan",
    abstract: "Show what an experiment takes, before anything is trained.",
    discussion: """
      For each variant: parameters, multiply-adds, peak memory at its batch, runs, \
      steps, disk and time. Each network is trained for a few seconds to learn its \
      speed on this machine. What does not fit the memory is named, with the largest \
      batch that does.

        safnet plan Experiments/ablation.json --assume-cases 172
        safnet plan Experiments/lumbar-vb3.json \\
          --set dataset.path=/data/lumbar-vb3 --json
        safnet plan Experiments/demo.json --explain --no-measure
        safnet plan Experiments/ablation.json --only SAFNet --folds 1
        safnet plan Experiments/ablation.json --site my-cluster.json --no-measure
      """)

  @OptionGroup var experiment: ExperimentArguments
  @OptionGroup var part: SelectionOptions
  @OptionGroup var engine: EngineOptions

  @Option(help: "Plan for so many cases, without the dataset.")
  var assumeCases: Int?

  @Option(help: ArgumentHelp("Plan for so much free memory instead of this machine's.", valueName: "GiB"))
  var memory: Double?

  @Option(help: "Threads of a run; default: as many as processors.")
  var threads: Int?

  @Flag(inversion: .prefixedNo, help: "Train each network for a moment to estimate times.")
  var measure = true

  @Flag(help: "List every layer and the kernel that serves it.")
  var explain = false

  @Flag(help: "Print JSON for scripts.")
  var json = false

  @OptionGroup var site: SiteOptions
  @OptionGroup var options: WorkspaceOptions

  func validate() throws {
    if let assumeCases, !(1...1_000_000).contains(assumeCases) {
      throw ValidationError("--assume-cases takes a number from 1 to 1000000")
    }
    if let memory, !(memory > 0 && memory < 1e6) { throw ValidationError("--memory takes a positive number of GiB") }
    if let threads, !(1...1024).contains(threads) { throw ValidationError("--threads takes a number from 1 to 1024") }
  }

  func run() throws {
    let profile = try site.profile(threads: threads)
    var planning = Planning()
    (planning.assumedCases, planning.freeMemory) = (assumeCases, memory.map { Int($0 * 0x1p30) })
    (planning.threads, planning.measures) = (threads, measure)
    let (whole, engine) = (
      try experiment.specification(for: .sweep, assumesCases: assumeCases != nil), try engine.chosen()
    )
    let selection = try part.selection.checked(with: whole)
    planning.selection = selection
    planning.notice = { console.error("warning: \($0)") }
    for line in whole.unlikelyValues { console.error("warning: \(line)") }
    // What it begins with may be trained first, by another experiment.
    for line in selection.part(of: whole).startRefusals(in: options.store) {
      console.error("warning: \(line). `safnet run` begins nothing before it is there")
    }
    let estimate = try PatienceNotice.say(
      "still planning: a step of each network is timed, which takes longer the larger images are; --no-measure leaves it out",
      to: console
    ) { try planning.estimate(whole, engine: engine) }
    let devices = DevicePlan(selection.part(of: whole), classes: estimate.classes, engine: engine, compiles: measure)
    if json {
      return console.print(
        CanonicalJSON.pretty(devices.map { estimate.json.with([("device", $0.json)]) } ?? estimate.json))
    }
    if let words = selection.words(of: whole) { console.error(words) }
    console.print(estimate.text)
    for line in devices?.lines ?? [] { console.print(line) }
    if explain { console.print("\n" + estimate.explanation) }
    if let profile {
      let folder = BatchFolder(workspace: options.store.root, experiment: estimate.name)
      console.print("\n" + ClusterPlan(estimate, profile, folder, program: ProgramFile.current.path).text)
    }
  }
}
