import Experiments
import Foundation
import Scheduling
import Store
import JSON
import Text

/// Several runs beside each other: where their plans differ, and what came of them.
package struct RunComparison: Codable, Sendable {
  package struct Difference: Codable, Sendable {
    package var field: String
    /// JSON, one for each run; nil where its plan does not have the field.
    package var values: [String?]
  }

  package var runs: [RunStatus]
  package var differences: [Difference]

  package init(of directories: [RunDirectory], in workspace: Workspace) throws {
    let names = directories.map(\.name)
    let all = try StatusBoard(workspace: workspace, runs: nil).read()
    runs = names.compactMap { name in all.first { $0.run == name } }
    differences = try WorkspaceIndex(workspace).planDifferences(names)
      .map { Difference(field: $0.path.description, values: $0.values.map { $0.map(CanonicalJSON.text) }) }
  }

  package var text: String {
    let head = [""] + runs.map(\.run)
    let scores: [[String]] = [
      ["state"] + runs.map(\.state.rawValue), ["epochs"] + runs.map { "\($0.epochs)" },
      ["best val"] + runs.map { $0.best.map(\.percent) ?? "" },
      ["test Dice"] + runs.map { $0.testDice.map(\.percent) ?? "" },
      ["time"] + runs.map { Quantity.duration($0.seconds) },
    ]
    let fields = differences.map { [$0.field] + $0.values.map { $0 ?? "absent" } }
    return AlignedTable.lines([head] + scores + fields).joined(separator: "\n")
  }
}
