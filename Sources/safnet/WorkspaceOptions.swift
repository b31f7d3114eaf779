import ArgumentParser
import Experiments
import Foundation
import Store

/// Bumped whenever the same plan could give other bits.
let programVersion = "0.1.0"

struct WorkspaceOptions: ParsableArguments {
  @Option(name: .long, help: ArgumentHelp("Where runs, cache and index are kept.", valueName: "folder"))
  var workspace = "Workspace"

  var store: Workspace { Workspace(URL(fileURLWithPath: workspace, isDirectory: true)) }
}

/// A specification and the changes made to it on the command line.
struct SpecificationOptions: ParsableArguments {
  @Argument(help: ArgumentHelp("The experiment's file.", valueName: "spec"), completion: .file(extensions: ["json"]))
  var file: String

  @Option(
    name: .long, parsing: .singleValue,
    help: ArgumentHelp("Change a value: training.epochs=5. May be given again.", valueName: "key.path=value"))
  var set: [String] = []

  func load() throws -> Specification { try Specification.load(URL(fileURLWithPath: file), overrides: set) }
}
