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
    try options.store.requireRuns()
    let index = WorkspaceIndex(options.store)
    let result = try index.rebuild()
    for case .inMemory(let reason) in index.notices { throw IndexNotWritten(reason: reason) }
    for notice in index.notices { console.error("notice: \(notice)") }
    console.print("\(Quantity.of(result.projected, "run")) in \(options.store.indexFile.path)")
  }
}

/// In memory, as the other commands take it then, an index is of no use to who asks for the file.
private struct IndexNotWritten: Error, CustomStringConvertible {
  let reason: String

  var description: String { "no index was written: \(reason)" }
}
