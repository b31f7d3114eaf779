import ArgumentParser
import Foundation
import Store
import Workbench

/// The release; which bits a training produces is `NumericsVersion.current`.
let programVersion = "0.1.0"

extension RunningProgram {
  static let this = current(version: programVersion, engine: engines.standard)
}

struct WorkspaceOptions: ParsableArguments {
  @Option(name: .long, help: ArgumentHelp("Where runs, cache and index are kept.", valueName: "folder"))
  var workspace = "Workspace"

  var store: Workspace { Workspace(URL(fileURLWithPath: workspace, isDirectory: true)) }
}
