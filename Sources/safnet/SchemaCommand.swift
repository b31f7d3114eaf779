import ArgumentParser
import Experiments
import Foundation

struct SchemaCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema",
    abstract: "Print the JSON Schema of experiment files.",
    discussion: """
      Editors complete and check experiment files with it.

        safnet schema > Experiments/safnet.schema.json
      """)

  func run() { console.print(Specification.schema.trimmingCharacters(in: .newlines)) }
}
