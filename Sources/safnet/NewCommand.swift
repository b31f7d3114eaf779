import ArgumentParser
import Compute
import Foundation
import Volumes
import Workbench

struct NewCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "new",
    abstract: "Write an experiment for a dataset of your own, with the reason for each number.",
    discussion: """
      Reads every image and mask, and writes one whole experiment: the grid that all \
      images are prepared to, a batch that fits the memory, folds, seeds, a recipe after \
      nnU-Net's, and three networks: Base, SAFNet and nnU-Net's. What only a person can \
      decide is asked. Nothing else is written. docs/new.md has the rules.

      Examples:
        safnet new /data/lumbar -o lumbar.json
        safnet new study.csv -o study.json --no-measure
        safnet new my-bids -o study.json --memory 16 --json
        safnet new Dataset501_Spine -o study.json --recipe nnunet --patch 16,128,96
      """)

  @Argument(help: "A dataset's folder (nnU-Net, BIDS, MRSpineSeg), or a manifest (CSV).", completion: .directory)
  var dataset: String
  @Option(name: .shortAndLong, help: ArgumentHelp("The experiment to write.", valueName: "file.json"))
  var output: String
  @OptionGroup var engine: EngineOptions
  @Option(help: ArgumentHelp("Plan for so much memory instead of this machine's.", valueName: "GiB"))
  var memory: Double?
  @Option(
    help: ArgumentHelp(
      "What networks see: images (whole ones of one size) or nnunet (the spacing and the patches of nnU-Net's planner).",
      valueName: "images|nnunet"))
  var recipe = Recipe.images
  @Option(help: ArgumentHelp("With --recipe nnunet, a patch in place of the planned one.", valueName: "D,H,W"))
  var patch: String?
  @Flag(inversion: .prefixedNo, help: "Train each network for a moment to estimate times.")
  var measure = true
  @Flag(help: "Print fingerprint, choices and reasons as JSON, for scripts.") var json = false

  enum Recipe: String, CaseIterable, ExpressibleByArgument { case images, nnunet }

  func validate() throws {
    guard output != OutputPlace.stream else {
      throw ValidationError("--output \(StreamForOutput(output, isFolder: false))")
    }
    if let address = AddressForOutput(output) { throw ValidationError("--output \(address)") }
    guard output.lowercased().hasSuffix(".json") else {
      let isFolder = output.hasSuffix("/") || VolumeList.isFolder(URL(fileURLWithPath: output))
      let name = isFolder ? URL(fileURLWithPath: output).appending(path: "study.json").relativePath : output + ".json"
      throw ValidationError(
        isFolder
          ? "--output \(output) is a folder, and an experiment is a file: give \(name)"
          : "the experiment \(output) must end in .json: give \(name)")
    }
    if let memory, !(memory > 0 && memory < 1e6) { throw ValidationError("--memory takes a positive number of GiB") }
    _ = try chosenRecipe()
  }

  private func chosenRecipe() throws -> NewStudy.Recipe {
    let own = try patch.map { try Extent3("patch", $0) }
    if own != nil, recipe == .images { throw ValidationError("--patch is for --recipe nnunet: give both") }
    return recipe == .images ? .images : .nnUNet(patch: own)
  }

  func run() throws {
    var study = try NewStudy(dataset: dataset, output: output, engine: engine.chosen(), console: console)
    study.recipe = try chosenRecipe()
    (study.memory, study.measures) = (memory.map { Int($0 * 0x1p30) }, measure)
    let report = try study.write()
    if json { try console.printJSON(report) } else { console.print(report.text) }
  }
}
