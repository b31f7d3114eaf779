import ArgumentParser
import Store
import Text

struct IndexCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "index", abstract: "Make the index of all runs anew from their directories.",
    discussion: """
      The index is only a projection: deleting it loses nothing, and runs copied from another machine are found by it.

      Example:
        safnet index
      """)

  @OptionGroup var options: WorkspaceOptions

  func run() throws {
    // What the index says of itself is this command's own result.
    let workspace = Workspace(options.store.root)
    try workspace.requireRuns()
    let index = WorkspaceIndex(workspace)
    let result = try index.rebuild()
    for case .inMemory(let reason, let remedy) in index.notices {
      throw IndexNotWritten(reason: [reason, remedy].compactMap(\.self).joined(separator: ". "))
    }
    for notice in index.notices { console.error("warning: \(notice)") }
    console.print("\(Quantity.of(result.projected, "run")) in \(workspace.indexFile.path)")
  }
}

/// In memory, as the other commands take it then, an index is of no use to who asks for the file.
private struct IndexNotWritten: Error, CustomStringConvertible {
  let reason: String

  var description: String { "no index was written: \(reason)" }
}
