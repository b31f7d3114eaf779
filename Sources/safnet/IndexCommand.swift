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
    for notice in index.notices { console.error("notice: \(notice)") }
    // In memory it is of no use to anybody: there is none on the disk.
    let isWritten = !index.notices.contains { if case .inMemory = $0 { true } else { false } }
    guard isWritten else { throw ExitCode(1) }
    console.print("\(Quantity.of(result.projected, "run")) in \(options.store.indexFile.path)")
  }
}
